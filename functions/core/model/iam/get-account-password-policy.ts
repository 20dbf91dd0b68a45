// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getAccountPasswordPolicyModel: OperationModel = {
  name: 'GetAccountPasswordPolicy',
  service: 'iam',
  output: 'GetAccountPasswordPolicyResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    GetAccountPasswordPolicyResponse: {
      type: 'structure',
      required: ['PasswordPolicy'],
      members: { PasswordPolicy: 'PasswordPolicy' },
    },
    PasswordPolicy: {
      type: 'structure',
      members: {
        MinimumPasswordLength: 'minimumPasswordLengthType',
        RequireSymbols: 'booleanType',
        RequireNumbers: 'booleanType',
        RequireUppercaseCharacters: 'booleanType',
        RequireLowercaseCharacters: 'booleanType',
        AllowUsersToChangePassword: 'booleanType',
        ExpirePasswords: 'booleanType',
        MaxPasswordAge: 'maxPasswordAgeType',
        PasswordReusePrevention: 'passwordReusePreventionType',
        HardExpiry: 'booleanObjectType',
      },
      required: [],
    },
    booleanObjectType: { type: 'boolean' },
    booleanType: { type: 'boolean' },
    maxPasswordAgeType: { type: 'integer', max: 1095, min: 1 },
    minimumPasswordLengthType: { type: 'integer', max: 128, min: 6 },
    passwordReusePreventionType: { type: 'integer', max: 24, min: 1 },
  },
}
