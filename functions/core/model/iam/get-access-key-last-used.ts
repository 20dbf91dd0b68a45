// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getAccessKeyLastUsedModel: OperationModel = {
  name: 'GetAccessKeyLastUsed',
  service: 'iam',
  input: 'GetAccessKeyLastUsedRequest',
  output: 'GetAccessKeyLastUsedResponse',
  errors: {},
  shapes: {
    AccessKeyLastUsed: {
      type: 'structure',
      required: ['ServiceName', 'Region'],
      members: { LastUsedDate: 'dateType', ServiceName: 'stringType', Region: 'stringType' },
    },
    GetAccessKeyLastUsedRequest: {
      type: 'structure',
      required: ['AccessKeyId'],
      members: { AccessKeyId: 'accessKeyIdType' },
    },
    GetAccessKeyLastUsedResponse: {
      type: 'structure',
      members: { UserName: 'existingUserNameType', AccessKeyLastUsed: 'AccessKeyLastUsed' },
      required: [],
    },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]+' },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    stringType: { type: 'string' },
  },
}
