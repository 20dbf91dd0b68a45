import { requestContextKeys } from '@daypass/core/authorization/request-context.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { claimsContext } from '@daypass/core/identity/claims-context.ts'
import type { SessionClaims } from '@daypass/core/identity/session-claims.ts'
import type { WebIdentity } from '@daypass/core/identity/web-identity.ts'
import { parsePolicyCached } from '@daypass/core/policy/cache.ts'
import { joinContexts, mapContext } from '@daypass/core/policy/context.ts'
import { type Decision, decide } from '@daypass/core/policy/decide.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'

/** What an identity asks of a role. */
export interface TrustRequest extends SessionClaims {
  /** The operation that was called. */
  readonly action: string
  readonly role: Role
  readonly identity: WebIdentity
  readonly roleSessionName: string
  readonly exchange: Exchange
}

/**
 * Asks the role's trust policy whether this identity may take the role, and, when its token carries session tags or a
 * source identity, whether it may set those (IAM User Guide, "Passing session tags in AWS STS"). Answers the first refusal.
 */
export function decideTrust(request: TrustRequest): Decision {
  const { role, identity, roleSessionName, tags, transitiveTagKeys, sourceIdentity, exchange } = request
  const asked = new Map<string, readonly string[]>([
    ...requestContextKeys(exchange.request, exchange.startedAt),
    ['sts:RoleSessionName', [roleSessionName]],
    ['aws:FederatedProvider', [identity.providerArn]],
    ...tags.map(({ key, values }) => [`aws:RequestTag/${key}`, values] as const),
  ])
  if (tags.length > 0) asked.set('aws:TagKeys', [...new Set(tags.map(({ key }) => key))])
  if (transitiveTagKeys.length > 0) asked.set('sts:TransitiveTagKeys', transitiveTagKeys)
  if (sourceIdentity !== undefined) asked.set('sts:SourceIdentity', [sourceIdentity])
  for (const { key, values } of role.tags) asked.set(`aws:ResourceTag/${key}`, values)

  const trust = parsePolicyCached(role.trustPolicy, { kind: 'trust', dialect: dialectOf(role.account) })
  const policies = { identity: [], resource: { name: `trust policy of ${role.arn}`, policy: trust } }
  const context = joinContexts(mapContext(asked), claimsContext(identity.providerName, identity.claims))
  const principal = { type: 'Federated', provider: identity.providerArn } as const
  const actions = [
    `sts:${request.action}`,
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
  let decision: Decision | undefined
  for (const action of actions) {
    decision = decide({ principal, action, resource: role.arn, resourceAccount: role.account, context }, policies)
    if (decision.outcome !== 'allow') break
  }
  if (!decision) throw new TypeError('there is always an action to decide')
  return decision
}
