import { parseArn } from '@daypass/core/arn.ts'
import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import { StsError } from '@daypass/core/errors.ts'
import { builtInPolicies } from '@daypass/core/managed-policies/built-in.ts'
import {
  type ManagedPolicy,
  managedPolicyItem,
  parseManagedPolicy,
} from '@daypass/core/store/entities/managed-policy.ts'
import type { IamCall } from './call.ts'
import type { RowKind } from './change-item.ts'
import { invalidArn } from './errors.ts'

export const MANAGED_POLICY: RowKind<ManagedPolicy> = {
  id: 'policyId',
  parse: parseManagedPolicy,
  toItem: managedPolicyItem,
}

/**
 * A managed policy that the caller's account may attach or set as a boundary: a built-in one, or its own customer managed
 * one as the table has it; `undefined` when there is none. Throws InvalidInput for an ARN that names no policy at all.
 */
export async function attachable(
  { store, account }: IamCall,
  arn: string,
): Promise<ManagedPolicy | 'built-in' | undefined> {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('policy/')) throw invalidArn(arn)
  if (builtInPolicies.has(arn)) return 'built-in'
  const [key] = managedPolicyKeys([arn])
  if (!key || parsed.account !== account) return undefined
  const item = await store.get(key)
  const policy = item && parseManagedPolicy(item)
  return policy?.arn === arn ? policy : undefined
}

export const notAttachable = (arn: string) =>
  new StsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`)
