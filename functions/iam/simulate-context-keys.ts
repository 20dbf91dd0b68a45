import type {
  GetContextKeysForCustomPolicyRequest,
  GetContextKeysForPolicyResponse,
  GetContextKeysForPrincipalPolicyRequest,
} from '@aws-sdk/client-iam'
import { getContextKeysForCustomPolicyModel } from '@daypass/core/model/iam/get-context-keys-for-custom-policy.ts'
import { getContextKeysForPrincipalPolicyModel } from '@daypass/core/model/iam/get-context-keys-for-principal-policy.ts'
import { contextKeysOf } from '@daypass/core/policy/context-keys.ts'
import { type IamCall, iamOperation } from './call.ts'
import { parseSimulated } from './simulate.ts'
import { allowedEntityByArn } from './simulate-entity.ts'
import { inputPolicies, policiesOf, type SimulatedPolicy } from './simulate-sources.ts'

export const getContextKeysForCustomPolicy = iamOperation<
  GetContextKeysForCustomPolicyRequest,
  GetContextKeysForPolicyResponse
>(getContextKeysForCustomPolicyModel, async (call, { PolicyInputList = [] }) => {
  await call.demand('iam:GetContextKeysForCustomPolicy', '*')
  return { ContextKeyNames: keysOf(call, inputPolicies(PolicyInputList)) }
})

/** The entity's policies, those of a user's groups, and its boundary, which a simulation asks too. */
export const getContextKeysForPrincipalPolicy = iamOperation<
  GetContextKeysForPrincipalPolicyRequest,
  GetContextKeysForPolicyResponse
>(getContextKeysForPrincipalPolicyModel, async (call, { PolicySourceArn: arn = '', PolicyInputList = [] }) => {
  const entity = await allowedEntityByArn(call, 'iam:GetContextKeysForPrincipalPolicy', arn)
  const { identity, boundary } = await policiesOf(call, entity)
  const all = [...identity, ...(boundary ? [boundary] : []), ...inputPolicies(PolicyInputList)]
  return { ContextKeyNames: keysOf(call, all) }
})

/** Each key once, without regard to case, as the first policy writes it. */
function keysOf({ account }: IamCall, policies: readonly SimulatedPolicy[]): string[] {
  const keys = new Map<string, string>()
  for (const key of policies.flatMap((policy) => contextKeysOf(parseSimulated(policy, 'identity', account)))) {
    if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key)
  }
  return [...keys.values()]
}
