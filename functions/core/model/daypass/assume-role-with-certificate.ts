import { assumeRoleWithWebIdentityModel } from '../sts/assume-role-with-web-identity.ts'
import type { OperationModel, Shape } from '../types.ts'

/** What AssumeRoleWithCertificate takes; the certificate itself comes with the connection. */
export interface AssumeRoleWithCertificateRequest {
  readonly RoleArn?: string
  readonly RoleSessionName?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly MinimumSessionTokenSize?: number
}

export interface AssumeRoleWithCertificateResponse {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: Date
  }
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  /** The certificate provider's ARN. */
  readonly Provider: string
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
export const assumeRoleWithCertificateModel: OperationModel = {
  name: 'AssumeRoleWithCertificate',
  service: 'sts',
  input: 'AssumeRoleWithCertificateRequest',
  output: 'AssumeRoleWithCertificateResponse',
  errors: assumeRoleWithWebIdentityModel.errors,
  shapes: {
    ...shapes,
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
