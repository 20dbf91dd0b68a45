import { assumedRoleArn } from '@daypass/core/arn.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { CertificateIdentity } from '@daypass/core/identity-sources/certificate-identity.ts'
import type { CertificateSource } from '@daypass/core/identity-sources/certificate-source.ts'
import { roleSessionEnd } from '@daypass/core/sessions/duration.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import { type MintDeps, type MintedCredentials, mintSession } from '@daypass/core/sessions/mint.ts'
import type { NamedRole } from '@daypass/core/sessions/named-role.ts'
import { passedPolicies } from '@daypass/core/sessions/passed-policies.ts'
import type { SessionPolicyInput } from '@daypass/core/sessions/session-policies.ts'
import type { Tag } from '@daypass/core/store/entities/fields.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'
import { sourceName } from '@daypass/core/store/entities/session.ts'
import type { TrustQuestion } from './provider-trust.ts'

export interface CertificateDeps extends MintDeps {
  /** The configured certificate providers. Default: none, and nobody is let in. */
  readonly certificateSources?: readonly CertificateSource[] | undefined
  /** How long a session without a role lasts whose caller names no duration. Default: an hour. */
  readonly stsDurationSeconds?: number | undefined
  /** Whether sessions keep what their certificate says, for a decision webhook. Default: no. */
  readonly keepClaims?: boolean | undefined
}

/** The same for a role that is not there and one that does not trust. */
export const notTrusted = (action: string, reason: string) =>
  new StsError('AccessDenied', `Not authorized to perform sts:${action}`, { detail: { reason } })

/** The role, if there is one in the provider's account: a provider is configured for one account, and only there its name says something. */
export function findRoleOf(account: string, named: NamedRole, rows: Rows): Role | undefined {
  return named.account === account ? findRole(named, rows) : undefined
}

/** The common name, where it is a session's name; else the serial number in hexadecimal, as Roles Anywhere has it. */
export function defaultSessionName({ certificate }: CertificateIdentity): string {
  const { commonName = '' } = certificate
  return /^[\w+=,.@-]{2,64}$/.test(commonName) ? commonName : serialName({ certificate })
}

/** At least two digits, as a session's name must have. */
export const serialName = ({ certificate }: Pick<CertificateIdentity, 'certificate'>): string => {
  const digits = certificate.certificate.serial.toString(16)
  return digits.length % 2 === 0 ? digits : `0${digits}`
}

interface RoleSessionInput extends SessionPolicyInput {
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

interface Granted extends TrustQuestion {
  /** The rows that decided. */
  readonly rows: Rows
  readonly tags?: readonly Tag[]
  readonly sourceIdentity?: string
}

/** Makes the session of a role that trusts the certificate. It ends with the certificate at the latest. */
export async function mintRoleSession(
  deps: CertificateDeps,
  { role, identity, roleSessionName, exchange, rows, tags = [], sourceIdentity }: Granted,
  input: RoleSessionInput,
): Promise<{
  readonly credentials: MintedCredentials
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
}> {
  const { account, roleName, roleId, maxSessionDuration } = role
  const { claims, expiresAt } = identity.certificate
  const { startedAt } = exchange
  const passed = await passedPolicies(account, input, tags, rows)
  const credentials = await mintSession(
    deps,
    {
      kind: 'role',
      account,
      roleName,
      roleId,
      roleSessionName,
      identitySource: sourceName({ sourceKind: 'certificate', source: identity.source.name }),
      issuedAt: startedAt,
      expiresAt: Math.min(roleSessionEnd(startedAt, input.DurationSeconds, maxSessionDuration), expiresAt),
      claims,
      ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      tags,
      transitiveTagKeys: [],
      ancestors: [],
      ...passed.draft,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    input.MinimumSessionTokenSize,
  )
  return {
    credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${roleId}:${roleSessionName}`,
      Arn: assumedRoleArn(account, roleName, roleSessionName),
    },
    ...passed.answer,
  }
}
