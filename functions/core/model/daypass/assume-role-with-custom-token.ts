import type { OperationModel } from '../types.ts'
import { type ExchangeResponse, exchangeErrors, exchangeShapes } from './exchange.ts'

/** What AssumeRoleWithCustomToken takes; the shapes below are what gives an input this type. */
export interface AssumeRoleWithCustomTokenRequest {
  readonly Token: string
  readonly RoleArn?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly MinimumSessionTokenSize?: number
}

export interface AssumeRoleWithCustomTokenResponse extends ExchangeResponse {
  /** MinIO's: `custom:<user>`. */
  readonly AssumedUser: string
}

/** MinIO's action in the STS API, with the limits of AWS's AssumeRoleWithWebIdentity. */
export const assumeRoleWithCustomTokenModel: OperationModel = {
  name: 'AssumeRoleWithCustomToken',
  service: 'sts',
  input: 'AssumeRoleWithCustomTokenRequest',
  output: 'AssumeRoleWithCustomTokenResponse',
  errors: exchangeErrors,
  shapes: {
    ...exchangeShapes,
    AssumeRoleWithCustomTokenRequest: {
      type: 'structure',
      required: ['Token'],
      members: {
        Token: 'customTokenType',
        RoleArn: 'arnType',
        DurationSeconds: 'roleDurationSecondsType',
        Policy: 'sessionPolicyDocumentType',
        PolicyArns: 'policyDescriptorListType',
        MinimumSessionTokenSize: 'minimumSessionTokenSizeType',
      },
    },
    AssumeRoleWithCustomTokenResponse: {
      type: 'structure',
      required: [],
      members: {
        Credentials: 'Credentials',
        AssumedUser: 'assumedUserType',
        AssumedRoleUser: 'AssumedRoleUser',
        PackedPolicySize: 'nonNegativeIntegerType',
        SessionTokenUtilization: 'sessionTokenUtilizationType',
        SessionTokenSize: 'sessionTokenSizeType',
      },
    },
    assumedUserType: { type: 'string' },
    // It travels on in a URL.
    customTokenType: { type: 'string', min: 1, max: 8192, sensitive: true },
  },
}
