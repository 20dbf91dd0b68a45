// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteAccessKeyModel: OperationModel = {
  name: 'DeleteAccessKey',
  service: 'iam',
  input: 'DeleteAccessKeyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteAccessKeyRequest: {
      type: 'structure',
      required: ['AccessKeyId'],
      members: { UserName: 'existingUserNameType', AccessKeyId: 'accessKeyIdType' },
    },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]+' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
