// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createAccessKeyModel: OperationModel = {
  name: 'CreateAccessKey',
  service: 'iam',
  input: 'CreateAccessKeyRequest',
  output: 'CreateAccessKeyResponse',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    AccessKey: {
      type: 'structure',
      required: ['UserName', 'AccessKeyId', 'Status', 'SecretAccessKey'],
      members: {
        UserName: 'userNameType',
        AccessKeyId: 'accessKeyIdType',
        Status: 'statusType',
        SecretAccessKey: 'accessKeySecretType',
        CreateDate: 'dateType',
      },
    },
    CreateAccessKeyRequest: { type: 'structure', members: { UserName: 'existingUserNameType' }, required: [] },
    CreateAccessKeyResponse: { type: 'structure', required: ['AccessKey'], members: { AccessKey: 'AccessKey' } },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]+' },
    accessKeySecretType: { type: 'string', sensitive: true },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
