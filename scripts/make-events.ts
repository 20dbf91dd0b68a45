/**
 * Writes the event fixtures: `node scripts/make-events.ts`. A file is named `<function>.<what>.<granted or error code>.json`.
 * All happen at one instant, which is the events' own time; the key that signs the tokens is made here and thrown away, and
 * only its public half is kept (`events/issuer-keys.json`), so a new run writes all tokens anew. Likewise the certificate
 * authority (`events/certificate-authority.json`) and the keys of its clients.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Made, makeAuthority, makeCertificate, uri } from '../test/support/certificate-maker.ts'
import { compactJws, type FakeKey, makeFakeKey, publicJwk } from '../test/support/fake-issuer.ts'
import { makeFakeIdp } from '../test/support/fake-saml.ts'
import { presign, type SignedRequest, signRequest } from '../test/support/sign.ts'
import { signX509 } from '../test/support/sign-x509.ts'

const FOLDER = fileURLToPath(new URL('../events/', import.meta.url))
const NOW = Date.parse('2026-01-01T00:00:00Z')
const ISSUER = 'https://issuer.example'
const ACCOUNT = '000000000000'
const HOST = 'sts.example'
/** The keys of AWS's documentation: they open nothing anywhere. */
const ALICE = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
const ROOT = { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' }
/** Root of the default account may act on it. */
const MEMBER_ACCOUNT = '111122223333'

/** Its key is thrown away too; what it has signed stays good for the instant of the events. */
const IDP = makeFakeIdp({ entityId: 'https://idp.example/saml' })
const SAML_ROLE = `arn:aws:iam::${ACCOUNT}:role/Staff`
const SAML_PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/Example`

const BOOTSTRAP = {
  accounts: [
    { id: MEMBER_ACCOUNT },
    {
      id: ACCOUNT,
      rootAccessKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey },
      users: [
        {
          UserName: 'alice',
          accessKeys: [{ AccessKeyId: ALICE.accessKeyId, SecretAccessKey: ALICE.secretAccessKey }],
          attachedPolicies: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'],
          policies: {
            sts: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: [
                    'sts:DecodeAuthorizationMessage',
                    'sts:GetAccessKeyInfo',
                    'sts:GetDelegatedAccessToken',
                    'sts:GetWebIdentityToken',
                  ],
                  Resource: '*',
                },
                {
                  Effect: 'Allow',
                  Action: 'sts:GetFederationToken',
                  Resource: `arn:aws:sts::${ACCOUNT}:federated-user/guest`,
                },
              ],
            },
          },
        },
      ],
      samlProviders: [{ Name: 'Example', SAMLMetadataDocument: IDP.metadata() }],
      groups: [
        {
          GroupName: 'cn=projecta,ou=groups,dc=example,dc=org',
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
      ],
      openIdConnectProviders: [{ Url: ISSUER, ClientIDList: ['app'] }],
      roles: [
        {
          RoleName: 'S3Access',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer.example` },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: { StringEquals: { 'issuer.example:sub': 'alice' } },
            },
          },
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
        },
        {
          RoleName: 'Service',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer.example` },
              Action: 'sts:AssumeRoleWithClientGrants',
              Condition: { StringEquals: { 'issuer.example:azp': 'app' } },
            },
          },
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
        {
          RoleName: 'Machine',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Federated: `arn:aws:iam::${ACCOUNT}:certificate-provider/default` },
                Action: 'sts:AssumeRoleWithCertificate',
                Condition: { StringEquals: { 'cert:san/uri': 'spiffe://example.org/machine' } },
              },
              {
                Effect: 'Allow',
                Principal: { Service: 'rolesanywhere.amazonaws.com' },
                Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
                Condition: { StringEquals: { 'aws:PrincipalTag/x509SAN/URI': 'spiffe://example.org/machine' } },
              },
            ],
          },
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
        {
          RoleName: 'Staff',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: SAML_PROVIDER },
              Action: 'sts:AssumeRoleWithSAML',
              Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
            },
          },
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
        {
          RoleName: 'Team',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/alice` },
              Action: 'sts:AssumeRole',
            },
          },
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
      ],
    },
  ],
}

const seconds = NOW / 1000
const CLAIMS = { iss: ISSUER, sub: 'alice', aud: 'app', iat: seconds, exp: seconds + 3600 }

