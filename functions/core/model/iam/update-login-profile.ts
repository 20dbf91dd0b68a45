// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateLoginProfileModel: OperationModel = {
  name: 'UpdateLoginProfile',
  service: 'iam',
  input: 'UpdateLoginProfileRequest',
  errors: {
    EntityTemporarilyUnmodifiable: 409,
    NoSuchEntity: 404,
    PasswordPolicyViolation: 400,
    LimitExceeded: 409,
    ServiceFailure: 500,
  },
  shapes: {
    UpdateLoginProfileRequest: {
      type: 'structure',
      required: ['UserName'],
      members: { UserName: 'userNameType', Password: 'passwordType', PasswordResetRequired: 'booleanObjectType' },
    },
    booleanObjectType: { type: 'boolean' },
    passwordType: {
      type: 'string',
      max: 128,
      min: 1,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
      sensitive: true,
    },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
