import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
} from '@aws-sdk/client-iam'
import { policyArn } from '@daypass/core/arn.ts'
import { newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { StsError } from '@daypass/core/errors.ts'
import { countUses, type FoundUse, findUses, type UseCounts } from '@daypass/core/managed-policies/uses.ts'
import { createPolicyModel } from '@daypass/core/model/iam/create-policy.ts'
import { deletePolicyModel } from '@daypass/core/model/iam/delete-policy.ts'
import { getPolicyModel } from '@daypass/core/model/iam/get-policy.ts'
import { listPoliciesModel } from '@daypass/core/model/iam/list-policies.ts'
import {
  type ManagedPolicy,
  managedPolicyItem,
  parseManagedPolicy,
} from '@daypass/core/store/entities/managed-policy.ts'
import { KIND } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { requireRoom } from './account-quotas.ts'
import { iamOperation } from './call.ts'
import { type PageSource, pageOfChain } from './chained-pages.ts'
import { removeItem } from './change-item.ts'
import { allowedPolicy, apiPolicy, BUILT_IN, changeablePolicy } from './known-policy.ts'
import { MANAGED_POLICY } from './managed-policy-kind.ts'
import { pageOfList, pageOfPartition } from './pages.ts'
import { dropTexts, textIds } from './policy-version-texts.ts'
import { checkManagedPolicy } from './policy-versions.ts'
import { apiTags, parseTags, requestTagKeys } from './tags.ts'

const UNUSED: UseCounts = { policy: 0, boundary: 0 }

export const createPolicy = iamOperation<CreatePolicyRequest, CreatePolicyResponse>(
  createPolicyModel,
  async (call, input) => {
    const {
      PolicyName: policyName = '',
      Path: path = '/',
      PolicyDocument: document = '',
      Description: description,
    } = input
    const { account, now } = call
    const tags = parseTags(call, input.Tags)
    const arn = policyArn(account, path, policyName)
    await call.demand('iam:CreatePolicy', arn, requestTagKeys(tags))
    if (tags.length > 0) await call.demand('iam:TagPolicy', arn, requestTagKeys(tags))
    checkManagedPolicy(call, document)
    await requireRoom(call, KIND.policy)
    const policy: ManagedPolicy = {
      account,
      policyName,
      policyId: newUniqueId('ANPA'),
      path,
      arn,
      createdAt: now,
      defaultVersionId: 'v1',
      document,
      versions: [{ versionId: 'v1', createdAt: now }],
      latestVersion: 1,
      tags,
      ...(description === undefined ? {} : { description }),
    }
    try {
      await call.store.put(managedPolicyItem(policy), { condition: { exists: false } })
    } catch (error) {
      throw error instanceof ConditionFailed ? nameTaken(policyName) : error
    }
    return { Policy: { ...apiPolicy(policy, UNUSED), ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}) } }
  },
)

export const getPolicy = iamOperation<GetPolicyRequest, GetPolicyResponse>(
  getPolicyModel,
  async (call, { PolicyArn: arn = '' }) => {
    const policy = await allowedPolicy(call, 'iam:GetPolicy', arn)
    const { uses } = await findUses(call.store, call.account, arn, call.deps.clock.now())
    const { description, tags } = policy
    return {
      Policy: {
        ...apiPolicy(policy, countsOf(uses)),
        ...(description === undefined ? {} : { Description: description }),
        Tags: apiTags(tags),
      },
    }
  },
)

export const listPolicies = iamOperation<ListPoliciesRequest, ListPoliciesResponse>(
  listPoliciesModel,
  async (call, input) => {
    const { Scope: scope = 'All', OnlyAttached: onlyAttached = false, PathPrefix: prefix = '/' } = input
    await call.demand('iam:ListPolicies', '*')
    const counts = await countUses(call.store, call.account)
    const countOf = ({ arn }: ManagedPolicy) => counts.get(arn) ?? UNUSED
    const keep = (policy: ManagedPolicy) => {
      const { policy: attached, boundary } = countOf(policy)
      if (!policy.path.startsWith(prefix)) return false
      if (onlyAttached && attached === 0) return false
      if (input.PolicyUsageFilter === 'PermissionsPolicy') return attached > 0
      return input.PolicyUsageFilter === 'PermissionsBoundary' ? boundary > 0 : true
    }
    const builtIn: PageSource<ManagedPolicy> = async (page) => pageOfList([...BUILT_IN.values()].filter(keep), page)
    const local: PageSource<ManagedPolicy> = (page) =>
      pageOfPartition(call.store, `${KIND.policy}#${call.account}`, page, parseManagedPolicy, keep)
    const sources = [...(scope === 'Local' ? [] : [builtIn]), ...(scope === 'AWS' ? [] : [local])]
    const { entities, ...rest } = await pageOfChain(sources, input)
    return { Policies: entities.map((policy) => apiPolicy(policy, countOf(policy))), ...rest }
  },
)

export const deletePolicy = iamOperation<DeletePolicyRequest, void>(
  deletePolicyModel,
  async (call, { PolicyArn: arn = '' }) => {
    const policy = await changeablePolicy(call, 'iam:DeletePolicy', arn)
    let removed = policy
    await removeItem(call.store, MANAGED_POLICY, policy, async (now) => {
      removed = now
      const { uses, underWay } = await findUses(call.store, call.account, arn, call.deps.clock.now())
      if (uses.length > 0 || underWay) {
        throw new StsError('DeleteConflict', 'Cannot delete a policy attached to entities.')
      }
      if (now.versions.length > 1) {
        throw new StsError(
          'DeleteConflict',
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        )
      }
    })
    await dropTexts(call, removed, textIds(removed))
  },
)

const countsOf = (uses: readonly FoundUse[]): UseCounts => ({
  policy: uses.filter(({ usage }) => usage === 'policy').length,
  boundary: uses.filter(({ usage }) => usage === 'boundary').length,
})

const nameTaken = (name: string) =>
  new StsError('EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`)
