import { identityProviderArn } from '../arn.ts'
import { dialectOf } from '../store/entities/account.ts'
import { type IdentitySession, parseSourceName, type Session } from '../store/entities/session.ts'
import { sessionProvider } from '../store/entities/session-provider.ts'

/** What the claims of an identity without a role are called in policies, by the kind of its source (MinIO's names). */
const CLAIM_PREFIX: Readonly<Record<IdentitySession['sourceKind'], string>> = {
  oidc: 'jwt',
  token: 'jwt',
  ldap: 'ldap',
  certificate: 'cert',
}

/**
 * Condition keys that every session has, whosever it is (IAM User Guide, "AWS global condition context keys"): when it was
 * issued, whether its holder showed a second factor and how long ago, its source identity; of an OpenID token `sub`, `aud`
 * and `azp` stay usable. Long-term keys have none of these. Ceph's `sts:authentication` tells sessions from long-term keys
 * (Ceph's documentation, "STS Lite").
 */
export function sessionContextKeys(session: Session, now: number): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>([
    ['aws:TokenIssueTime', [new Date(Math.floor(session.issuedAt / 1000) * 1000).toISOString().replace('.000Z', 'Z')]],
    ...mfaContextKeys(session.mfaAuthenticatedAt, now),
  ])
  if (dialectOf(session.account) === 'ceph') keys.set('sts:authentication', ['true'])
  if (session.sourceIdentity !== undefined) keys.set('aws:SourceIdentity', [session.sourceIdentity])
  if (session.provider !== undefined) {
    const { arn, keyPrefix } = sessionProvider(session.account, session.provider)
    keys.set('aws:FederatedProvider', [arn])
    for (const [claim, values] of Object.entries(session.claims)) keys.set(`${keyPrefix}:${claim}`, values)
  }
  if (session.kind === 'identity') {
    for (const [key, values] of Object.entries(identityClaims(session))) keys.set(key, values)
  }
  if (session.kind === 'role' && session.identitySource !== undefined) {
    const source = parseSourceName(session.identitySource)
    keys.set('aws:FederatedProvider', [identityProviderArn(session.account, source)])
    for (const [key, values] of Object.entries(identityClaims({ ...source, claims: session.claims }))) {
      keys.set(key, values)
    }
  }
  return keys
}

/** The claims that a configured source proved, as policies name them: no claim can pose as a key of ours. */
export function identityClaims({
  sourceKind,
  claims,
}: Pick<IdentitySession, 'sourceKind' | 'claims'>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(claims).map(([claim, values]) => [`${CLAIM_PREFIX[sourceKind]}:${claim}`, values]),
  )
}

/** What a second factor that was shown at `authenticatedAt` (seconds) tells at `now` (milliseconds). */
export function mfaContextKeys(
  authenticatedAt: number | undefined,
  now: number,
): ReadonlyMap<string, readonly string[]> {
  if (authenticatedAt === undefined) return new Map([['aws:MultiFactorAuthPresent', ['false']]])
  return new Map([
    ['aws:MultiFactorAuthPresent', ['true']],
    ['aws:MultiFactorAuthAge', [String(Math.max(0, Math.floor(now / 1000) - authenticatedAt))]],
  ])
}
