import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { claimValues } from '@daypass/core/identity/claims-context.ts'
import { parseSessionClaims } from '@daypass/core/identity/session-claims.ts'
import { issuerKeyLookupKeys } from '@daypass/core/identity/stored-keys.ts'
import type { UnverifiedToken } from '@daypass/core/identity/unverified-token.ts'
import { verifyWebIdentity, type WebIdentity } from '@daypass/core/identity/web-identity.ts'
import { findSharedIssuer } from '@daypass/core/policy/shared-issuers.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import type { NamedRole } from '@daypass/core/sessions/named-role.ts'
import { mintRoleSession } from '@daypass/core/sessions/role-session.ts'
import { sessionPolicyArns } from '@daypass/core/sessions/session-policies.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import { isProviderName, parseOidcProvider, withoutScheme } from '@daypass/core/store/entities/oidc-provider.ts'
import { oidcProviderKey, roleKey } from '@daypass/core/store/keys.ts'
import type { Key } from '@daypass/core/store/port.ts'
import type { TokenGrant, TokenRequest, WebIdentityDeps } from './exchange.ts'
import { noProvider, notTrusted } from './refusals.ts'
import { decideTrust } from './trust.ts'

/** The rows that decide whether an issuer's token takes a role: unproven names, to be read together. */
export function roleRows(
  { account, roleName }: NamedRole,
  token: UnverifiedToken,
  request: TokenRequest,
): readonly Key[] {
  const provider = withoutScheme(token.claimedIssuer)
  return [
    roleKey(account, roleName),
    ...(isProviderName(provider)
      ? [oidcProviderKey(account, provider), ...issuerKeyLookupKeys(account, provider, token.claimedKeyId)]
      : []),
    ...managedPolicyKeys(sessionPolicyArns(request)),
  ]
}

/** Whether there is such a role. The key has no path and folds case: only the exact ARN names the role. */
export const isRole = (named: NamedRole, rows: Rows): boolean => findRole(named, rows) !== undefined

/** A session of a role whose trust policy lets a registered provider's token take it. `roleRows` must be loaded. */
export async function takeRole(
  deps: WebIdentityDeps,
  request: TokenRequest,
  named: NamedRole,
  token: UnverifiedToken,
  exchange: Exchange,
  rows: Rows,
): Promise<TokenGrant> {
  const { action } = request
  const { audit, startedAt } = exchange
  const { account } = named
  const identity = await provenIdentity(deps, request, account, token, exchange, rows)
  const sessionClaims = parseSessionClaims(identity.claims, { severalValues: dialectOf(account) === 'ceph' })
  const { tags, transitiveTagKeys, sourceIdentity } = sessionClaims
  audit.provider = identity.providerArn
  audit.subject = identity.subject

  const role = findRole(named, rows)
  if (!role) throw notTrusted(action, 'there is no such role')
  const roleSessionName = sessionNameOf(request, identity)
  const decision = decideTrust({ ...sessionClaims, action, role, identity, roleSessionName, exchange })
  if (decision.outcome !== 'allow') throw notTrusted(action, decision.outcome)

  const { credentials, answer } = await mintRoleSession(
    deps,
    {
      role,
      roleSessionName,
      startedAt,
      kept: {
        provider: identity.providerName,
        claims: keptClaims(identity),
        ...(deps.keepClaims ? { claimsDocument: keepForWebhook(identity.claims) } : {}),
      },
      tags,
      transitiveTagKeys,
      sourceIdentity,
    },
    request,
    rows,
  )
  audit.accessKeyId = credentials.AccessKeyId
  return {
    subject: identity.subject,
    Credentials: credentials,
    Provider: identity.issuer,
    ...(identity.audience === undefined ? {} : { Audience: identity.audience }),
    ...answer,
  }
}

async function provenIdentity(
  { issuerKeys }: WebIdentityDeps,
  { subject }: TokenRequest,
  account: string,
  token: UnverifiedToken,
  { audit }: Exchange,
  rows: Rows,
): Promise<WebIdentity> {
  const claimedProvider = withoutScheme(token.claimedIssuer)
  if (!isProviderName(claimedProvider)) throw noProvider()
  audit.claimedIssuer = token.claimedIssuer
  const item = rows.get(oidcProviderKey(account, claimedProvider))
  if (!item) throw noProvider()
  const provider = parseOidcProvider(item)
  const keys = issuerKeyLookupKeys(account, claimedProvider, token.claimedKeyId)
  return await verifyWebIdentity(issuerKeys, {
    token,
    provider,
    sharedIssuer: findSharedIssuer(provider.name) !== undefined,
    items: keys.map((key) => rows.get(key)),
    subject,
  })
}

/** AWS demands a name of whoever brings an id_token; of a client's own token the subject may serve, if it is one. */
function sessionNameOf({ action, RoleSessionName }: TokenRequest, { subject }: WebIdentity): string {
  if (RoleSessionName !== undefined) return RoleSessionName
  if (action === 'AssumeRoleWithClientGrants' && /^[\w+=,.@-]{2,64}$/.test(subject)) return subject
  throw missingMember('RoleSessionName')
}

/** Of an issuer's claims only these stay usable in the role's policies. */
function keptClaims({ claims }: WebIdentity): Readonly<Record<string, readonly string[]>> {
  const kept: Record<string, readonly string[]> = {}
  for (const name of KEPT_CLAIMS) {
    const values = claimValues(claims, name)
    if (values !== undefined) kept[name] = values
  }
  return kept
}

const KEPT_CLAIMS = ['sub', 'aud', 'azp']