function tokens(key: FakeKey): Record<string, string> {
  const header = { alg: key.alg, kid: key.kid, typ: 'JWT' }
  const token = (claims: object = {}) => compactJws(header, { ...CLAIMS, ...claims }, key)
  const honest = token()
  return {
    granted: honest,
    ExpiredTokenException: token({ exp: seconds }),
    AccessDenied: token({ sub: 'mallory' }),
    'InvalidIdentityToken wrong-audience': token({ aud: 'other' }),
    'InvalidIdentityToken unknown-issuer': token({ iss: 'https://elsewhere.example' }),
    'InvalidIdentityToken altered': honest.replace(/\.[^.]+\./, `.${base64url({ ...CLAIMS, sub: 'root' })}.`),
    'InvalidIdentityToken alg-none': `${base64url({ alg: 'none' })}.${base64url(CLAIMS)}.`,
  }
}

/** A service's own tokens name their client and nobody else. */
function clientTokens(key: FakeKey): Record<string, string> {
  const token = (claims: object) =>
    compactJws({ alg: key.alg, kid: key.kid, typ: 'at+jwt' }, { ...CLAIMS, sub: undefined, azp: 'app', ...claims }, key)
  return {
    granted: token({}),
    ExpiredTokenException: token({ exp: seconds }),
    AccessDenied: token({ azp: 'other' }),
    'InvalidIdentityToken nobody': token({ azp: undefined }),
    'InvalidIdentityToken wrong-audience': token({ aud: 'other', azp: 'other' }),
  }
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An event of payload format 2.0; form bodies arrive in base64. */
function event(request: Pick<SignedRequest, 'method' | 'path' | 'rawQuery' | 'headers' | 'body'>): object {
  const { method, path, rawQuery, headers, body } = request
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: rawQuery,
    headers: { ...headers, 'x-forwarded-proto': 'https' },
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'example',
      domainName: HOST,
      domainPrefix: 'sts',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'example' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: NOW,
    },
    ...(body.length > 0 ? { body: body.toString('base64') } : {}),
    isBase64Encoded: body.length > 0,
  }
}

/** As API Gateway tells of the certificate of a client, with mutual TLS. */
function withCertificate(made: object, { pem }: Made): object {
  const { requestContext, ...rest } = made as { readonly requestContext: object }
  const clientCert = {
    clientCertPem: pem,
    issuerDN: 'CN=Example CA',
    serialNumber: '1',
    subjectDN: 'CN=machine',
    validity: { notAfter: 'Jan  1 00:00:00 2035 GMT', notBefore: 'Jan  1 00:00:00 2025 GMT' },
  }
  return { ...rest, requestContext: { ...requestContext, authentication: { clientCert } } }
}

/** Requests of a machine with a certificate, by their files' names: over mutual TLS, and signed by the certificate's key. */
function certificateEvents(authority: Made): Record<string, object> {
  const machine = (options: object = {}) =>
    makeCertificate({
      by: authority,
      subject: { CN: 'machine' },
      names: [uri('spiffe://example.org/machine')],
      ...options,
    })
  const role = `arn:aws:iam::${ACCOUNT}:role/Machine`
  const exchange = unsigned('/AssumeRoleWithCertificate', { Action: 'AssumeRoleWithCertificate', RoleArn: role })
  const anywhere = (kind: string) => `arn:aws:rolesanywhere:us-east-1:${ACCOUNT}:${kind}/default`
  const session = (certificate: Made, more: object = {}) => {
    const arns = { profileArn: anywhere('profile'), roleArn: role, trustAnchorArn: anywhere('trust-anchor') }
    return signX509({ certificate, now: NOW, host: HOST, body: JSON.stringify({ ...arns, ...more }) })
  }
  const stranger = machine({ by: makeAuthority() })
  const honest = machine()
  const name = 'assume-role-with-certificate'
  return {
    [`${name}.machine.granted`]: withCertificate(exchange, honest),
    [`${name}.another-machine.AccessDenied`]: withCertificate(
      exchange,
      machine({ names: [uri('spiffe://example.org/b')] }),
    ),
    [`${name}.over.ExpiredTokenException`]: withCertificate(exchange, machine({ to: NOW - 1000 })),
    [`${name}.server.InvalidIdentityToken`]: withCertificate(exchange, machine({ purposes: ['1.3.6.1.5.5.7.3.1'] })),
    [`${name}.other-authority.InvalidIdentityToken`]: withCertificate(exchange, stranger),
    [`${name}.no-certificate.InvalidIdentityToken`]: exchange,
    'create-session.machine.granted': event(session(honest)),
    'create-session.altered.AccessDeniedException': event({ ...session(honest), body: Buffer.from('{}') }),
    'create-session.other-authority.AccessDeniedException': event(session(stranger)),
    'create-session.too-short.ValidationException': event(session(honest, { durationSeconds: 899 })),
  }
}

