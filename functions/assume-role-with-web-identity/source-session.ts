import type { Rows } from '@daypass/core/authentication/rows.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import type { UnverifiedToken } from '@daypass/core/identity/unverified-token.ts'
import { keptJwtClaims } from '@daypass/core/identity-sources/claim-keys.ts'
import { claimedNames } from '@daypass/core/identity-sources/claimed-names.ts'
import { findNamedRights } from '@daypass/core/identity-sources/named-rights.ts'
import { type Candidate, type SourceIdentity, verifyBySource } from '@daypass/core/identity-sources/openid-identity.ts'
import { claimsWithUserinfo } from '@daypass/core/identity-sources/userinfo.ts'
import { mintIdentitySession } from '@daypass/core/sessions/identity-session.ts'
import type { TokenGrant, TokenRequest, WebIdentityDeps } from './exchange.ts'
import { noProvider } from './refusals.ts'

/** What is known of a token before it is proven. */
export interface SourceToken {
  readonly candidates: readonly Candidate[]
  readonly token: UnverifiedToken
  readonly exchange: Exchange
  readonly rows: Rows
}

/** Whoever sends a token chooses what it claims: no provider's URL is longer. */
const LONGEST_TOLD_ISSUER = 255

/** A session without a role: a configured source proves the token, and its claims or its role policy name the rights. */
export async function grantSourceSession(
  deps: WebIdentityDeps,
  request: TokenRequest,
  { candidates, token, exchange, rows }: SourceToken,
): Promise<TokenGrant> {
  const { audit, startedAt } = exchange
  audit.claimedIssuer = token.claimedIssuer.slice(0, LONGEST_TOLD_ISSUER)
  // A role that was named and does not exist is not taken.
  audit.role = undefined
  if (candidates.length === 0) throw noProvider()
  const proven = await verifyBySource(deps.issuerKeys, candidates, token, request.subject)
  const { source, identity } = proven
  audit.source = `oidc/${source.name}`
  audit.subject = identity.subject
  const claims = source.claimUserinfo
    ? await claimsWithUserinfo(deps.issuerKeys, proven, bearerOf(request))
    : identity.claims
  const rights = await findNamedRights(rows, source.account, claimedNames(claims, source))
  const { credentials, answer } = await mintIdentitySession(
    deps,
    {
      account: source.account,
      sourceKind: 'oidc',
      source: source.name,
      subject: identity.subject,
      claims: keptJwtClaims(claims),
      ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      ...rights,
    },
    request,
    { startedAt, defaultSeconds: deps.stsDurationSeconds },
    rows,
  )
  audit.accessKeyId = credentials.AccessKeyId
  return {
    subject: identity.subject,
    Credentials: credentials,
    ...providerOf(proven),
    ...answer,
  }
}

const providerOf = ({ identity }: SourceIdentity) => ({
  Provider: identity.issuer,
  ...(identity.audience === undefined ? {} : { Audience: identity.audience }),
})

/** A client's own token is an access token; beside an id_token the caller sends one. */
function bearerOf({ action, token, accessToken }: TokenRequest): string {
  if (accessToken !== undefined) return accessToken.trim()
  if (action === 'AssumeRoleWithClientGrants') return token.trim()
  throw missingMember('WebIdentityAccessToken')
}
