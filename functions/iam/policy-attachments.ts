import { randomUUID } from 'node:crypto'
import { parseArn } from '@daypass/core/arn.ts'
import { builtInPolicies } from '@daypass/core/managed-policies/built-in.ts'
import {
  announceUse,
  confirmUse,
  type PolicyUse,
  settleUse,
  withdrawUse,
} from '@daypass/core/managed-policies/uses.ts'
import { StsError } from '@daypass/core/errors.ts'
import { parseManagedPolicy } from '@daypass/core/store/entities/managed-policy.ts'
import { policyKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import type { IamCall } from './call.ts'

/** Which entity of the caller's account gets, or gives up, which managed policy, and as what. */
export type Attachment = Omit<PolicyUse, 'account'>

/**
 * Runs `attach`, which must put the policy's ARN into the entity's own row, with the index of policy uses kept right
 * whatever fails on the way. Throws NoSuchEntity when there is no such policy. A policy that somebody deletes at this
 * moment is either gone before, or cannot be deleted any more.
 */
export async function noteAttached<T>(call: IamCall, attachment: Attachment, attach: () => Promise<T>): Promise<T> {
  const { store, account, deps } = call
  const use = { ...attachment, account }
  await announceUse(store, use, deps.clock.now())
  try {
    await holdPolicy(call, attachment.policyArn)
    const attached = await attach()
    await confirmUse(store, use, deps.clock.now())
    return attached
  } catch (error) {
    if (error instanceof StsError) await withdrawUse(store, use)
    throw error
  }
}

/** Runs `detach`, which must take the policy's ARN out of the entity's row or remove the row, and then tells the index. */
export async function noteDetached<T>(call: IamCall, attachment: Attachment, detach: () => Promise<T>): Promise<T> {
  const detached = await detach()
  await settleUse(call.store, { ...attachment, account: call.account }, call.deps.clock.now())
  return detached
}

/** Proves that the policy exists, and spoils every deletion of it that began before the use was announced. */
async function holdPolicy({ store, account }: IamCall, arn: string): Promise<void> {
  if (builtInPolicies.has(arn)) return
  const parsed = parseArn(arn)
  const name = parsed?.resource.slice(parsed.resource.lastIndexOf('/') + 1) ?? ''
  const item = parsed?.account === account && name !== '' ? await store.get(policyKey(account, name)) : undefined
  const policy = item && parseManagedPolicy(item)
  if (policy?.arn !== arn) throw notAttachable(arn)
  try {
    const condition = { exists: true, equals: { policyId: policy.policyId } } as const
    await store.update(policyKey(account, name), { set: { revision: randomUUID() } }, { condition })
  } catch (error) {
    throw error instanceof ConditionFailed ? notAttachable(arn) : error
  }
}

const notAttachable = (arn: string) =>
  new StsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`)
