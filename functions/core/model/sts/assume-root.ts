// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const assumeRootModel: OperationModel = {
  name: 'AssumeRoot',
  service: 'sts',
  input: 'AssumeRootRequest',
  output: 'AssumeRootResponse',
  errors: { RegionDisabledException: 403, ExpiredTokenException: 400 },
  shapes: {
    AssumeRootRequest: {
      type: 'structure',
      required: ['TargetPrincipal', 'TaskPolicyArn'],
      members: {
        TargetPrincipal: 'TargetPrincipalType',
        TaskPolicyArn: 'PolicyDescriptorType',
        DurationSeconds: 'RootDurationSecondsType',
        MinimumSessionTokenSize: 'minimumSessionTokenSizeType',
      },
    },
    AssumeRootResponse: {
      type: 'structure',
      members: {
        Credentials: 'Credentials',
        SourceIdentity: 'sourceIdentityType',
        SessionTokenUtilization: 'sessionTokenUtilizationType',
        SessionTokenSize: 'sessionTokenSizeType',
      },
      required: [],
    },
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
    PolicyDescriptorType: { type: 'structure', members: { arn: 'arnType' }, required: ['arn'] },
    RootDurationSecondsType: { type: 'integer', max: 900, min: 0 },
    TargetPrincipalType: { type: 'string', max: 2048, min: 0 },
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
    minimumSessionTokenSizeType: { type: 'integer', max: 4096, min: 0 },
    sessionTokenSizeType: { type: 'integer', min: 0 },
    sessionTokenUtilizationType: { type: 'integer', min: 0 },
    sourceIdentityType: { type: 'string', max: 64, min: 2, pattern: '[\\w+=,.@-]*' },
    tokenType: { type: 'string' },
  },
}
