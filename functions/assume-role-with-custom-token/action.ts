import { hash } from 'node:crypto'
import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import { Rows } from '@daypass/core/authentication/rows.ts'
import type { Log } from '@daypass/core/deps.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import type { CustomIdentity } from '@daypass/core/identity/custom-token/answer.ts'
import { verifyCustomToken } from '@daypass/core/identity/custom-token/ask.ts'
import { type CustomTokenSource, findSource } from '@daypass/core/identity/custom-token/source.ts'
import { guessedRightsKeys } from '@daypass/core/identity-sources/named-rights.ts'
import {
  type AssumeRoleWithCustomTokenRequest,
  type AssumeRoleWithCustomTokenResponse,
  assumeRoleWithCustomTokenModel,
} from '@daypass/core/model/daypass/assume-role-with-custom-token.ts'
import type { Fetcher } from '@daypass/core/net/guarded-fetch.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import type { MintDeps } from '@daypass/core/sessions/mint.ts'
import { type NamedRole, parseRoleArn } from '@daypass/core/sessions/named-role.ts'
import { sessionPolicyArns } from '@daypass/core/sessions/session-policies.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import { notConfigured } from './refusals.ts'
import { takeRole } from './role-session.ts'
import { grantPolicySession } from './source-session.ts'
import { refusedUnseen, trustedSource } from './trusted-source.ts'

export interface CustomTokenDeps extends MintDeps {
  /** The configured identity webhooks, and how they are called. Default: none, and nobody is let in. */
  readonly customTokens?: { readonly sources: readonly CustomTokenSource[]; readonly fetch: Fetcher } | undefined
  readonly log: Log
  /** How long a session without a role lasts whose caller names no duration. Default: an hour. */
  readonly stsDurationSeconds?: number | undefined
  /** Whether sessions keep all claims, for a decision webhook. Default: no. */
  readonly keepClaims?: boolean | undefined
}

/** What a proven token is exchanged on. */
export interface ProvenToken {
  readonly source: CustomTokenSource
  readonly identity: CustomIdentity
  readonly input: AssumeRoleWithCustomTokenRequest
  readonly exchange: Exchange
  readonly rows: Rows
}

/**
 * AssumeRoleWithCustomToken (MinIO): a token that an identity webhook vouches for becomes a session, of a role that trusts
 * the webhook, or of the policies that the operator gave to all of the webhook's users. One read of all that decides, one
 * question to the webhook, one write.
 */
export function assumeRoleWithCustomToken(deps: CustomTokenDeps): QueryOperation {
  return operation<AssumeRoleWithCustomTokenRequest, AssumeRoleWithCustomTokenResponse>(
    assumeRoleWithCustomTokenModel,
    async (input, exchange) => {
      const { audit } = exchange
      audit.tokenSha256 = hash('sha256', input.Token)
      if (!deps.customTokens) throw notConfigured()
      const { sources, fetch } = deps.customTokens
      const { role, source: named } = rightsAsked(input, sources)
      const rows = new Rows(deps.store)
      if (role) audit.role = role.roleArn
      await rows.load([
        ...(role ? [roleKey(role.account, role.roleName)] : []),
        ...(named?.rolePolicy ? guessedRightsKeys(named.account, { policies: named.rolePolicy, groups: [] }) : []),
        ...managedPolicyKeys(sessionPolicyArns(input)),
      ])
      const ask = { fetch, log: deps.log, tellReason: named !== undefined }
      const source = named ?? trustedSource(sources, role && findRole(role, rows))
      if (typeof source === 'string') throw await refusedUnseen(ask, sources, input, source)
      audit.source = `token/${source.name}`
      const identity = await verifyCustomToken(ask, source, input.Token)
      audit.subject = identity.user
      const proven = { source, identity, input, exchange, rows }
      const { credentials, answer } = role ? await takeRole(deps, proven, role) : await grantPolicySession(deps, proven)
      audit.accessKeyId = credentials.AccessKeyId
      return { Credentials: credentials, AssumedUser: `custom:${identity.user}`, ...answer }
    },
  )
}

interface RightsAsked {
  readonly role?: NamedRole
  /** The webhook that the request itself names; absent: the role's trust policy names it. */
  readonly source?: CustomTokenSource
}

/** MinIO's ARN of a role policy, the ARN of a role, or nothing, which means the only webhook's role policy. */
function rightsAsked(
  { RoleArn }: AssumeRoleWithCustomTokenRequest,
  sources: readonly CustomTokenSource[],
): RightsAsked {
  const [only] = sources
  if (!only) throw notConfigured()
  if (RoleArn === undefined) {
    if (sources.length > 1) throw missingMember('RoleArn')
    return { source: only }
  }
  const source = findSource(sources, RoleArn)
  if (source) return { source }
  const role = parseRoleArn(RoleArn)
  if (!role) throw notConfigured()
  // The only webhook is asked before anything is told of the role.
  return sources.length === 1 ? { role, source: only } : { role }
}
