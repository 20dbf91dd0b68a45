import type { DeleteLoginProfileRequest, GetLoginProfileRequest } from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { deleteLoginProfileModel } from '@daypass/core/model/iam/delete-login-profile.ts'
import { getLoginProfileModel } from '@daypass/core/model/iam/get-login-profile.ts'
import { type IamCall, iamOperation } from './call.ts'
import { allowedUser, userNameOrOwn } from './named-user.ts'

/** Users have keys and devices, never a password: a user that exists has no login profile. */
const noProfileFor =
  (action: string) =>
  async (call: IamCall, { UserName }: GetLoginProfileRequest | DeleteLoginProfileRequest) => {
    const { userName } = await allowedUser(call, userNameOrOwn(call, UserName), action)
    throw new StsError('NoSuchEntity', `Login Profile for User ${userName} cannot be found.`)
  }

export const getLoginProfile = iamOperation<GetLoginProfileRequest, never>(
  getLoginProfileModel,
  noProfileFor('iam:GetLoginProfile'),
)

export const deleteLoginProfile = iamOperation<DeleteLoginProfileRequest, never>(
  deleteLoginProfileModel,
  noProfileFor('iam:DeleteLoginProfile'),
)
