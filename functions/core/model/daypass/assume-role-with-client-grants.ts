import type { OperationModel } from '../types.ts'
import { type ExchangeResponse, exchangeErrors, exchangeShapes } from './exchange.ts'

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

export interface AssumeRoleWithClientGrantsResponse extends ExchangeResponse {
  readonly SubjectFromToken: string
  readonly Provider: string
  readonly Audience?: string
  readonly SourceIdentity?: string
}

/** MinIO's action in the STS API, in the form of AWS's AssumeRoleWithWebIdentity, whose limits it shares. */
export const assumeRoleWithClientGrantsModel: OperationModel = {
  name: 'AssumeRoleWithClientGrants',
  service: 'sts',
  input: 'AssumeRoleWithClientGrantsRequest',
  output: 'AssumeRoleWithClientGrantsResponse',
  errors: exchangeErrors,
  shapes: {
    ...exchangeShapes,
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
