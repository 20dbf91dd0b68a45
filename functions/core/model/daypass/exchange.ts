import { assumeRoleWithWebIdentityModel } from '../sts/assume-role-with-web-identity.ts'
import type { Shape } from '../types.ts'

const {
  AssumeRoleWithWebIdentityRequest: _in,
  AssumeRoleWithWebIdentityResponse: _out,
  ...shapes
} = assumeRoleWithWebIdentityModel.shapes as Readonly<Record<string, Shape>>

/** The shapes of AWS's AssumeRoleWithWebIdentity without its own input and output: MinIO's exchanges share its limits. */
export const exchangeShapes = shapes

/** … and its errors. */
export const exchangeErrors = assumeRoleWithWebIdentityModel.errors

/** What every such exchange answers, besides what is its own. */
export interface ExchangeResponse {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: Date
  }
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
  readonly SessionTokenSize: number
  readonly SessionTokenUtilization: number
}
