import type { OperationModel } from '../types.ts'

/** What RevokeSessions takes; the shapes below are what gives an input this type. */
export interface RevokeSessionsRequest {
  readonly AccessKeyId?: string
  readonly PrincipalArn?: string
  readonly ProviderArn?: string
  readonly AllOfAccount?: boolean
  readonly IssuedBefore?: Date
  readonly TokenRevokeType?: string
}

export interface RevokeSessionsResponse {
  /** Sessions that were issued later are untouched. */
  readonly IssuedBefore: Date
}

/** Daypass's own action in the STS API, in the form of AWS's. */
export const revokeSessionsModel: OperationModel = {
  name: 'RevokeSessions',
  service: 'sts',
  input: 'RevokeSessionsRequest',
  output: 'RevokeSessionsResponse',
  errors: { NoSuchEntity: 404 },
  shapes: {
    RevokeSessionsRequest: {
      type: 'structure',
      required: [],
      members: {
        AccessKeyId: 'accessKeyIdType',
        PrincipalArn: 'arnType',
        ProviderArn: 'arnType',
        AllOfAccount: 'booleanType',
        IssuedBefore: 'dateType',
        TokenRevokeType: 'tokenRevokeType',
      },
    },
    RevokeSessionsResponse: { type: 'structure', required: ['IssuedBefore'], members: { IssuedBefore: 'dateType' } },
    accessKeyIdType: { type: 'string', min: 1, max: 128, pattern: '[\\u0021-\\u007E]*' },
    arnType: { type: 'string', min: 20, max: 2048, format: 'arn' },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    tokenRevokeType: { type: 'string', max: 256 },
  },
}
