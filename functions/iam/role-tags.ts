import type { ListRoleTagsRequest, ListRoleTagsResponse, TagRoleRequest, UntagRoleRequest } from '@aws-sdk/client-iam'
import { listRoleTagsModel } from '@daypass/core/model/iam/list-role-tags.ts'
import { tagRoleModel } from '@daypass/core/model/iam/tag-role.ts'
import { untagRoleModel } from '@daypass/core/model/iam/untag-role.ts'
import { iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedEntity } from './entity-kind.ts'
import { pageOfList } from './pages.ts'
import { ROLE } from './role-kind.ts'
import { apiTags, mergeTags, parseTags, requestTagKeys, withoutTags } from './tags.ts'

export const tagRole = iamOperation<TagRoleRequest, void>(tagRoleModel, async (call, input) => {
  const tags = parseTags(call, input.Tags)
  const role = await allowedEntity(call, ROLE, input.RoleName ?? '', 'iam:TagRole', () => requestTagKeys(tags))
  await changeItem(call.store, ROLE, role, (now) => ({ ...now, tags: mergeTags(now.tags, tags) }))
})

export const untagRole = iamOperation<UntagRoleRequest, void>(untagRoleModel, async (call, input) => {
  const keys = input.TagKeys ?? []
  const role = await allowedEntity(
    call,
    ROLE,
    input.RoleName ?? '',
    'iam:UntagRole',
    () => new Map([['aws:TagKeys', keys]]),
  )
  await changeItem(call.store, ROLE, role, (now) => ({ ...now, tags: withoutTags(now.tags, keys) }))
})

export const listRoleTags = iamOperation<ListRoleTagsRequest, ListRoleTagsResponse>(
  listRoleTagsModel,
  async (call, input) => {
    const { tags } = await allowedEntity(call, ROLE, input.RoleName ?? '', 'iam:ListRoleTags')
    const { entities, ...rest } = pageOfList(apiTags(tags), input)
    return { Tags: [...entities], ...rest }
  },
)
