import type { DeleteUserRequest } from '@aws-sdk/client-iam'
import { deleteUserModel } from '@daypass/core/model/iam/delete-user.ts'
import type { User } from '@daypass/core/store/entities/user.ts'
import { iamOperation } from './call.ts'
import { removeItem } from './change-item.ts'
import { deleteConflict } from './errors.ts'
import { devicesOf } from './mfa-devices.ts'
import { allowedUser } from './named-user.ts'
import { noteDetached } from './policy-attachments.ts'
import { USER } from './user-kind.ts'

export const deleteUser = iamOperation<DeleteUserRequest, void>(deleteUserModel, async (call, { UserName = '' }) => {
  const user = await allowedUser(call, UserName, 'iam:DeleteUser')
  const remove = () =>
    removeItem(call.store, USER, user, async (now) => {
      refuseWhatIsLeft(now)
      if ((await devicesOf(call, now.userName)).length > 0) throw deleteConflict('delete MFA device')
    })
  if (user.boundary === undefined) return remove()
  await noteDetached(call, { policyArn: user.boundary, usage: 'boundary', kind: 'user', name: user.userName }, remove)
})

function refuseWhatIsLeft({ accessKeyIds, inlinePolicies, attachedPolicies, groups }: User): void {
  if (accessKeyIds.length > 0) throw deleteConflict('delete access keys')
  if (Object.keys(inlinePolicies).length > 0) throw deleteConflict('delete policies')
  if (attachedPolicies.length > 0) throw deleteConflict('detach all policies')
  if (groups.length > 0) throw deleteConflict('remove users from group')
}
