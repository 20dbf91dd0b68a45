import type { FakeIssuer } from '../../support/fake-issuer.ts'
import { signRequest } from '../../support/sign.ts'
import type { Deployment } from './clients.ts'
import { CLIENT_ID, MEMBER_ACCOUNT, ROLE_ARN, SUBJECT, trialDocument } from './trial-document.ts'

const HOST = 'trial.execute-api.us-east-1.amazonaws.com'

export interface Trial {
  readonly event: unknown
  /** What the answer looks like. */
  readonly answer: RegExp
}

/** A ring's secret, and the version of it that is in force. */
export interface RotatedRing {
  readonly ring: string
  readonly version: string
}

type RootKey = Deployment['rootKey']

/** Each STS action's parameters by root, and what its answer looks like. */
const BY_ROOT: Readonly<Record<string, readonly [action: string, params: Record<string, string>, answer: RegExp]>> = {
  // Without a role: root's own rights.
  'assume-role': ['AssumeRole', {}, /"statusCode":200/],
  'assume-root': [
    'AssumeRoot',
    {
      TargetPrincipal: MEMBER_ACCOUNT,
      'TaskPolicyArn.arn': 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials',
    },
    /"statusCode":200/,
  ],
  'decode-authorization-message': [
    'DecodeAuthorizationMessage',
    { EncodedMessage: 'damaged' },
    /<Code>InvalidAuthorizationMessageException</,
  ],
  'get-access-key-info': ['GetAccessKeyInfo', { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }, /<Code>ValidationError</],
  'get-caller-identity': ['GetCallerIdentity', {}, /"statusCode":200/],
  'get-delegated-access-token': [
    'GetDelegatedAccessToken',
    { TradeInToken: 'any' },
    /<Code>ExpiredTradeInTokenException</,
  ],
  'get-federation-token': ['GetFederationToken', { Name: 'guest' }, /"statusCode":200/],
  'get-session-token': ['GetSessionToken', {}, /"statusCode":200/],
  'get-web-identity-token': [
    'GetWebIdentityToken',
    { 'Audience.member.1': 'https://api.example', SigningAlgorithm: 'ES384' },
    /<Code>OutboundWebIdentityFederationDisabledException</,
  ],
  'revoke-sessions': ['RevokeSessions', { AllOfAccount: 'true' }, /"statusCode":200/],
}

