import type { Caller } from '../authentication/caller.ts'
import type { KeyRing } from '../credentials/key-ring.ts'
import { StsError } from '../errors.ts'
import { type Decision, decide } from '../policy/decide.ts'
import { type AccessQuestion, type PreparedQuestion, prepareQuestion } from './authorize.ts'
import { sealDenial } from './denial-message.ts'

/**
 * Lets a proven caller go on when the policies allow what it asks, and throws AccessDenied otherwise, in AWS's words: who,
 * which action, on what, for want of which policy. The message ends with the sealed explanation that
 * DecodeAuthorizationMessage reads.
 */
export async function demand(sessionRing: KeyRing, caller: Caller, question: AccessQuestion): Promise<Decision> {
  const prepared = await prepareQuestion(caller, question)
  const decision = decide(prepared.request, prepared.policies)
  if (decision.outcome === 'allow') return decision
  throw await accessDenied(sessionRing, caller, prepared, decision)
}

/** The refusal of a question that was decided already. */
export async function accessDenied(
  sessionRing: KeyRing,
  caller: Caller,
  prepared: PreparedQuestion,
  decision: Decision,
): Promise<StsError> {
  const { action, resource } = prepared.request
  const sentence = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${because(decision, action)}`
  const encoded = await sealDenial(sessionRing, caller.account, prepared)
  return new StsError('AccessDenied', `${sentence}. Encoded authorization failure message: ${encoded}`, {
    detail: { reason: sentence, ...(decision.decidedBy ? { decidedBy: decision.decidedBy.policy } : {}) },
  })
}

/**
 * A refusal that is the same whatever the resource's own policy says, and whether there is such a resource: neither the
 * sentence nor the sealed explanation speaks of anything but the caller's own policies. `reason` is for the log.
 */
export async function silentAccessDenied(
  sessionRing: KeyRing,
  caller: Caller,
  { request, policies }: PreparedQuestion,
  reason: string,
): Promise<StsError> {
  const { resource: _untold, ...own } = policies
  const { context } = request
  const ofCaller = { get: (key: string) => (/^(?:aws|iam):resourcetag\//i.test(key) ? undefined : context.get(key)) }
  const sentence = `User: ${caller.arn} is not authorized to perform: ${request.action} on resource: ${request.resource}`
  const encoded = await sealDenial(sessionRing, caller.account, {
    request: { ...request, context: ofCaller },
    policies: own,
  })
  return new StsError('AccessDenied', `${sentence}. Encoded authorization failure message: ${encoded}`, {
    detail: { reason: `${sentence}: ${reason}` },
  })
}

const LAYERS = {
  identity: 'an identity-based policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  resource: 'a resource-based policy',
} as const

function because({ outcome, decidedBy, missing }: Decision, action: string): string {
  if (outcome === 'explicitDeny' && decidedBy) return `with an explicit deny in ${LAYERS[decidedBy.layer]}`
  const layer = LAYERS[missing ?? 'identity'].replace(/^an? /, 'no ')
  return `because ${layer} allows the ${action} action`
}
