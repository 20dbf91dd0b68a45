import type { Rows } from '@daypass/core/authentication/rows.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { CertificateIdentity } from '@daypass/core/identity-sources/certificate-identity.ts'
import type { CertificateSource } from '@daypass/core/identity-sources/certificate-source.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import type { GrantedSession } from '@daypass/core/sessions/granted-session.ts'
import type { MintDeps } from '@daypass/core/sessions/mint.ts'
import type { NamedRole } from '@daypass/core/sessions/named-role.ts'
import { mintRoleSession, type RoleSessionInput } from '@daypass/core/sessions/role-session.ts'
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

interface Granted extends TrustQuestion {
  /** The rows that decided. */
  readonly rows: Rows
  readonly tags?: readonly Tag[]
  readonly sourceIdentity?: string
}

/** Makes the session of a role that trusts the certificate. It ends with the certificate at the latest. */
export function mintCertificateSession(
  deps: CertificateDeps,
  { role, identity, roleSessionName, exchange, rows, tags = [], sourceIdentity }: Granted,
  input: RoleSessionInput,
): Promise<GrantedSession> {
  const { claims, expiresAt } = identity.certificate
  return mintRoleSession(
    deps,
    {
      role,
      roleSessionName,
      startedAt: exchange.startedAt,
      kept: {
        identitySource: sourceName({ sourceKind: 'certificate', source: identity.source.name }),
        claims,
        ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      },
      tags,
      sourceIdentity,
      latestEnd: expiresAt,
    },
    input,
    rows,
  )
}
