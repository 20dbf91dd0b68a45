import type { OperationModel } from '../types.ts'
import { type ExchangeResponse, exchangeErrors, exchangeShapes } from './exchange.ts'

/** What AssumeRoleWithCertificate takes; the certificate itself comes with the connection. */
export interface AssumeRoleWithCertificateRequest {
  readonly RoleArn?: string
  readonly RoleSessionName?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly MinimumSessionTokenSize?: number
}

export interface AssumeRoleWithCertificateResponse extends ExchangeResponse {
  /** The certificate provider's ARN. */
  readonly Provider: string
}

/** MinIO's action in the STS API, with the limits of AWS's AssumeRoleWithWebIdentity. */
export const assumeRoleWithCertificateModel: OperationModel = {
  name: 'AssumeRoleWithCertificate',
  service: 'sts',
  input: 'AssumeRoleWithCertificateRequest',
  output: 'AssumeRoleWithCertificateResponse',
  errors: exchangeErrors,
  shapes: {
    ...exchangeShapes,
    AssumeRoleWithCertificateRequest: {
      type: 'structure',
      required: [],
      members: {
        RoleArn: 'arnType',
        RoleSessionName: 'roleSessionNameType',
        DurationSeconds: 'roleDurationSecondsType',
        Policy: 'sessionPolicyDocumentType',
        PolicyArns: 'policyDescriptorListType',
        MinimumSessionTokenSize: 'minimumSessionTokenSizeType',
      },
    },
    AssumeRoleWithCertificateResponse: {
      type: 'structure',
      required: [],
      members: {
        Credentials: 'Credentials',
        AssumedRoleUser: 'AssumedRoleUser',
        Provider: 'arnType',
        PackedPolicySize: 'nonNegativeIntegerType',
        SessionTokenUtilization: 'sessionTokenUtilizationType',
        SessionTokenSize: 'sessionTokenSizeType',
      },
    },
  },
}
