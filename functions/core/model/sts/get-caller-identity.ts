// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getCallerIdentityModel: OperationModel = {
  name: 'GetCallerIdentity',
  service: 'sts',
  input: 'GetCallerIdentityRequest',
  output: 'GetCallerIdentityResponse',
  errors: {},
  shapes: {
    GetCallerIdentityRequest: { type: 'structure', members: {}, required: [] },
    GetCallerIdentityResponse: {
      type: 'structure',
      members: { UserId: 'userIdType', Account: 'accountType', Arn: 'arnType' },
      required: [],
    },
    accountType: { type: 'string' },
    arnType: {
      type: 'string',
      max: 2048,
      min: 20,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
      format: 'arn',
    },
    userIdType: { type: 'string' },
  },
}
