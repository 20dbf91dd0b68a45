import { StsError } from '@daypass/core/errors.ts'
import { deleteAccountPasswordPolicyModel } from '@daypass/core/model/iam/delete-account-password-policy.ts'
import { getAccountPasswordPolicyModel } from '@daypass/core/model/iam/get-account-password-policy.ts'
import { type IamCall, iamOperation } from './call.ts'

/** Users have keys and devices, never a password, so no account has a policy for passwords. */
const noPolicyFor = (action: string) => async (call: IamCall) => {
  await call.demand(action, '*')
  throw new StsError('NoSuchEntity', `The Password Policy with domain name ${call.account} cannot be found.`)
}

export const getAccountPasswordPolicy = iamOperation<unknown, never>(
  getAccountPasswordPolicyModel,
  noPolicyFor('iam:GetAccountPasswordPolicy'),
)

export const deleteAccountPasswordPolicy = iamOperation<unknown, never>(
  deleteAccountPasswordPolicyModel,
  noPolicyFor('iam:DeleteAccountPasswordPolicy'),
)
