// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateAccountPasswordPolicyModel: OperationModel = {
  name: 'UpdateAccountPasswordPolicy',
  service: 'iam',
  input: 'UpdateAccountPasswordPolicyRequest',
  errors: { NoSuchEntity: 404, MalformedPolicyDocument: 400, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    UpdateAccountPasswordPolicyRequest: {
      type: 'structure',
      members: {
        MinimumPasswordLength: 'minimumPasswordLengthType',
        RequireSymbols: 'booleanType',
        RequireNumbers: 'booleanType',
        RequireUppercaseCharacters: 'booleanType',
        RequireLowercaseCharacters: 'booleanType',
        AllowUsersToChangePassword: 'booleanType',
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
