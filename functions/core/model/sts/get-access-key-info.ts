// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getAccessKeyInfoModel: OperationModel = {
  name: 'GetAccessKeyInfo',
  service: 'sts',
  input: 'GetAccessKeyInfoRequest',
  output: 'GetAccessKeyInfoResponse',
  errors: {},
  shapes: {
    GetAccessKeyInfoRequest: {
      type: 'structure',
      required: ['AccessKeyId'],
      members: { AccessKeyId: 'accessKeyIdType' },
    },
    GetAccessKeyInfoResponse: { type: 'structure', members: { Account: 'accountType' }, required: [] },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]*' },
    accountType: { type: 'string' },
  },
}
