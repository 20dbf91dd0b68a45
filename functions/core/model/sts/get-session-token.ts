// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getSessionTokenModel: OperationModel = {
  name: 'GetSessionToken',
  service: 'sts',
  input: 'GetSessionTokenRequest',
  output: 'GetSessionTokenResponse',
  errors: { RegionDisabledException: 403 },
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
    GetSessionTokenRequest: {
      type: 'structure',
      members: {
        DurationSeconds: 'durationSecondsType',
        SerialNumber: 'serialNumberType',
        TokenCode: 'tokenCodeType',
        MinimumSessionTokenSize: 'minimumSessionTokenSizeType',
      },
      required: [],
    },
    GetSessionTokenResponse: {
      type: 'structure',
      members: {
        Credentials: 'Credentials',
        SessionTokenUtilization: 'sessionTokenUtilizationType',
        SessionTokenSize: 'sessionTokenSizeType',
      },
      required: [],
    },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]*' },
    accessKeySecretType: { type: 'string', sensitive: true },
    dateType: { type: 'timestamp' },
    durationSecondsType: { type: 'integer', max: 129600, min: 900 },
    minimumSessionTokenSizeType: { type: 'integer', max: 4096, min: 0 },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]*' },
    sessionTokenSizeType: { type: 'integer', min: 0 },
    sessionTokenUtilizationType: { type: 'integer', min: 0 },
    tokenCodeType: { type: 'string', max: 6, min: 6, pattern: '[\\d]*', sensitive: true },
    tokenType: { type: 'string' },
  },
}
