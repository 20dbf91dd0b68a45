import { assumeRoleWithWebIdentityModel } from '../sts/assume-role-with-web-identity.ts'
import type { OperationModel, Shape } from '../types.ts'

/** What AssumeRoleWithClientGrants takes; the shapes below are what gives an input this type. */
export interface AssumeRoleWithClientGrantsRequest {
  readonly Token: string
  readonly RoleArn?: string
  readonly RoleSessionName?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly MinimumSessionTokenSize?: number
}

export interface AssumeRoleWithClientGrantsResponse {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: Date
  }
  readonly SubjectFromToken: string
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly Provider: string
  readonly Audience?: string
  readonly PackedPolicySize?: number
  readonly SessionTokenSize: number
  readonly SessionTokenUtilization: number
  readonly SourceIdentity?: string
}

const {
  AssumeRoleWithWebIdentityRequest: _in,
  AssumeRoleWithWebIdentityResponse: _out,
  ...shapes
} = assumeRoleWithWebIdentityModel.shapes as Readonly<Record<string, Shape>>

/** MinIO's action in the STS API, in the form of AWS's AssumeRoleWithWebIdentity, whose limits it shares. */
export const assumeRoleWithClientGrantsModel: OperationModel = {
  name: 'AssumeRoleWithClientGrants',
  service: 'sts',
  input: 'AssumeRoleWithClientGrantsRequest',
  output: 'AssumeRoleWithClientGrantsResponse',
  errors: assumeRoleWithWebIdentityModel.errors,
  shapes: {
    ...shapes,
    AssumeRoleWithClientGrantsRequest: {
      type: 'structure',
      required: ['Token'],
      members: {
        Token: 'clientTokenType',
        RoleArn: 'arnType',
        RoleSessionName: 'roleSessionNameType',
        DurationSeconds: 'roleDurationSecondsType',
        Policy: 'sessionPolicyDocumentType',
        PolicyArns: 'policyDescriptorListType',
        MinimumSessionTokenSize: 'minimumSessionTokenSizeType',
      },
    },
    AssumeRoleWithClientGrantsResponse: {
      type: 'structure',
      required: [],
      members: {
        Credentials: 'Credentials',
        SubjectFromToken: 'webIdentitySubjectType',
        AssumedRoleUser: 'AssumedRoleUser',
        PackedPolicySize: 'nonNegativeIntegerType',
        Provider: 'Issuer',
        Audience: 'Audience',
        SourceIdentity: 'sourceIdentityType',
        SessionTokenUtilization: 'sessionTokenUtilizationType',
        SessionTokenSize: 'sessionTokenSizeType',
      },
    },
  },
}