/** An event for each function, as its trigger sends it. */
export function trialOf(name: string, issuer: FakeIssuer, rootKey: RootKey, rotated: RotatedRing): Trial {
  const [action, params, answer] = BY_ROOT[name] ?? []
  if (action && params && answer) {
    const form = { Action: action, Version: '2011-06-15', ...params }
    return { event: signedEvent(rootKey, 'sts', `/${action}`, form), answer }
  }
  switch (name) {
    case 'assume-role-with-web-identity':
      return {
        event: httpEvent('POST', '/AssumeRoleWithWebIdentity', exchangeForm(issuer)),
        answer: /"statusCode":200/,
      }
    case 'assume-role-with-client-grants': {
      const { WebIdentityToken: Token = '', ...form } = exchangeForm(issuer)
      const grants = { ...form, Action: 'AssumeRoleWithClientGrants', Token }
      return { event: httpEvent('POST', '/AssumeRoleWithClientGrants', grants), answer: /"statusCode":200/ }
    }
    case 'assume-role-with-saml': {
      const PrincipalArn = ROLE_ARN.replace(/role\/.*/, 'saml-provider/none')
      const form = {
        Action: 'AssumeRoleWithSAML',
        Version: '2011-06-15',
        RoleArn: ROLE_ARN,
        PrincipalArn,
        SAMLAssertion: 'bm9uZQ==',
      }
      // A recorded assertion would be too old by now: the bundle reads this one, and refuses it.
      return { event: httpEvent('POST', '/AssumeRoleWithSAML', form), answer: /<Code>InvalidIdentityToken</ }
    }
    case 'assume-role-with-custom-token': {
      const form = { Action: 'AssumeRoleWithCustomToken', Version: '2011-06-15', Token: 'any' }
      // No identity webhook is configured: the action answers, and lets nobody in.
      return { event: httpEvent('POST', '/AssumeRoleWithCustomToken', form), answer: /<Code>AccessDenied</ }
    }
    case 'assume-role-with-ldap-identity': {
      const form = {
        Action: 'AssumeRoleWithLDAPIdentity',
        Version: '2011-06-15',
        LDAPUsername: 'alice',
        LDAPPassword: 'alice-pw',
      }
      // No directory is configured: what checks passwords says so, and nobody is let in.
      const answer = /<Code>ValidationError<.*No directory is configured/
      return { event: httpEvent('POST', '/AssumeRoleWithLDAPIdentity', form), answer }
    }
    case 'check-directory':
      return { event: { source: 'default', userName: 'alice', password: 'alice-pw' }, answer: /unknown-source/ }
    case 'assume-role-with-certificate': {
      const form = { Action: 'AssumeRoleWithCertificate', Version: '2011-06-15' }
      // No certificate provider is configured: the action answers, and lets nobody in.
      return { event: httpEvent('POST', '/AssumeRoleWithCertificate', form), answer: /<Code>AccessDenied</ }
    }
    case 'create-session':
      return { event: httpEvent('POST', '/sessions', {}), answer: /AccessDeniedException/ }
    case 'front-door':
      return { event: httpEvent('POST', '/', exchangeForm(issuer)), answer: /"statusCode":200/ }
    case 'iam': {
      const form = { Action: 'ListUsers', Version: '2010-05-08' }
      return { event: signedEvent(rootKey, 'iam', '/', form), answer: /"statusCode":200/ }
    }
    case 's3':
      return { event: httpEvent('GET', '/'), answer: /<Code>AccessDenied</ }
    case 'key-rotation': {
      // A version that is in force already has nothing left to be done.
      const event = { SecretId: rotated.ring, Step: 'createSecret', ClientRequestToken: rotated.version }
      return { event, answer: /response null/ }
    }
    case 'prober':
      return { event: httpEvent('GET', '/_daypass/prober/jwks.json'), answer: /"statusCode":200.*RSA/ }
    case 'reseal-secrets':
      return { event: {}, answer: /"lost":0/ }
    case 'bootstrap':
      return { event: updateEvent(issuer), answer: /response null/ }
    default:
      throw new Error(`there is no event for ${name}`)
  }
}

function signedEvent(rootKey: RootKey, service: 'sts' | 'iam', path: string, form: Record<string, string>): unknown {
  const { headers } = signRequest({
    accessKeyId: rootKey.AccessKeyId,
    secretAccessKey: rootKey.SecretAccessKey,
    service,
    region: 'us-east-1',
    now: Date.now(),
    method: 'POST',
    url: `https://${HOST}${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  return httpEvent('POST', path, form, headers)
}

function updateEvent(issuer: FakeIssuer): unknown {
  return {
    RequestType: 'Update',
    ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:daypass-bootstrap',
    ResponseURL: 'data:,',
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/DaypassApi/1',
    RequestId: '1',
    LogicalResourceId: 'AppliedBootstrap',
    PhysicalResourceId: 'bootstrap',
    ResourceType: 'Custom::DaypassBootstrap',
    ResourceProperties: { Document: JSON.stringify(trialDocument(issuer.url)) },
  }
}

function exchangeForm(issuer: FakeIssuer): Record<string, string> {
  return {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE_ARN,
    RoleSessionName: 'bundle',
    WebIdentityToken: issuer.sign({ sub: SUBJECT, aud: CLIENT_ID }),
  }
}

/** Payload 2.0; a form is in base64, as the HTTP API hands it over. */
function httpEvent(
  method: 'GET' | 'POST',
  path: string,
  form?: Record<string, string>,
  signed: Record<string, string> = {},
): unknown {
  const body = form && new URLSearchParams(form).toString()
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: {
      host: HOST,
      'x-forwarded-proto': 'https',
      ...(body && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }),
      ...signed,
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'trial',
      domainName: HOST,
      domainPrefix: 'trial',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'trial' },
      requestId: 'trial-request',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    ...(body && { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
  }
}
