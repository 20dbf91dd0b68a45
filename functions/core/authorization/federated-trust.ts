import type { Exchange } from '../http/operation.ts'
import type { SessionClaims } from '../identity/session-claims.ts'
import { parsePolicyCached } from '../policy/cache.ts'
import { joinContexts, lazyContext, mapContext } from '../policy/context.ts'
import { type Decision, decide } from '../policy/decide.ts'
import type { ConditionContext } from '../policy/types.ts'
import { dialectOf } from '../store/entities/account.ts'
import type { Role } from '../store/entities/role.ts'
import { requestContextKeys } from './request-context.ts'

/** What a proven identity asks of a role. */
export interface FederatedTrustRequest extends SessionClaims {
  /** The operation that was called. */
  readonly action: string
  readonly role: Role
  readonly providerArn: string
  /** What its provider says of the identity, under the provider's own keys. */
  readonly identityKeys: ConditionContext
  readonly roleSessionName: string
  readonly exchange: Exchange
}

/**
 * Asks the role's trust policy whether this identity may take the role, and, when it brings session tags or a source
 * identity, whether it may set those (IAM User Guide, "Passing session tags in AWS STS"). Answers the first refusal.
 */
export function decideFederatedTrust(request: FederatedTrustRequest): Decision {
  const { role, providerArn, tags, sourceIdentity } = request
  const trust = parsePolicyCached(role.trustPolicy, { kind: 'trust', dialect: dialectOf(role.account) })
  const policies = { identity: [], resource: { name: `trust policy of ${role.arn}`, policy: trust } }
  const context = joinContexts(
    lazyContext(() => mapContext(askedKeys(request))),
    request.identityKeys,
  )
  const principal = { type: 'Federated', provider: providerArn } as const
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

function askedKeys({
  role,
  providerArn,
  roleSessionName,
  tags,
  transitiveTagKeys,
  sourceIdentity,
  exchange,
}: FederatedTrustRequest): ReadonlyMap<string, readonly string[]> {
  const asked = requestContextKeys(exchange.request, exchange.startedAt)
  asked.set('sts:RoleSessionName', [roleSessionName])
  asked.set('aws:FederatedProvider', [providerArn])
  for (const { key, values } of tags) asked.set(`aws:RequestTag/${key}`, values)
  if (tags.length > 0) asked.set('aws:TagKeys', [...new Set(tags.map(({ key }) => key))])
  if (transitiveTagKeys.length > 0) asked.set('sts:TransitiveTagKeys', transitiveTagKeys)
  if (sourceIdentity !== undefined) asked.set('sts:SourceIdentity', [sourceIdentity])
  for (const { key, values } of role.tags) {
    asked.set(`aws:ResourceTag/${key}`, values)
    asked.set(`iam:ResourceTag/${key}`, values)
  }
  return asked
}
