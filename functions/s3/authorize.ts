import type { Caller } from '@daypass/core/authentication/caller.ts'
import { type AccessQuestion, type PreparedQuestion, prepareQuestion } from '@daypass/core/authorization/authorize.ts'
import type { AskWebhook } from '@daypass/core/decision-webhook/ask.ts'
import { webhookInput } from '@daypass/core/decision-webhook/input.ts'
import type { Clock } from '@daypass/core/deps.ts'
import { parsePolicyCached } from '@daypass/core/policy/cache.ts'
import { type Decision, decide, type NamedPolicy, type PolicySet } from '@daypass/core/policy/decide.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { AccessRequest, Authorize } from './deps.ts'

/** Asks the caller's policies, the bucket's and what an ACL grants, as they stand now. */
export function s3Authorize(clock: Clock): Authorize {
  return async (caller, request) => {
    const { resourcePolicy, late = [] } = request
    const question = {
      ...questionOf(caller, request, clock),
      ...(resourcePolicy !== undefined && { resourcePolicy: { name: 'bucket policy', document: resourcePolicy } }),
    }
    let prepared = await prepareQuestion(caller, question)
    const wanted = late.filter(({ prefix }) => speaksOf(prepared.policies, prefix))
    if (wanted.length > 0) {
      const context = new Map(question.context)
      for (const { read } of wanted) for (const [key, values] of await read()) context.set(key, values)
      prepared = await prepareQuestion(caller, { ...question, context })
    }
    const { outcome } = decideOf(prepared, request)
    return { allowed: outcome === 'allow', denied: outcome === 'explicitDeny' }
  }
}

/**
 * An object that another account owns is that account's to open: of the bucket's policy only what denies counts (S3 user guide,
 * "How Amazon S3 authorizes a request for an object operation").
 */
function decideOf({ request, policies }: PreparedQuestion, { listed, objectAccount }: AccessRequest): Decision {
  if (!listed && objectAccount === undefined) return decide(request, policies)
  const { resource, ...own } = policies
  return decide(
    { ...request, ...(objectAccount !== undefined && { resourceAccount: objectAccount }) },
    {
      ...own,
      ...(resource && { resource: objectAccount === undefined ? resource : denialsOf(resource) }),
      ...(listed && { accessList: { name: 'ACL', naming: listed } }),
    },
  )
}

const denialsOf = ({ name, policy }: NamedPolicy): NamedPolicy => ({
  name,
  policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Deny') },
})

/**
 * Asks the operator's webhook in place of identity and bucket policies and ACLs. Boundaries and session policies still limit: what
 * they refuse, the webhook is not asked. It speaks for proven callers alone; without bucket policies and ACLs there is nothing
 * that could allow an anonymous request.
 */
export function s3AuthorizeByWebhook(clock: Clock, ask: AskWebhook): Authorize {
  // One request may have many questions (ListBuckets); a webhook that failed once is not waited for again.
  const failed = new WeakSet<AccessRequest['head']>()
  return async (caller, request) => {
    if (!caller || failed.has(request.head)) return { allowed: false }
    const question = questionOf(caller, request, clock)
    if (!(await withinLimits(caller, question))) return { allowed: false }
    const verdict = await ask(webhookInput(caller, question))
    if (verdict === 'failed') failed.add(request.head)
    return { allowed: verdict === 'allow' }
  }
}

/** Whether a condition or a variable of any policy in play asks for a key that begins so. */
function speaksOf({ identity, boundary, session = [], resource }: PolicySet, prefix: string): boolean {
  const all = [...identity, ...(boundary ? [boundary] : []), ...session, ...(resource ? [resource] : [])]
  return all.some(({ policy }) =>
    policy.statements.some(({ conditions, resource: element }) =>
      [...conditions.flatMap(({ key, variables }) => [key, ...variables]), ...(element?.variables ?? [])].some((key) =>
        key.toLowerCase().startsWith(prefix),
      ),
    ),
  )
}

/**
 * Ceph keeps the keys of a session's tags as `aws:TagKeys` for the policies of its role (Ceph's documentation, "Session tags for
 * ABAC").
 */
function tagKeysOf(caller: Caller | undefined): ReadonlyMap<string, readonly string[]> {
  if (!caller?.session || dialectOf(caller.account) !== 'ceph') return new Map()
  const prefix = 'aws:PrincipalTag/'
  const keys = [...caller.contextKeys().keys()].filter((key) => key.startsWith(prefix))
  return keys.length === 0 ? new Map() : new Map([['aws:TagKeys', keys.map((key) => key.slice(prefix.length))]])
}

function questionOf(
  caller: Caller | undefined,
  { action, resource, resourceAccount, context, head, signedAt }: AccessRequest,
  clock: Clock,
): AccessQuestion {
  const now = clock.now()
  const age = signedAt === undefined ? [] : [['s3:signatureAge', [String(Math.max(0, now - signedAt))]] as const]
  return {
    action,
    resource,
    context: new Map([...context, ...age, ...tagKeysOf(caller)]),
    request: head,
    now,
    ...(resourceAccount !== undefined && { resourceAccount }),
  }
}

/** Stands for the rights that the webhook decides on. */
const ANYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'

/** Whether the caller's boundary and session policies leave room for what the webhook may allow, in any account. */
async function withinLimits(caller: Caller, question: AccessQuestion): Promise<boolean> {
  const { resourceAccount: _any, ...own } = question
  const { request, policies } = await prepareQuestion(caller, own)
  const anything = parsePolicyCached(ANYTHING, { kind: 'identity', dialect: 'aws' })
  const rights = [{ name: 'decision webhook', policy: anything }]
  return decide(request, { ...policies, identity: rights }).outcome === 'allow'
}
