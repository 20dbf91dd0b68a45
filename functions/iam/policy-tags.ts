import type {
  ListPolicyTagsRequest,
  ListPolicyTagsResponse,
  TagPolicyRequest,
  UntagPolicyRequest,
} from '@aws-sdk/client-iam'
import { listPolicyTagsModel } from '@daypass/core/model/iam/list-policy-tags.ts'
import { tagPolicyModel } from '@daypass/core/model/iam/tag-policy.ts'
import { untagPolicyModel } from '@daypass/core/model/iam/untag-policy.ts'
import { iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedPolicy, changeablePolicy } from './known-policy.ts'
import { MANAGED_POLICY } from './managed-policy-kind.ts'
import { pageOfList } from './pages.ts'
import { apiTags, mergeTags, parseTags, requestTagKeys, withoutTags } from './tags.ts'

export const tagPolicy = iamOperation<TagPolicyRequest, void>(tagPolicyModel, async (call, input) => {
  const tags = parseTags(call, input.Tags)
  const policy = await changeablePolicy(call, 'iam:TagPolicy', input.PolicyArn ?? '', requestTagKeys(tags))
  await changeItem(call.store, MANAGED_POLICY, policy, (now) => ({ ...now, tags: mergeTags(now.tags, tags) }))
})

export const untagPolicy = iamOperation<UntagPolicyRequest, void>(untagPolicyModel, async (call, input) => {
  const keys = input.TagKeys ?? []
  const context = new Map([['aws:TagKeys', keys]])
  const policy = await changeablePolicy(call, 'iam:UntagPolicy', input.PolicyArn ?? '', context)
  await changeItem(call.store, MANAGED_POLICY, policy, (now) => ({ ...now, tags: withoutTags(now.tags, keys) }))
})

export const listPolicyTags = iamOperation<ListPolicyTagsRequest, ListPolicyTagsResponse>(
  listPolicyTagsModel,
  async (call, input) => {
    const { tags } = await allowedPolicy(call, 'iam:ListPolicyTags', input.PolicyArn ?? '')
    const { entities, ...rest } = pageOfList(apiTags(tags), input)
    return { Tags: [...entities], ...rest }
  },
)
