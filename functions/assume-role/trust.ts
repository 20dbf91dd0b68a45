import type { Caller } from '@daypass/core/authentication/caller.ts'
import { prepareQuestion } from '@daypass/core/authorization/authorize.ts'
import { silentAccessDenied } from '@daypass/core/authorization/demand.ts'
import type { KeyRing } from '@daypass/core/credentials/key-ring.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type Decision, decide } from '@daypass/core/policy/decide.ts'
import { requestTagKeys, type SessionTags } from '@daypass/core/sessions/session-tags.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'

/** What a caller asks of a role. */
export interface TrustRequest {
  readonly caller: Caller
  /** Absent: there is no such role. */
  readonly role: Role | undefined
  readonly account: string
  readonly roleArn: string
  readonly roleSessionName: string
  readonly externalId: string | undefined
  readonly tags: SessionTags
  /** Those that were asked for now; inherited ones are the caller's. */
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity: string | undefined
  readonly exchange: Exchange
}

/**
 * Lets a caller have the role when the role's trust policy says so and, where that only names the account or stands in
 * another one, the caller's own policies do too. A session that will carry tags or a source identity, inherited ones
 * included, needs those actions allowed as well (IAM User Guide, "Passing session tags", "Monitor and control actions
 * taken with assumed roles"). Throws the same AccessDenied for a role that is not there as for one that does not trust.
 */
export async function demandTrust(deps: { readonly sessionRing: KeyRing }, asked: TrustRequest): Promise<Role> {
  const { caller, role, account, roleArn, tags, sourceIdentity, exchange } = asked
  const context = contextKeys(asked)
  const document = role && (role.boundTrustPolicy ?? role.trustPolicy)
  const actions = [
    'sts:AssumeRole',
    ...(tags.all.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
  for (const action of actions) {
    const prepared = await prepareQuestion(caller, {
      action,
      resource: roleArn,
      resourceAccount: account,
      resourcePolicyKind: 'trust',
      context,
      request: exchange.request,
      now: exchange.startedAt,
      ...(document === undefined ? {} : { resourcePolicy: { name: `trust policy of ${roleArn}`, document } }),
    })
    const decision = decide(prepared.request, prepared.policies)
    if (!role) throw await silentAccessDenied(deps.sessionRing, caller, prepared, 'there is no such role')
    if (!isTrusted(decision)) {
      throw await silentAccessDenied(deps.sessionRing, caller, prepared, `${decision.outcome} by ${decider(decision)}`)
    }
  }
  if (!role) throw new TypeError('there is always an action to decide')
  return role
}

/** No identity policy replaces the role's trust, not even inside the account. */
const isTrusted = ({ outcome, matched }: Decision): boolean =>
  outcome === 'allow' && matched.some(({ layer, effect }) => layer === 'resource' && effect === 'Allow')

const decider = ({ decidedBy, missing }: Decision): string => decidedBy?.policy ?? missing ?? 'the trust policy'

function contextKeys(asked: TrustRequest): ReadonlyMap<string, readonly string[]> {
  const { role, roleSessionName, externalId, tags, transitiveTagKeys, sourceIdentity } = asked
  const keys = requestTagKeys(tags, transitiveTagKeys)
  keys.set('sts:RoleSessionName', [roleSessionName])
  for (const { key, values } of role?.tags ?? []) {
    keys.set(`aws:ResourceTag/${key}`, values)
    keys.set(`iam:ResourceTag/${key}`, values)
  }
  if (externalId !== undefined) keys.set('sts:ExternalId', [externalId])
  if (sourceIdentity !== undefined) keys.set('sts:SourceIdentity', [sourceIdentity])
  return keys
}
