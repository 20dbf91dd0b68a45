import type { UpdateUserRequest } from '@aws-sdk/client-iam'
import { userArn } from '@daypass/core/arn.ts'
import { updateUserModel } from '@daypass/core/model/iam/update-user.ts'
import type { User } from '@daypass/core/store/entities/user.ts'
import { accessKeyKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { dropMember, findMember, nameMember } from './members.ts'
import { moveDevices } from './mfa-devices.ts'
import { allowedUser } from './named-user.ts'
import { renameEntity } from './rename-entity.ts'
import { USER } from './user-kind.ts'

/**
 * Changes a user's name, its path, or both. AWS asks for the right on the old and on the new ARN. Keys, devices and group
 * memberships follow; sessions that began under the old name end.
 */
export const updateUser = iamOperation<UpdateUserRequest, void>(updateUserModel, async (call, input) => {
  const user = await allowedUser(call, input.UserName ?? '', 'iam:UpdateUser')
  const { NewPath: path = user.path, NewUserName: userName = user.userName } = input
  const arn = userArn(call.account, path, userName)
  await call.demand('iam:UpdateUser', arn)
  const rename = (now: User) => ({ ...now, path, userName, arn })
  if (userName.toLowerCase() === user.userName.toLowerCase()) {
    await changeItem(call.store, USER, user, rename)
    if (userName !== user.userName) await moveKeysAndDevices(call, user, userName)
    return
  }
  await renameEntity(call, USER, user, {
    // For good: the user may get its former name back. A mark that was set already may lie ahead of this clock.
    rename: (now) => ({ ...rename(now), revokedBefore: Math.max(now.revokedBefore ?? 0, call.deps.clock.now()) }),
    prepare: async ({ groups }) => {
      for (const group of groups) await nameMember(call, group, userName)
    },
    follow: (renamed) => moveKeysAndDevices(call, { ...renamed, userName: user.userName }, userName),
  })
  for (const group of user.groups) await dropMember(call, await findMember(call, group, user.userName))
})

async function moveKeysAndDevices(call: IamCall, former: User, userName: string): Promise<void> {
  const { store, account } = call
  for (const accessKeyId of former.accessKeyIds) {
    try {
      const condition = { exists: true, equals: { account } } as const
      await store.update(accessKeyKey(accessKeyId), { set: { userName } }, { condition })
    } catch (error) {
      // Deleted at this moment.
      if (!(error instanceof ConditionFailed)) throw error
    }
  }
  await moveDevices(call, former.userName, userName)
}
