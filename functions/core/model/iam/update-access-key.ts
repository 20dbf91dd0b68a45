// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateAccessKeyModel: OperationModel = {
  name: 'UpdateAccessKey',
  service: 'iam',
  input: 'UpdateAccessKeyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500, InvalidInput: 400 },
  shapes: {
    UpdateAccessKeyRequest: {
      type: 'structure',
      required: ['AccessKeyId', 'Status'],
      members: { UserName: 'existingUserNameType', AccessKeyId: 'accessKeyIdType', Status: 'statusType' },
    },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]+' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
  },
}
