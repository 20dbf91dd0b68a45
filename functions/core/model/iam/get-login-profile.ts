// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getLoginProfileModel: OperationModel = {
  name: 'GetLoginProfile',
  service: 'iam',
  input: 'GetLoginProfileRequest',
  output: 'GetLoginProfileResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    GetLoginProfileRequest: { type: 'structure', members: { UserName: 'userNameType' }, required: [] },
    GetLoginProfileResponse: {
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
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
