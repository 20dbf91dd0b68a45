import { hash } from 'node:crypto'
import { Rows } from '@daypass/core/authentication/rows.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import type { ClaimRules } from '@daypass/core/identity/claims.ts'
import type { IssuerKeyDeps } from '@daypass/core/identity/issuer-keys.ts'
import { parseUnverifiedToken, type UnverifiedToken } from '@daypass/core/identity/unverified-token.ts'
import { claimedNames } from '@daypass/core/identity-sources/claimed-names.ts'
import { guessedRightsKeys } from '@daypass/core/identity-sources/named-rights.ts'
import { findCandidates, sourceKeyRows } from '@daypass/core/identity-sources/openid-identity.ts'
import { findRolePolicySource, type OpenIdSource } from '@daypass/core/identity-sources/openid-source.ts'
import type { MintDeps, MintedCredentials } from '@daypass/core/sessions/mint.ts'
import { type NamedRole, namedRole, parseRoleArn } from '@daypass/core/sessions/named-role.ts'
import type { SessionPolicyInput } from '@daypass/core/sessions/session-policies.ts'
import { isRole, roleRows, takeRole } from './role-session.ts'
import { grantSourceSession } from './source-session.ts'

export interface WebIdentityDeps extends MintDeps {
  readonly issuerKeys: IssuerKeyDeps
  /** The configured sources, from whose tokens rights follow without a role. Default: none. */
  readonly openIdSources?: readonly OpenIdSource[] | undefined
  /** How long a session without a role lasts whose caller names no duration. Default: an hour. */
  readonly stsDurationSeconds?: number | undefined
  /** Whether sessions keep all claims of their token, for a decision webhook. Default: no. */
  readonly keepClaims?: boolean | undefined
}

/** What a caller asks of either action that takes an issuer's token. */
export interface TokenRequest extends SessionPolicyInput {
  readonly action: 'AssumeRoleWithWebIdentity' | 'AssumeRoleWithClientGrants'
  readonly token: string
  /** For the UserInfo endpoint. */
  readonly accessToken?: string
  readonly subject: ClaimRules['subject']
  readonly RoleArn?: string | undefined
  readonly RoleSessionName?: string | undefined
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

/** What both answer, under AWS's names. */
export interface TokenGrant {
  readonly subject: string
  readonly Credentials: MintedCredentials
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly Provider: string
  readonly Audience?: string
  readonly PackedPolicySize?: number
  readonly SessionTokenSize: number
  readonly SessionTokenUtilization: number
  readonly SourceIdentity?: string
}

/** Two round trips while the issuer's keys are at hand: one read of all that decides, one write of the session. */
export async function exchangeToken(
  deps: WebIdentityDeps,
  request: TokenRequest,
  exchange: Exchange,
): Promise<TokenGrant> {
  const unverified = request.token.trim()
  exchange.audit.tokenSha256 = hash('sha256', unverified)
  const rows = new Rows(deps.store)
  const { role, sources } = rightsAsked(request, deps.openIdSources ?? [])
  if (role) exchange.audit.role = role.roleArn
  if (role && sources.length === 0) requireSessionName(request)
  const token = parseUnverifiedToken(unverified)
  await rows.load([...(role ? roleRows(role, token, request) : []), ...sourceRows(sources, token)])

  // Awaited here, since a promise that an async function returns as it is costs two more turns of the microtask queue.
  if (role && (sources.length === 0 || isRole(role, rows))) {
    return await takeRole(deps, request, role, token, exchange, rows)
  }
  const candidates = await findCandidates(deps.issuerKeys, sources, token, rows)
  // Nobody's but a provider's of the IAM API: its own refusals say what is wrong.
  if (role && candidates.length === 0) return await takeRole(deps, request, role, token, exchange, rows)
  return grantSourceSession(deps, request, { candidates, token, exchange, rows })
}

interface RightsAsked {
  /** The role that is named. */
  readonly role?: NamedRole
  /** The configured sources from which rights may follow when that role does not exist. */
  readonly sources: readonly OpenIdSource[]
}

/** With sources a `RoleArn` that names nothing counts as none; the ARN of a role policy leaves one source alone. */
function rightsAsked({ RoleArn }: TokenRequest, sources: readonly OpenIdSource[]): RightsAsked {
  if (sources.length === 0) {
    if (RoleArn === undefined) throw missingMember('RoleArn')
    return { role: namedRole(RoleArn), sources }
  }
  const bound = findRolePolicySource(sources, RoleArn ?? '')
  if (bound) return { sources: [bound] }
  const role = parseRoleArn(RoleArn ?? '')
  return { sources, ...(role ? { role } : {}) }
}

/** The sources' keys, and what the token may give: unproven as it is, so that one read brings all. */
function sourceRows(sources: readonly OpenIdSource[], token: UnverifiedToken) {
  const guesses = sources.flatMap((source) =>
    guessedRightsKeys(source.account, claimedNames(token.unverifiedClaims, source)),
  )
  return [...sourceKeyRows(sources, token.claimedKeyId), ...guesses]
}

function requireSessionName({ action, RoleSessionName }: TokenRequest): void {
  if (action === 'AssumeRoleWithWebIdentity' && RoleSessionName === undefined) throw missingMember('RoleSessionName')
}
