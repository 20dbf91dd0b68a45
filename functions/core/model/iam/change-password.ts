// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const changePasswordModel: OperationModel = {
  name: 'ChangePassword',
  service: 'iam',
  input: 'ChangePasswordRequest',
  errors: {
    NoSuchEntity: 404,
    InvalidUserType: 400,
    LimitExceeded: 409,
    EntityTemporarilyUnmodifiable: 409,
    PasswordPolicyViolation: 400,
    ServiceFailure: 500,
  },
  shapes: {
    ChangePasswordRequest: {
      type: 'structure',
      required: ['OldPassword', 'NewPassword'],
      members: { OldPassword: 'passwordType', NewPassword: 'passwordType' },
    },
    passwordType: {
      type: 'string',
      max: 128,
      min: 1,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
      sensitive: true,
    },
  },
}
