import { assumeRoleWithWebIdentityModel } from '../sts/assume-role-with-web-identity.ts'
import type { OperationModel, Shape } from '../types.ts'

/** What AssumeRoleWithLDAPIdentity takes; the shapes below are what gives an input this type. */
export interface AssumeRoleWithLDAPIdentityRequest {
  readonly LDAPUsername: string
  readonly LDAPPassword: string
  readonly ConfigName?: string
  readonly TokenRevokeType?: string
  readonly RoleArn?: string
  readonly RoleSessionName?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly MinimumSessionTokenSize?: number
}

export interface AssumeRoleWithLDAPIdentityResponse {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: Date
  }
  /** The user's distinguished name. */
  readonly SubjectFromToken: string
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
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

/** MinIO's action in the STS API, in the form of AWS's AssumeRoleWithWebIdentity, whose limits it shares. */
export const assumeRoleWithLDAPIdentityModel: OperationModel = {
  name: 'AssumeRoleWithLDAPIdentity',
  service: 'sts',
  input: 'AssumeRoleWithLDAPIdentityRequest',
  output: 'AssumeRoleWithLDAPIdentityResponse',
  errors: assumeRoleWithWebIdentityModel.errors,
  shapes: {
    ...shapes,
    AssumeRoleWithLDAPIdentityRequest: {
      type: 'structure',
      required: ['LDAPUsername', 'LDAPPassword'],
      members: {
        LDAPUsername: 'ldapUsernameType',
        LDAPPassword: 'ldapPasswordType',
        ConfigName: 'configNameType',
        TokenRevokeType: 'tokenRevokeType',
        RoleArn: 'arnType',
        RoleSessionName: 'roleSessionNameType',
        DurationSeconds: 'roleDurationSecondsType',
        Policy: 'sessionPolicyDocumentType',
        PolicyArns: 'policyDescriptorListType',
        MinimumSessionTokenSize: 'minimumSessionTokenSizeType',
      },
    },
    AssumeRoleWithLDAPIdentityResponse: {
      type: 'structure',
      required: [],
      members: {
        Credentials: 'Credentials',
        SubjectFromToken: 'distinguishedNameType',
        AssumedRoleUser: 'AssumedRoleUser',
        PackedPolicySize: 'nonNegativeIntegerType',
        Provider: 'Issuer',
        SessionTokenUtilization: 'sessionTokenUtilizationType',
        SessionTokenSize: 'sessionTokenSizeType',
      },
    },
    // People also type passwords where names belong, so it is not repeated either.
    ldapUsernameType: { type: 'string', min: 1, max: 1024, pattern: '[^\\u0000-\\u001F\\u007F]*', sensitive: true },
    ldapPasswordType: { type: 'string', min: 1, max: 1024, sensitive: true },
    configNameType: { type: 'string', min: 1, max: 64, pattern: '[A-Za-z0-9][A-Za-z0-9_-]*' },
    tokenRevokeType: { type: 'string', max: 256 },
    distinguishedNameType: { type: 'string' },
  },
}
