import { hash } from 'node:crypto'
import { parseArn } from '@daypass/core/arn.ts'
import type { CertificateIdentity } from '@daypass/core/identity-sources/certificate-identity.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import type { CertificateTags } from './certificate-tags.ts'
import type { CreateSessionInput } from './input.ts'

/** AWS's answer (IAM Roles Anywhere User Guide, "CreateSession API"). */
export interface CreateSessionAnswer {
  readonly credentialSet: readonly [
    {
      readonly assumedRoleUser: { readonly arn: string; readonly assumedRoleId: string }
      readonly credentials: {
        readonly accessKeyId: string
        readonly expiration: string
        readonly secretAccessKey: string
        readonly sessionToken: string
      }
      readonly packedPolicySize?: number
      readonly roleArn: string
      readonly sourceIdentity?: string
    },
  ]
  readonly subjectArn: string
}

export function sessionAnswer(
  { credentials, answer: { AssumedRoleUser, PackedPolicySize } }: GrantedSession,
  { certificate }: CertificateIdentity,
  { roleArn, trustAnchorArn }: CreateSessionInput,
  { sourceIdentity }: Partial<CertificateTags>,
): CreateSessionAnswer {
  const { region = '', account = '' } = parseArn(trustAnchorArn) ?? {}
  return {
    credentialSet: [
      {
        assumedRoleUser: { arn: AssumedRoleUser.Arn, assumedRoleId: AssumedRoleUser.AssumedRoleId },
        credentials: {
          accessKeyId: credentials.AccessKeyId,
          expiration: credentials.Expiration.toISOString().replace('.000Z', 'Z'),
          secretAccessKey: credentials.SecretAccessKey,
          sessionToken: credentials.SessionToken,
        },
        ...(PackedPolicySize === undefined ? {} : { packedPolicySize: PackedPolicySize }),
        roleArn,
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      },
    ],
    subjectArn: `arn:aws:rolesanywhere:${region}:${account}:subject/${subjectId(certificate.certificate.subject.der)}`,
  }
}

/** The same for every certificate of the subject; written as AWS writes its ids. */
function subjectId(subject: Buffer): string {
  const digits = hash('sha256', subject)
  return [0, 8, 12, 16, 20].map((from, at, all) => digits.slice(from, all[at + 1] ?? 32)).join('-')
}