/** What an identity provider asserts, by the events' files' names. */
function samlEvents(): Record<string, object> {
  const exchange = (SAMLAssertion: string, more: Record<string, string> = {}) =>
    unsigned('/AssumeRoleWithSAML', {
      Action: 'AssumeRoleWithSAML',
      RoleArn: SAML_ROLE,
      PrincipalArn: SAML_PROVIDER,
      SAMLAssertion,
      ...more,
    })
  const roles = [`${SAML_ROLE},${SAML_PROVIDER}`]
  const honest = IDP.response({ roles })
  const altered = IDP.xml({ roles, subject: 'alice' }).replace('>alice<', '>root<')
  const name = 'assume-role-with-saml'
  return {
    [`${name}.assertion.granted`]: exchange(honest),
    [`${name}.response.granted`]: exchange(IDP.response({ roles, sign: 'response' })),
    [`${name}.other-role.AccessDenied`]: exchange(honest, { RoleArn: `arn:aws:iam::${ACCOUNT}:role/S3Access` }),
    [`${name}.not-named.AccessDenied`]: exchange(IDP.response()),
    [`${name}.too-old.ExpiredTokenException`]: exchange(IDP.response({ roles, issued: -301 })),
    [`${name}.altered.InvalidIdentityToken`]: exchange(Buffer.from(altered).toString('base64')),
    [`${name}.unsigned.InvalidIdentityToken`]: exchange(IDP.response({ roles, sign: 'none' })),
    [`${name}.other-audience.InvalidIdentityToken`]: exchange(
      IDP.response({ roles, audience: 'https://other.example' }),
    ),
    [`${name}.too-long.ValidationError`]: exchange(honest, { DurationSeconds: '43201' }),
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

function unsigned(path: string, params: Record<string, string>): object {
  const body = Buffer.from(new URLSearchParams({ Version: '2011-06-15', ...params }).toString())
  return event({ method: 'POST', path, rawQuery: '', headers: { host: HOST, ...FORM }, body })
}

function signed(
  path: string,
  params: Record<string, string>,
  overrides: Partial<typeof ALICE & { now: number; service: string }> = {},
): object {
  const body = new URLSearchParams({ Version: '2011-06-15', ...params }).toString()
  const common = { method: 'POST', url: `https://${HOST}${path}`, headers: FORM, body, region: 'us-east-1' }
  return event(signRequest({ ...ALICE, service: 'sts', now: NOW, ...common, ...overrides }))
}

const assumeTeam = (RoleName = 'Team') => ({
  Action: 'AssumeRole',
  RoleArn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
  RoleSessionName: 'alice',
})

/**
 * Requests with long-term keys, by their files' names; a session's credentials would be over long before an event is
 * replayed. What DecodeAuthorizationMessage would grant is sealed by one deployment's ring, and what GetDelegatedAccessToken
 * would grant is issued nowhere, and only the IAM API enables GetWebIdentityToken for an account, so these are refused only.
 */
function signedActions(): Record<string, [params: Record<string, string>, signer?: typeof ALICE]> {
  const federate = (Name: string) => ({
    Action: 'GetFederationToken',
    Name,
    Policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}}',
  })
  const root = {
    Action: 'AssumeRoot',
    TargetPrincipal: MEMBER_ACCOUNT,
    'TaskPolicyArn.arn': 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials',
  }
  const decode = { Action: 'DecodeAuthorizationMessage', EncodedMessage: 'damaged' }
  const revoke = { Action: 'RevokeSessions', AllOfAccount: 'true' }
  const device = { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/phone`, TokenCode: '123456' }
  const token = {
    Action: 'GetWebIdentityToken',
    'Audience.member.1': 'https://api.example',
    SigningAlgorithm: 'ES384',
  }
  const info = (AccessKeyId: string) => ({ Action: 'GetAccessKeyInfo', AccessKeyId })
  return {
    'assume-role.user.granted': [assumeTeam()],
    'assume-role.another-s-role.AccessDenied': [assumeTeam('S3Access')],
    'assume-role.missing-role.AccessDenied': [assumeTeam('Nothing')],
    'assume-role.root.AccessDenied': [assumeTeam(), ROOT],
    'assume-root.root.granted': [root, ROOT],
    'assume-root.user.AccessDenied': [root],
    'assume-root.own-account.AccessDenied': [{ ...root, TargetPrincipal: ACCOUNT }, ROOT],
    'decode-authorization-message.damaged.InvalidAuthorizationMessageException': [decode],
    'get-access-key-info.known-key.granted': [info(ALICE.accessKeyId)],
    'get-access-key-info.unknown-key.ValidationError': [info('AKIANOBODYNOBODYNOBO')],
    'get-delegated-access-token.any.ExpiredTradeInTokenException': [
      { Action: 'GetDelegatedAccessToken', TradeInToken: 'anything' },
    ],
    'get-federation-token.guest.granted': [federate('guest')],
    'get-federation-token.other-name.AccessDenied': [federate('admin')],
    'get-session-token.user.granted': [{ Action: 'GetSessionToken' }],
    'get-session-token.unknown-device.AccessDenied': [{ Action: 'GetSessionToken', ...device }],
    'get-session-token.too-short.ValidationError': [{ Action: 'GetSessionToken', DurationSeconds: '899' }],
    'get-web-identity-token.not-enabled.OutboundWebIdentityFederationDisabledException': [token],
    'get-web-identity-token.tags.AccessDenied': [{ ...token, 'Tags.member.1.Key': 'job', 'Tags.member.1.Value': '7' }],
    'get-web-identity-token.too-long.ValidationError': [{ ...token, DurationSeconds: '3601' }],
    'get-web-identity-token.other-algorithm.ValidationError': [{ ...token, SigningAlgorithm: 'HS256' }],
    'revoke-sessions.account.granted': [revoke, ROOT],
    'revoke-sessions.without-right.AccessDenied': [revoke],
    'revoke-sessions.future.ValidationError': [{ ...revoke, IssuedBefore: '2026-01-01T00:00:01Z' }, ROOT],
  }
}

function events(key: FakeKey): Record<string, object> {
  const exchange = (WebIdentityToken: string, more: Record<string, string> = {}) => ({
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/S3Access`,
    RoleSessionName: 'alice',
    WebIdentityToken,
    ...more,
  })
  const all: Record<string, object> = {}
  const given = tokens(key)
  for (const [outcome, token] of Object.entries(given)) {
    const [code = '', what = 'token'] = outcome.split(' ')
    all[`assume-role-with-web-identity.${what}.${code}`] = unsigned('/AssumeRoleWithWebIdentity', exchange(token))
  }
  const token = given.granted ?? ''
  all['assume-role-with-web-identity.too-long.ValidationError'] = unsigned(
    '/AssumeRoleWithWebIdentity',
    exchange(token, { DurationSeconds: '43201' }),
  )
  for (const [outcome, Token] of Object.entries(clientTokens(key))) {
    const [code = '', what = 'token'] = outcome.split(' ')
    const params = { Action: 'AssumeRoleWithClientGrants', RoleArn: `arn:aws:iam::${ACCOUNT}:role/Service`, Token }
    all[`assume-role-with-client-grants.${what}.${code}`] = unsigned('/AssumeRoleWithClientGrants', params)
  }
  for (const [what, more] of Object.entries({
    'role-policy.granted': {},
    'unknown-token.AccessDenied': { Token: 'other-token' },
    'role-that-does-not-trust.AccessDenied': { RoleArn: `arn:aws:iam::${ACCOUNT}:role/S3Access` },
    'too-long.ValidationError': { DurationSeconds: '43201' },
  })) {
    const params = { Action: 'AssumeRoleWithCustomToken', Token: 'example-token', ...more }
    all[`assume-role-with-custom-token.${what}`] = unsigned('/AssumeRoleWithCustomToken', params)
  }
  Object.assign(all, samlEvents(), directoryEvents())
  all['front-door.web-identity.granted'] = unsigned('/', exchange(token))
  all['front-door.unknown-action.InvalidAction'] = unsigned('/', { Action: 'MakeCoffee' })
  const who = { Action: 'GetCallerIdentity' }
  all['front-door.caller.granted'] = signed('/', who)
  all['get-caller-identity.user.granted'] = signed('/GetCallerIdentity', who)
  all['get-caller-identity.presigned-json.granted'] = event(
    presign({
      ...ALICE,
      method: 'GET',
      url: `https://${HOST}/?Action=GetCallerIdentity&Version=2011-06-15`,
      headers: { accept: 'application/json', 'x-k8s-aws-id': 'cluster' },
      service: 'sts',
      region: 'us-east-1',
      now: NOW,
      expires: 60,
    }),
  )
  all['get-caller-identity.unsigned.MissingAuthenticationToken'] = unsigned('/GetCallerIdentity', who)
  all['get-caller-identity.wrong-secret.SignatureDoesNotMatch'] = signed('/GetCallerIdentity', who, {
    secretAccessKey: 'other',
  })
  all['get-caller-identity.unknown-key.InvalidClientTokenId'] = signed('/GetCallerIdentity', who, {
    accessKeyId: 'AKIANOBODY',
  })
  all['get-caller-identity.too-old.SignatureDoesNotMatch'] = signed('/GetCallerIdentity', who, { now: NOW - 901_000 })
  all['get-caller-identity.other-service.SignatureDoesNotMatch'] = signed('/GetCallerIdentity', who, { service: 's3' })
  for (const [name, [params, signer]] of Object.entries(signedActions())) {
    all[name] = signed(`/${params.Action}`, params, signer)
  }
  all['assume-role.unsigned.MissingAuthenticationToken'] = unsigned('/AssumeRole', assumeTeam())
  all['front-door.assume-role.granted'] = signed('/', assumeTeam())
  const iam = (Action: string) => ({ Action, Version: '2010-05-08', UserName: 'alice' })
  all['iam.get-user.granted'] = signed('/', iam('GetUser'), { service: 'iam' })
  all['iam.delete-user.AccessDenied'] = signed('/', iam('DeleteUser'), { service: 'iam' })
  return all
}

