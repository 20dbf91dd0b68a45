import type {
  AddUserToGroupRequest,
  GetGroupRequest,
  GetGroupResponse,
  ListGroupsForUserRequest,
  ListGroupsForUserResponse,
  RemoveUserFromGroupRequest,
} from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { addUserToGroupModel } from '@daypass/core/model/iam/add-user-to-group.ts'
import { getGroupModel } from '@daypass/core/model/iam/get-group.ts'
import { listGroupsForUserModel } from '@daypass/core/model/iam/list-groups-for-user.ts'
import { removeUserFromGroupModel } from '@daypass/core/model/iam/remove-user-from-group.ts'
import { parseGroup } from '@daypass/core/store/entities/group.ts'
import type { User } from '@daypass/core/store/entities/user.ts'
import { groupKey, groupMemberPartition } from '@daypass/core/store/keys.ts'
import { listedUser } from './api-user.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem, touchItem } from './change-item.ts'
import { allowedEntity, findEntity } from './entity-kind.ts'
import { limitExceeded, noSuchEntity } from './errors.ts'
import { GROUP } from './group-kind.ts'
import { apiGroup } from './groups.ts'
import { isIn, leaveGroup, nameMember, resolveMembers } from './members.ts'
import { allowedUser } from './named-user.ts'
import { pageOfList, pageOfRows } from './pages.ts'
import { getAll } from './rows.ts'
import { USER } from './user-kind.ts'

/** AWS's quota of groups that a user can be in. */
const MOST_GROUPS = 10

export const addUserToGroup = iamOperation<AddUserToGroupRequest, void>(
  addUserToGroupModel,
  async (call, { GroupName = '', UserName = '' }) => {
    const group = await allowedEntity(call, GROUP, GroupName, 'iam:AddUserToGroup')
    const user = await existingUser(call, UserName)
    withGroup(user, group.groupName) // refuses one group too many before anything is written
    await nameMember(call, group.groupName, user.userName)
    await changeItem(call.store, USER, user, (now) => withGroup(now, group.groupName))
    await nameMember(call, group.groupName, user.userName)
    if (await touchItem(call.store, GROUP, group)) return
    // The group was deleted meanwhile. One made later under its name must not find the user in it.
    await leaveGroup(call, user, group.groupName)
    throw noSuchEntity('group', GroupName)
  },
)

export const removeUserFromGroup = iamOperation<RemoveUserFromGroupRequest, void>(
  removeUserFromGroupModel,
  async (call, { GroupName = '', UserName = '' }) => {
    const group = await allowedEntity(call, GROUP, GroupName, 'iam:RemoveUserFromGroup')
    const user = await existingUser(call, UserName)
    await leaveGroup(call, user, group.groupName)
    if (!isIn(user, group.groupName)) {
      throw new StsError('NoSuchEntity', `User ${user.userName} is not in group ${group.groupName}.`)
    }
  },
)

export const getGroup = iamOperation<GetGroupRequest, GetGroupResponse>(getGroupModel, async (call, input) => {
  const group = await allowedEntity(call, GROUP, input.GroupName ?? '', 'iam:GetGroup')
  const partition = groupMemberPartition(call.account, group.groupName)
  const { entities, ...rest } = await pageOfRows(call.store, partition, input, (items) =>
    resolveMembers(call, group.groupName, items),
  )
  return { Group: apiGroup(group), Users: entities.map(listedUser), ...rest }
})

export const listGroupsForUser = iamOperation<ListGroupsForUserRequest, ListGroupsForUserResponse>(
  listGroupsForUserModel,
  async (call, input) => {
    const { groups } = await allowedUser(call, input.UserName ?? '', 'iam:ListGroupsForUser')
    const items = await getAll(
      call.store,
      groups.map((name) => groupKey(call.account, name)),
    )
    const found = items.filter((item) => item !== undefined).map(parseGroup)
    const { entities, ...rest } = pageOfList(found, input)
    return { Groups: entities.map(apiGroup), ...rest }
  },
)

function withGroup(user: User, groupName: string): User {
  if (isIn(user, groupName)) return user
  if (user.groups.length >= MOST_GROUPS) throw limitExceeded('GroupsPerUser', MOST_GROUPS)
  return { ...user, groups: [...user.groups, groupName] }
}

/** The right was asked for on the group: who may change it may learn which users there are. */
async function existingUser(call: IamCall, name: string): Promise<User> {
  const user = await findEntity(call, USER, name)
  if (!user) throw noSuchEntity('user', name)
  return user
}
