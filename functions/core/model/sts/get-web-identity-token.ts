// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getWebIdentityTokenModel: OperationModel = {
  name: 'GetWebIdentityToken',
  service: 'sts',
  input: 'GetWebIdentityTokenRequest',
  output: 'GetWebIdentityTokenResponse',
  errors: {
    SessionDurationEscalationException: 403,
    OutboundWebIdentityFederationDisabledException: 403,
    JWTPayloadSizeExceededException: 400,
  },
  shapes: {
    GetWebIdentityTokenRequest: {
      type: 'structure',
      required: ['Audience', 'SigningAlgorithm'],
      members: {
        Audience: 'webIdentityTokenAudienceListType',
        DurationSeconds: 'webIdentityTokenDurationSecondsType',
        SigningAlgorithm: 'jwtAlgorithmType',
        Tags: 'tagListType',
      },
    },
    GetWebIdentityTokenResponse: {
      type: 'structure',
      members: { WebIdentityToken: 'webIdentityTokenType', Expiration: 'dateType' },
      required: [],
    },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    dateType: { type: 'timestamp' },
    jwtAlgorithmType: { type: 'string', max: 5, min: 5 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
    webIdentityTokenAudienceListType: { type: 'list', member: 'webIdentityTokenAudienceStringType', max: 10, min: 1 },
    webIdentityTokenAudienceStringType: { type: 'string', max: 1000, min: 1 },
    webIdentityTokenDurationSecondsType: { type: 'integer', max: 3600, min: 60 },
    webIdentityTokenType: { type: 'string', sensitive: true },
  },
}