/** A directory's user in a group that has rights, one without, and who is refused; and what the check itself is asked. */
function directoryEvents(): Record<string, object> {
  const all: Record<string, object> = {}
  for (const [what, more] of Object.entries({
    'group.granted': {},
    'no-rights.AccessDenied': { LDAPUsername: 'bob', LDAPPassword: 'bob-pw' },
    'unknown-user.AccessDenied': { LDAPUsername: 'nobody' },
    'injected-filter.AccessDenied': { LDAPUsername: '*)(uid=*' },
    'wrong-password.AccessDenied': { LDAPPassword: 'bob-pw' },
    'no-password.ValidationError': { LDAPPassword: '' },
    'role-that-does-not-trust.AccessDenied': { RoleArn: `arn:aws:iam::${ACCOUNT}:role/S3Access` },
  })) {
    const params = { Action: 'AssumeRoleWithLDAPIdentity', LDAPUsername: 'alice', LDAPPassword: 'alice-pw', ...more }
    all[`assume-role-with-ldap-identity.${what}`] = unsigned('/AssumeRoleWithLDAPIdentity', params)
  }
  const question = { source: 'default', userName: 'alice', password: 'alice-pw' }
  all['check-directory.alice.proven'] = question
  all['check-directory.wrong-password.refused'] = { ...question, password: 'bob-pw' }
  return all
}

