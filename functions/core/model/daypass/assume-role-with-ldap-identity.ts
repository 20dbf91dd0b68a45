import type { OperationModel } from '../types.ts'
import { type ExchangeResponse, exchangeErrors, exchangeShapes } from './exchange.ts'

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

export interface AssumeRoleWithLDAPIdentityResponse extends ExchangeResponse {
  /** The user's distinguished name. */
  readonly SubjectFromToken: string
  readonly Provider: string
}

/** MinIO's action in the STS API, in the form of AWS's AssumeRoleWithWebIdentity, whose limits it shares. */
export const assumeRoleWithLDAPIdentityModel: OperationModel = {
  name: 'AssumeRoleWithLDAPIdentity',
  service: 'sts',
  input: 'AssumeRoleWithLDAPIdentityRequest',
  output: 'AssumeRoleWithLDAPIdentityResponse',
  errors: exchangeErrors,
  shapes: {
    ...exchangeShapes,
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
