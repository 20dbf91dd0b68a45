import { StsError } from '@daypass/core/errors.ts'
import { announceUse, confirmUse, type PolicyUse, settleUse, withdrawUse } from '@daypass/core/managed-policies/uses.ts'
import type { IamCall } from './call.ts'
import { touchItem } from './change-item.ts'
import { BUILT_IN, findPolicy } from './known-policy.ts'
import { MANAGED_POLICY } from './managed-policy-kind.ts'

/** Which entity of the caller's account gets, or gives up, which managed policy, and as what. */
export type Attachment = Omit<PolicyUse, 'account'>

/**
 * Runs `attach`, which must put the policy's ARN into the entity's own row, with the index of policy uses kept right
 * whatever fails on the way. Throws NoSuchEntity when there is no such policy. A policy that somebody deletes at this
 * moment is either gone before, or cannot be deleted any more.
 */
export async function noteAttached<T>(call: IamCall, attachment: Attachment, attach: () => Promise<T>): Promise<T> {
  const { store, account, deps } = call
  const { policyArn } = attachment
  const policy = await findPolicy(call, policyArn)
  if (!policy) throw notAttachable(policyArn)
  const use = { ...attachment, account }
  const announced = await announceUse(store, use, deps.clock.now())
  try {
    // After the announcement: a deletion that did not see it fails on the touched row, and a finished one shows here.
    const held = BUILT_IN.has(policyArn) || (await touchItem(store, MANAGED_POLICY, policy))
    if (!held) throw notAttachable(policyArn)
    const attached = await attach()
    await confirmUse(store, use, deps.clock.now())
    return attached
  } catch (error) {
    if (error instanceof StsError) await withdrawUse(store, announced)
    throw error
  }
}

/** Runs `detach`, which must take the policy's ARN out of the entity's row or remove the row, and then tells the index. */
export async function noteDetached<T>(call: IamCall, attachment: Attachment, detach: () => Promise<T>): Promise<T> {
  const detached = await detach()
  await settleUse(call.store, { ...attachment, account: call.account }, call.deps.clock.now())
  return detached
}

const notAttachable = (arn: string) =>
  new StsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`)