/** What Secrets Manager, the schedules and API Gateway send to the functions that nobody calls by an action. */
function upkeepEvents(): Record<string, object> {
  const rotation = { Step: 'createSecret', SecretId: 'of-another-deployment', ClientRequestToken: 'a'.repeat(36) }
  const { body: _none, ...request } = unsigned('/_daypass/prober/jwks.json', {}) as {
    body?: string
    requestContext: { http: object }
  }
  const get = {
    ...request,
    requestContext: { ...request.requestContext, http: { ...request.requestContext.http, method: 'GET' } },
  }
  return {
    'key-rotation.another-secret.refused': rotation,
    'prober.key-set.granted': get,
    'reseal-secrets.schedule.granted': { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
  }
}

/** The others are written by hand. */
const OURS = /^(?!s3\.)[a-z0-9-]+\.[a-z0-9-]+\.\w+\.json$/
const key = makeFakeKey('RS256', { kid: 'example-key' })
await mkdir(FOLDER, { recursive: true })
for (const file of await readdir(FOLDER)) if (OURS.test(file)) await rm(FOLDER + file)
const write = (name: string, content: object) =>
  writeFile(`${FOLDER}${name}.json`, `${JSON.stringify(content, undefined, 2)}\n`)
await write('bootstrap', BOOTSTRAP)
await write('issuer-keys', { keys: [publicJwk(key)] })
const authority = makeAuthority({ subject: { CN: 'Example CA' } })
await write('certificate-authority', { pem: authority.pem })
for (const [name, content] of Object.entries(certificateEvents(authority))) await write(name, content)
for (const [name, content] of Object.entries({ ...events(key), ...upkeepEvents() })) await write(name, content)
