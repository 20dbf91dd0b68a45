import type { UpdateGroupRequest } from '@aws-sdk/client-iam'
import { groupArn } from '@daypass/core/arn.ts'
import { updateGroupModel } from '@daypass/core/model/iam/update-group.ts'
import type { User } from '@daypass/core/store/entities/user.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedEntity } from './entity-kind.ts'
import { GROUP } from './group-kind.ts'
import { dropMember, memberRows, nameMember, resolveMembers } from './members.ts'
import { renameEntity } from './rename-entity.ts'
import { USER } from './user-kind.ts'

/** Changes a group's name, its path, or both. AWS asks for the right on the old and on the new ARN. */
export const updateGroup = iamOperation<UpdateGroupRequest, void>(updateGroupModel, async (call, input) => {
  const group = await allowedEntity(call, GROUP, input.GroupName ?? '', 'iam:UpdateGroup')
  const { NewPath: path = group.path, NewGroupName: groupName = group.groupName } = input
  const arn = groupArn(call.account, path, groupName)
  await call.demand('iam:UpdateGroup', arn)
  if (groupName.toLowerCase() === group.groupName.toLowerCase()) {
    await changeItem(call.store, GROUP, group, (now) => ({ ...now, path, groupName, arn }))
  } else {
    await renameEntity(call, GROUP, group, {
      rename: (now) => ({ ...now, path, groupName, arn }),
      follow: () => moveMembers(call, group.groupName, groupName),
    })
  }
})

/** Every member belongs to the group under its old or its new name at any instant: both rows are there until the end. */
async function moveMembers(call: IamCall, formerName: string, groupName: string): Promise<void> {
  for await (const rows of memberRows(call, formerName)) {
    const users = await resolveMembers(call, formerName, rows)
    for (const [index, row] of rows.entries()) {
      const user = users[index]
      if (user) await moveMember(call, user, formerName, groupName)
      await dropMember(call, row)
    }
  }
}

async function moveMember(call: IamCall, user: User, formerName: string, groupName: string): Promise<void> {
  const renamed = (name: string) => (name.toLowerCase() === formerName.toLowerCase() ? groupName : name)
  await nameMember(call, groupName, user.userName)
  await changeItem(call.store, USER, user, (now) => ({ ...now, groups: [...new Set(now.groups.map(renamed))] }))
  await nameMember(call, groupName, user.userName)
}
