import { assumeRoleWithWebIdentityModel } from '../sts/assume-role-with-web-identity.ts'
import type { OperationModel, Shape } from '../types.ts'

/** What AssumeRoleWithCustomToken takes; the shapes below are what gives an input this type. */
export interface AssumeRoleWithCustomTokenRequest {
  readonly Token: string
  readonly RoleArn?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly MinimumSessionTokenSize?: number
}

export interface AssumeRoleWithCustomTokenResponse {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: Date
  }
  /** MinIO's: `custom:<user>`. */
  readonly AssumedUser: string
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
  readonly SessionTokenSize: number
  readonly SessionTokenUtilization: number
}

const {
  AssumeRoleWithWebIdentityRequest: _in,
  AssumeRoleWithWebIdentityResponse: _out,
  ...shapes
} = assumeRoleWithWebIdentityModel.shapes as Readonly<Record<string, Shape>>

/** MinIO's action in the STS API, with the limits of AWS's AssumeRoleWithWebIdentity. */
export const assumeRoleWithCustomTokenModel: OperationModel = {
  name: 'AssumeRoleWithCustomToken',
  service: 'sts',
  input: 'AssumeRoleWithCustomTokenRequest',
  output: 'AssumeRoleWithCustomTokenResponse',
  errors: assumeRoleWithWebIdentityModel.errors,
  shapes: {
    ...shapes,
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
