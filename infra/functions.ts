import { Duration } from 'aws-cdk-lib'
import type { FunctionName } from './grants.ts'

export interface FunctionShape {
  /** What an operator reads in the console. */
  readonly description: string
  /** The STS action that this function alone answers on `/<Action>`; absent for the others. */
  readonly action?: string
  /** Where it alone answers POST, when it is no action of the Query API. */
  readonly path?: string
  /** In MiB; the share of a CPU grows with it, and signatures and key parsing are CPU work. */
  readonly memorySize: number
  readonly timeout: Duration
}

/** An issuer may take 5 s for its discovery document and 5 s for its keys; the HTTP API gives up after 30 s. */
const AN_EXCHANGE = Duration.seconds(20)

/** A few round trips to the table, with all of its retries. */
const SIGNED_REQUEST = { memorySize: 512, timeout: Duration.seconds(10) }

/** Every function of the deployment; each lives in the folder `functions/<name>`. */
export const FUNCTIONS: Readonly<Record<FunctionName, FunctionShape>> = {
  'assume-role': {
    description: "STS AssumeRole: gives a role, or the caller's own rights within a policy, for a while",
    action: 'AssumeRole',
    ...SIGNED_REQUEST,
  },
  'assume-role-with-certificate': {
    description: "AssumeRoleWithCertificate, MinIO's action: exchanges a client certificate of mutual TLS",
    action: 'AssumeRoleWithCertificate',
    ...SIGNED_REQUEST,
  },
  'assume-role-with-client-grants': {
    description:
      "AssumeRoleWithClientGrants, MinIO's action: exchanges a service's own token for temporary credentials",
    action: 'AssumeRoleWithClientGrants',
    memorySize: 512,
    timeout: AN_EXCHANGE,
  },
  'assume-role-with-custom-token': {
    description: "AssumeRoleWithCustomToken, MinIO's action: exchanges a token that an identity webhook vouches for",
    action: 'AssumeRoleWithCustomToken',
    memorySize: 512,
    timeout: AN_EXCHANGE,
  },
  'assume-role-with-ldap-identity': {
    description: "AssumeRoleWithLDAPIdentity, MinIO's action: exchanges a directory's user name and password",
    action: 'AssumeRoleWithLDAPIdentity',
    memorySize: 512,
    timeout: AN_EXCHANGE,
  },
  'assume-role-with-saml': {
    description: 'STS AssumeRoleWithSAML: exchanges what an identity provider asserts for temporary credentials',
    action: 'AssumeRoleWithSAML',
    ...SIGNED_REQUEST,
  },
  'assume-role-with-web-identity': {
    description: 'STS AssumeRoleWithWebIdentity: exchanges an OpenID token for temporary credentials',
    action: 'AssumeRoleWithWebIdentity',
    memorySize: 512,
    timeout: AN_EXCHANGE,
  },
  'assume-root': {
    description: 'STS AssumeRoot: lets an administrator of the default account do one task as root of another',
    action: 'AssumeRoot',
    ...SIGNED_REQUEST,
  },
  'check-directory': {
    description: 'Checks a password against a directory, for AssumeRoleWithLDAPIdentity; has neither table nor keys',
    memorySize: 512,
    // It gives up by itself within 15: 1 for the look-up password, 2 for each of 3 servers, 8 for the conversation.
    timeout: Duration.seconds(16),
  },
  'create-session': {
    description: "CreateSession of IAM Roles Anywhere: exchanges a request signed with a certificate's key",
    path: '/sessions',
    ...SIGNED_REQUEST,
  },
  'decode-authorization-message': {
    description: 'STS DecodeAuthorizationMessage: tells why a request was denied',
    action: 'DecodeAuthorizationMessage',
    ...SIGNED_REQUEST,
  },
  'get-access-key-info': {
    description: 'STS GetAccessKeyInfo: tells the account of an access key id',
    action: 'GetAccessKeyInfo',
    ...SIGNED_REQUEST,
  },
  'get-caller-identity': {
    description: 'STS GetCallerIdentity: tells whose credentials signed the request',
    action: 'GetCallerIdentity',
    ...SIGNED_REQUEST,
  },
  'get-delegated-access-token': {
    description: 'STS GetDelegatedAccessToken: refuses trade-in tokens, which nobody issues here',
    action: 'GetDelegatedAccessToken',
    ...SIGNED_REQUEST,
  },
  'get-federation-token': {
    description: 'STS GetFederationToken: makes a session for somebody whom the calling user knows',
    action: 'GetFederationToken',
    ...SIGNED_REQUEST,
  },
  'get-session-token': {
    description: "STS GetSessionToken: makes a session of the caller's own rights",
    action: 'GetSessionToken',
    ...SIGNED_REQUEST,
  },
  'get-web-identity-token': {
    description: 'STS GetWebIdentityToken: makes a token that tells another service who the caller is',
    action: 'GetWebIdentityToken',
    ...SIGNED_REQUEST,
  },
  'revoke-sessions': {
    description: 'RevokeSessions, an action of Daypass in the STS API: ends sessions before their time',
    action: 'RevokeSessions',
    ...SIGNED_REQUEST,
  },
  'front-door': {
    description:
      'STS and IAM on POST / and GET /: finds the action in the raw request and runs it, or calls its function',
    memorySize: 1024,
    timeout: AN_EXCHANGE,
  },
  iam: {
    description: 'The IAM API; reached through the front door alone',
    memorySize: 512,
    timeout: Duration.seconds(15),
  },
  s3: {
    description: 'S3 gateway: verifies and authorizes S3 requests and streams objects',
    memorySize: 1024,
    timeout: Duration.minutes(15),
  },
  bootstrap: {
    description: 'Applies the bootstrap document at deploy: key rings, root access key, accounts and their entities',
    memorySize: 512,
    timeout: Duration.minutes(4),
  },
  'key-rotation': {
    description: 'Adds a key to a key ring; called by Secrets Manager when a ring is due',
    memorySize: 256,
    timeout: Duration.seconds(30),
  },
  prober: {
    description: 'Tries exchanges that must fail, and tells when one succeeds; runs every quarter of an hour',
    memorySize: 512,
    timeout: Duration.minutes(2),
  },
  'reseal-secrets': {
    description: 'Seals long-term secrets with the newest key of their ring; runs each day',
    memorySize: 512,
    timeout: Duration.minutes(15),
  },
}
