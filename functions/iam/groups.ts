import type {
  Group as ApiGroup,
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  ListGroupsRequest,
  ListGroupsResponse,
} from '@aws-sdk/client-iam'
import { groupArn } from '@daypass/core/arn.ts'
import { newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { createGroupModel } from '@daypass/core/model/iam/create-group.ts'
import { deleteGroupModel } from '@daypass/core/model/iam/delete-group.ts'
import { listGroupsModel } from '@daypass/core/model/iam/list-groups.ts'
import { type Group, groupItem, parseGroup } from '@daypass/core/store/entities/group.ts'
import { groupKey, KIND } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { requireRoom } from './account-quotas.ts'
import { iamOperation } from './call.ts'
import { removeItem } from './change-item.ts'
import { allowedEntity } from './entity-kind.ts'
import { alreadyExists, deleteConflict } from './errors.ts'
import { GROUP } from './group-kind.ts'
import { dropFormerMembers, hasMembers } from './members.ts'
import { pageOfPartition } from './pages.ts'

export const createGroup = iamOperation<CreateGroupRequest, CreateGroupResponse>(
  createGroupModel,
  async (call, { GroupName: groupName = '', Path: path = '/' }) => {
    const { account, store, now } = call
    const arn = groupArn(account, path, groupName)
    await call.demand('iam:CreateGroup', arn)
    await requireRoom(call, KIND.group)
    const group: Group = {
      account,
      groupName,
      groupId: newUniqueId('AGPA'),
      path,
      arn,
      createdAt: now,
      inlinePolicies: {},
      attachedPolicies: [],
    }
    try {
      await store.put(groupItem(group), { condition: { exists: false } })
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
      const item = await store.get(groupKey(account, groupName))
      throw alreadyExists('Group', item ? parseGroup(item).groupName : groupName)
    }
    return { Group: apiGroup(group) }
  },
)

export const listGroups = iamOperation<ListGroupsRequest, ListGroupsResponse>(listGroupsModel, async (call, input) => {
  const { PathPrefix: prefix = '/' } = input
  await call.demand('iam:ListGroups', groupArn(call.account, prefix, ''))
  const inPath = ({ path }: Group) => path.startsWith(prefix)
  const page = await pageOfPartition(call.store, `${KIND.group}#${call.account}`, input, parseGroup, inPath)
  const { entities, ...rest } = page
  return { Groups: entities.map(apiGroup), ...rest }
})

export const deleteGroup = iamOperation<DeleteGroupRequest, void>(
  deleteGroupModel,
  async (call, { GroupName = '' }) => {
    const group = await allowedEntity(call, GROUP, GroupName, 'iam:DeleteGroup')
    await removeItem(call.store, GROUP, group, async (now) => {
      if (Object.keys(now.inlinePolicies).length > 0) throw deleteConflict('delete policies')
      if (now.attachedPolicies.length > 0) throw deleteConflict('detach all policies')
      if (await hasMembers(call, now.groupName)) throw deleteConflict('remove users from group')
    })
    await dropFormerMembers(call, group.groupName)
  },
)

export const apiGroup = ({ groupName, groupId, path, arn, createdAt }: Group): ApiGroup => ({
  GroupName: groupName,
  GroupId: groupId,
  Path: path,
  Arn: arn,
  CreateDate: new Date(createdAt * 1000),
})
