// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createLoginProfileModel: OperationModel = {
  name: 'CreateLoginProfile',
  service: 'iam',
  input: 'CreateLoginProfileRequest',
  output: 'CreateLoginProfileResponse',
  errors: {
    EntityAlreadyExists: 409,
    NoSuchEntity: 404,
    PasswordPolicyViolation: 400,
    LimitExceeded: 409,
    ServiceFailure: 500,
  },
  shapes: {
    CreateLoginProfileRequest: {
      type: 'structure',
      members: { UserName: 'userNameType', Password: 'passwordType', PasswordResetRequired: 'booleanType' },
      required: [],
    },
    CreateLoginProfileResponse: {
      type: 'structure',
      required: ['LoginProfile'],
      members: { LoginProfile: 'LoginProfile' },
    },
    LoginProfile: {
      type: 'structure',
      required: ['UserName', 'CreateDate'],
      members: { UserName: 'userNameType', CreateDate: 'dateType', PasswordResetRequired: 'booleanType' },
    },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
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
