import type { ListUserTagsRequest, ListUserTagsResponse, TagUserRequest, UntagUserRequest } from '@aws-sdk/client-iam'
import { listUserTagsModel } from '@daypass/core/model/iam/list-user-tags.ts'
import { tagUserModel } from '@daypass/core/model/iam/tag-user.ts'
import { untagUserModel } from '@daypass/core/model/iam/untag-user.ts'
import { iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedUser } from './named-user.ts'
import { pageOfList } from './pages.ts'
import { apiTags, mergeTags, parseTags, requestTagKeys, withoutTags } from './tags.ts'
import { USER } from './user-kind.ts'

export const tagUser = iamOperation<TagUserRequest, void>(tagUserModel, async (call, input) => {
  const tags = parseTags(call, input.Tags)
  const user = await allowedUser(call, input.UserName ?? '', 'iam:TagUser', () => requestTagKeys(tags))
  await changeItem(call.store, USER, user, (now) => ({ ...now, tags: mergeTags(now.tags, tags) }))
})

export const untagUser = iamOperation<UntagUserRequest, void>(untagUserModel, async (call, input) => {
  const keys = input.TagKeys ?? []
  const user = await allowedUser(call, input.UserName ?? '', 'iam:UntagUser', () => new Map([['aws:TagKeys', keys]]))
  await changeItem(call.store, USER, user, (now) => ({ ...now, tags: withoutTags(now.tags, keys) }))
})

export const listUserTags = iamOperation<ListUserTagsRequest, ListUserTagsResponse>(
  listUserTagsModel,
  async (call, input) => {
    const { tags } = await allowedUser(call, input.UserName ?? '', 'iam:ListUserTags')
    const { entities, ...rest } = pageOfList(apiTags(tags), input)
    return { Tags: [...entities], ...rest }
  },
)
