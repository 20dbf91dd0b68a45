import type { Policy as ApiPolicy } from '@aws-sdk/client-iam'
import { parseArn } from '@daypass/core/arn.ts'
import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import { StsError } from '@daypass/core/errors.ts'
import { builtInPolicies } from '@daypass/core/managed-policies/built-in.ts'
import type { UseCounts } from '@daypass/core/managed-policies/uses.ts'
import { type ManagedPolicy, parseManagedPolicy } from '@daypass/core/store/entities/managed-policy.ts'
import type { IamCall } from './call.ts'
import { type ContextKeys, joinKeys } from './context-keys.ts'
import { invalidArn } from './errors.ts'
import { resourceTagKeys } from './tags.ts'

/** Name and path within the model's limits; a longer name fits no key. */
const POLICY_RESOURCE = /^policy\/(?:[!-~]{1,511}\/)?[\w+=,.@-]{1,128}$/

/** Built-in policies in the form of an account's own: they differ only in that nobody can change them. */
export const BUILT_IN: ReadonlyMap<string, ManagedPolicy> = new Map(
  [...builtInPolicies.values()].map(
    ({ name, arn, policyId, description, versionId, createdAt, updatedAt, document }) => {
      const policy: ManagedPolicy = {
        account: 'aws',
        policyName: name,
        policyId,
        path: '/',
        arn,
        createdAt,
        description,
        defaultVersionId: versionId,
        document,
        versions: [{ versionId, createdAt: updatedAt }],
        latestVersion: 1,
        tags: [],
      }
      return [arn, policy]
    },
  ),
)

/**
 * The policy that an ARN names, built-in or of the caller's account, once the caller may do the action on it. Throws
 * InvalidInput for what is no policy's ARN, then AccessDenied, then NoSuchEntity.
 */
export async function allowedPolicy(
  call: IamCall,
  action: string,
  arn: string,
  keys: ContextKeys = new Map(),
): Promise<ManagedPolicy> {
  const policy = await findPolicy(call, arn)
  await call.demand(action, arn, joinKeys(resourceTagKeys(policy?.tags ?? []), keys))
  if (!policy) throw noSuchPolicy(arn)
  return policy
}

/** As `allowedPolicy`, for an action that changes it. Built-in policies are nobody's to change, whatever a caller's rights. */
export async function changeablePolicy(
  call: IamCall,
  action: string,
  arn: string,
  keys: ContextKeys = new Map(),
): Promise<ManagedPolicy> {
  const policy = await allowedPolicy(call, action, arn, keys)
  if (!BUILT_IN.has(arn)) return policy
  throw new StsError(
    'AccessDenied',
    `User: ${call.caller.arn} is not authorized to perform: ${action} on resource: policy ${arn}`,
  )
}

/** The policy that an ARN names, built-in or of the caller's account. Throws InvalidInput for what is no policy's ARN. */
export async function findPolicy({ store, account }: IamCall, arn: string): Promise<ManagedPolicy | undefined> {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'iam' || !POLICY_RESOURCE.test(parsed.resource)) throw invalidArn(arn)
  const builtIn = BUILT_IN.get(arn)
  if (builtIn) return builtIn
  const [key] = managedPolicyKeys([arn])
  const item = key && parsed.account === account ? await store.get(key) : undefined
  const policy = item && parseManagedPolicy(item)
  // The key folds case and leaves the path out: only the ARN itself names the policy.
  return policy?.arn === arn ? policy : undefined
}

const noSuchPolicy = (arn: string) => new StsError('NoSuchEntity', `Policy ${arn} was not found.`)

/** Of a policy what lists tell; Description and Tags are told of a single one alone. */
export function apiPolicy(policy: ManagedPolicy, { policy: attached, boundary }: UseCounts): ApiPolicy {
  const { policyName, policyId, arn, path, defaultVersionId, createdAt, versions } = policy
  return {
    PolicyName: policyName,
    PolicyId: policyId,
    Arn: arn,
    Path: path,
    DefaultVersionId: defaultVersionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundary,
    IsAttachable: true,
    CreateDate: new Date(createdAt * 1000),
    UpdateDate: new Date(Math.max(createdAt, ...versions.map((version) => version.createdAt)) * 1000),
  }
}
