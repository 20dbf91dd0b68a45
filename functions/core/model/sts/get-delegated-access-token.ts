// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getDelegatedAccessTokenModel: OperationModel = {
  name: 'GetDelegatedAccessToken',
  service: 'sts',
  input: 'GetDelegatedAccessTokenRequest',
  output: 'GetDelegatedAccessTokenResponse',
  errors: { ExpiredTradeInTokenException: 400, RegionDisabledException: 403, PackedPolicyTooLarge: 400 },
  shapes: {
    Credentials: {
      type: 'structure',
      required: ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'],
      members: {
        AccessKeyId: 'accessKeyIdType',
        SecretAccessKey: 'accessKeySecretType',
        SessionToken: 'tokenType',
        Expiration: 'dateType',
      },
    },
    GetDelegatedAccessTokenRequest: {
      type: 'structure',
      required: ['TradeInToken'],
      members: { TradeInToken: 'tradeInTokenType' },
    },
    GetDelegatedAccessTokenResponse: {
      type: 'structure',
      members: { Credentials: 'Credentials', PackedPolicySize: 'nonNegativeIntegerType', AssumedPrincipal: 'arnType' },
      required: [],
    },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]*' },
    accessKeySecretType: { type: 'string', sensitive: true },
    arnType: {
      type: 'string',
      max: 2048,
      min: 20,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
      format: 'arn',
    },
    dateType: { type: 'timestamp' },
    nonNegativeIntegerType: { type: 'integer', min: 0 },
    tokenType: { type: 'string' },
    tradeInTokenType: { type: 'string', sensitive: true },
  },
}
