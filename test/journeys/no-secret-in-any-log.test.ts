import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeWebhook, saying, startFakeWebhook } from '../core/decision-webhook/fake-webhook.ts'
import { forgedClaims } from '../core/identity/forged/claims.ts'
import { type Workshop, withClaims } from '../core/identity/forged/forge.ts'
import { forgedHeaders } from '../core/identity/forged/headers.ts'
import { forgedShapes } from '../core/identity/forged/shapes.ts'
import { type FakeIssuer, hang, makeFakeKey, startFakeIssuer } from '../support/fake-issuer.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost, temporaryFolder } from '../support/local-host.ts'
import { presign, type SigningCredentials, signRequest } from '../support/sign.ts'

const ROOT = { accessKeyId: 'myminioadmin', secretAccessKey: 'secret-of-root-kept-nowhere' }
const USER = { accessKeyId: 'AKIAUSERUSERUSER7777', secretAccessKey: 'secretOfTheUser7secretOfTheUser7secretOf' }
const WEBHOOK_TOKEN = 'Bearer secret-of-the-webhook'
const CLIENT_SECRET = 'secret-of-the-openid-client'
const ACCESS_TOKEN = 'opaque-access-token-of-alice-0123456789'

let issuer: FakeIssuer
let opa: FakeWebhook
let host: LocalHostProcess
let shop: Workshop
const dataDir = temporaryFolder()
/** What must not be found, with where it came from. */
const secrets = new Map<string, string>()
const statuses = new Map<number, number>()
const xml = new XMLParser({ parseTagValue: false })

const keep = (what: string, secret: string | undefined) => {
  if (secret !== undefined && secret.length >= 12) secrets.set(secret, what)
}
/** A header says what many tokens say; payload and signature are a token's own. */
const keepToken = (what: string, token: string) => {
  for (const part of token.split('.').slice(1)) if (part.length > 30) keep(what, part)
}

async function send(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
  const body = await response.text()
  for (const name of ['SecretAccessKey', 'SessionToken', 'WebIdentityToken']) {
    for (const [, value] of body.matchAll(new RegExp(`<${name}>([^<]+)</${name}>`, 'g')))
      keep(`${name} of an answer`, value)
  }
  return body
}
const form = (params: Readonly<Record<string, string>>) =>
  new URLSearchParams({ Version: '2011-06-15', ...params }).toString()
const post = (params: Readonly<Record<string, string>>, path = '/') =>
  send(`${host.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form(params),
  })
function credentialsOf(body: string): SigningCredentials {
  const [root] = Object.values(
    xml.parse(body) as Record<string, Record<string, Record<string, Record<string, string>>>>,
  )
  const result = Object.entries(root ?? {}).find(([name]) => name.endsWith('Result'))?.[1]
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = result?.Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  return SessionToken === undefined ? credentials : { ...credentials, sessionToken: SessionToken }
}
async function signed(credentials: SigningCredentials, service: string, method: string, path: string, body = '') {
  const headers = body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const request = signRequest({
    ...credentials,
    method,
    url: `${host.url}${path}`,
    headers,
    body,
    service,
    region: 'us-east-1',
    now: Date.now(),
  })
  const { host: _, ...others } = request.headers
  keep('a signature', /Signature=(\w+)/.exec(request.headers.authorization ?? '')?.[1])
  return send(`${host.url}${path}`, { method, headers: others, ...(body === '' ? {} : { body }) })
}
const sts = (credentials: SigningCredentials, params: Readonly<Record<string, string>>) =>
  signed(credentials, 'sts', 'POST', '/', form(params))
const iam = (credentials: SigningCredentials, params: Readonly<Record<string, string>>) =>
  signed(credentials, 'iam', 'POST', '/', form({ ...params, Version: '2010-05-08' }))

const ROLE = 'arn:aws:iam::000000000000:role/web'
const asRole = (token: string) => ({
  Action: 'AssumeRoleWithWebIdentity',
  RoleArn: ROLE,
  RoleSessionName: 'session',
  WebIdentityToken: token,
})
const asClient = (token: string) => ({ Action: 'AssumeRoleWithClientGrants', Token: token })

beforeAll(async () => {
  issuer = await startFakeIssuer({ path: '/realms/demo' })
  opa = await startFakeWebhook()
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::000000000000:oidc-provider/${issuer.url.replace('http://', '')}` },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithClientGrants'],
    },
  }
  host = await startLocalHost({
    dataDir,
    env: {
      MINIO_ROOT_USER: ROOT.accessKeyId,
      MINIO_ROOT_PASSWORD: ROOT.secretAccessKey,
      MINIO_IDENTITY_OPENID_CONFIG_URL: `${issuer.url}/.well-known/openid-configuration`,
      MINIO_IDENTITY_OPENID_CLIENT_ID: 'app',
      MINIO_IDENTITY_OPENID_CLIENT_SECRET: CLIENT_SECRET,
      MINIO_IDENTITY_OPENID_CLAIM_USERINFO: 'on',
      MINIO_POLICY_PLUGIN_URL: opa.url.href,
      MINIO_POLICY_PLUGIN_AUTH_TOKEN: WEBHOOK_TOKEN,
      MINIO_KMS_SECRET_KEY: 'my-key:secret-without-effect',
    },
    bootstrap: {
      accounts: [
        {
          id: '000000000000',
          openIdConnectProviders: [{ Url: issuer.url, ClientIDList: ['app'] }],
          roles: [
            {
              RoleName: 'web',
              AssumeRolePolicyDocument: trust,
              attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
            },
          ],
          users: [
            {
              UserName: 'alice',
              accessKeys: [{ AccessKeyId: USER.accessKeyId, SecretAccessKey: USER.secretAccessKey }],
              attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
            },
          ],
        },
      ],
    },
  })
  const [rsa, ec] = issuer.keys
  if (!rsa || !ec) throw new Error('the issuer has two keys')
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer.url, sub: 'alice', aud: 'app', iat: now, exp: now + 3600, policy: 'readwrite' }
  shop = { rsa, ec, stranger: makeFakeKey('RS256'), now, claims }
  issuer.userinfo = { sub: 'alice', policy: 'readwrite' }
  const fixed = { ROOT: ROOT.secretAccessKey, USER: USER.secretAccessKey, WEBHOOK_TOKEN, CLIENT_SECRET, ACCESS_TOKEN }
  for (const [what, secret] of Object.entries(fixed)) keep(what, secret.replace('Bearer ', ''))
  keep('a variable without effect', 'secret-without-effect')
})
afterAll(async () => {
  await endLocalHosts()
  await issuer.close()
  await opa.close()
})

describe('whatever is asked of a local host', () => {
  it('with good tokens, and what they open', async () => {
    for (let at = 0; at < 5; at++) {
      const token = withClaims(shop, { jti: `good-${at}` })
      keepToken('a granted token', token)
      const { RoleArn: _, ...roleless } = asRole(token)
      for (const request of [asRole(token), asClient(token), { ...roleless, WebIdentityAccessToken: ACCESS_TOKEN }]) {
        const credentials = credentialsOf(await post(request))
        await sts(credentials, { Action: 'GetCallerIdentity' })
        await signed(credentials, 's3', 'PUT', `/bucket-${at}`)
        await signed(credentials, 's3', 'GET', '/')
        await signed({ ...credentials, secretAccessKey: 'wrong' }, 's3', 'GET', '/')
        await signed({ ...credentials, sessionToken: `${credentials.sessionToken}x` }, 's3', 'GET', '/')
        const { path, rawQuery } = presign({
          ...credentials,
          method: 'GET',
          url: `${host.url}/bucket-${at}/key`,
          service: 's3',
          region: 'us-east-1',
          now: Date.now(),
        })
        keep('a presigned signature', /X-Amz-Signature=(\w+)/.exec(rawQuery)?.[1])
        await send(`${host.url}${path}?${rawQuery}`, { method: 'GET' })
        await send(`${host.url}${path}?${rawQuery}x`, { method: 'GET' })
      }
    }
    expect(statuses.get(200)).toBeGreaterThan(30)
  })

  it('with hundreds of forged ones, by both actions', async () => {
    const all = [...forgedHeaders(shop, 'http://127.0.0.1:1'), ...forgedShapes(shop), ...forgedClaims(shop)]
    // A minute ahead is no longer one while the clock goes on.
    const forgeries = all.filter(({ what }) => !/^whose (?:nbf|iat) is \d/.test(what))
    const others: string[] = []
    for (const [at, { what, token }] of forgeries.entries()) {
      if (/^[!-~]+$/.test(token)) keepToken(what, token)
      const answer = await post(at % 2 === 0 ? asRole(token) : asClient(token))
      const [, code = 'granted'] = /<Code>(\w+)<\/Code>/.exec(answer) ?? []
      if (!/^(?:InvalidIdentityToken|ExpiredTokenException)$/.test(code)) others.push(`${what}: ${code}`)
    }
    expect(others).toEqual([])
  })

  it('with tokens and secrets where they do not belong', async () => {
    const token = withClaims(shop, { jti: 'misplaced' })
    keepToken('a misplaced token', token)
    const good = asRole(token)
    await send(`${host.url}/?${form(good)}`, { method: 'GET' })
    await send(`${host.url}/?${form(good)}&Action=x`, { method: 'GET' })
    await send(`${host.url}/?${form(good)}`, {
      method: 'POST',
      body: form(good),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    await post({ ...good, Action: token })
    await post({ ...good, Version: token })
    await post({ ...good, RoleArn: token })
    await post({ ...good, RoleArn: `arn:aws:iam::000000000000:role/${token.slice(-60)}` })
    await post({ ...good, RoleSessionName: token })
    await post({ ...good, DurationSeconds: token })
    await post({ ...good, Policy: token })
    await post({ ...good, ProviderId: token })
    await post({ ...good, [token]: 'x' })
    await post({
      Action: 'AssumeRoleWithWebIdentity',
      WebIdentityToken: token,
      WebIdentityAccessToken: `${ACCESS_TOKEN} `,
    })
    await post({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token, WebIdentityAccessToken: 'two\nlines' })
    await post(good, `/${token}`)
    await post(good, `/AssumeRole?WebIdentityToken=${token}`)
    for (const header of [
      'authorization',
      'x-amz-security-token',
      'cookie',
      'user-agent',
      'x-forwarded-for',
      'referer',
    ]) {
      await send(`${host.url}/`, { method: 'POST', headers: { [header]: `Bearer ${token}` }, body: '' })
      await send(`${host.url}/bucket/key`, { method: 'GET', headers: { [header]: token } })
    }
    await send(`${host.url}/${token}/${token}`, { method: 'GET' })
    await send(`${host.url}/bucket/key?X-Amz-Security-Token=${token}&X-Amz-Credential=${token}`, { method: 'GET' })
    await send(`${host.url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(good),
    })
    await send(`${host.url}/`, { method: 'POST', headers: { 'content-type': 'multipart/form-data' }, body: token })
  })

  it('when UserInfo and the webhook fail and repeat what they were sent', async () => {
    const token = withClaims(shop, { jti: 'userinfo', policy: undefined })
    keepToken('a token for UserInfo', token)
    const request = {
      Action: 'AssumeRoleWithWebIdentity',
      WebIdentityToken: token,
      WebIdentityAccessToken: ACCESS_TOKEN,
    }
    for (const status of [200, 302, 401, 403, 500]) {
      issuer.misbehave.userinfo = () => ({
        status,
        headers: { location: `http://127.0.0.1:1/?token=${ACCESS_TOKEN}`, 'www-authenticate': ACCESS_TOKEN },
        body: `${ACCESS_TOKEN} is not accepted`,
      })
      await post(request)
    }
    issuer.misbehave.userinfo = () => 'reset'
    await post(request)
    delete issuer.misbehave.userinfo
    expect(issuer.userinfoAsked).toContain(`Bearer ${ACCESS_TOKEN}`)
    const credentials = credentialsOf(await post(asRole(withClaims(shop, {}))))
    for (const answer of [WEBHOOK_TOKEN, `{"result":"${WEBHOOK_TOKEN}"}`, `{"result":true,${WEBHOOK_TOKEN}`]) {
      opa.answer(saying(answer))
      await signed(credentials, 's3', 'GET', '/bucket-1')
    }
    opa.answer((_request, response) => void response.writeHead(500, WEBHOOK_TOKEN).end(WEBHOOK_TOKEN))
    await signed(credentials, 's3', 'GET', '/bucket-1')
    opa.answer(saying('{"result":true}'))
    issuer.misbehave.discovery = hang
    delete issuer.misbehave.discovery
  })

  it.each([
    ['AssumeRoleWithLDAPIdentity', 'LDAPPassword'],
    ['AssumeRoleWithCustomToken', 'Token'],
    ['AssumeRoleWithSAML', 'SAMLAssertion'],
    ['AssumeRoleWithCertificate', 'Token'],
    ['AssumeRole', 'TokenCode'],
    ['GetSessionToken', 'TokenCode'],
    ['DecodeAuthorizationMessage', 'EncodedMessage'],
    ['GetDelegatedAccessToken', 'TradeInToken'],
    ['NoSuchAction', 'Password'],
  ])('by %s with a secret in %s', async (Action, name) => {
    const secret = `secret-in-${name}-of-${Action}`
    keep(`${name} of ${Action}`, secret)
    const more = { LDAPUsername: 'alice', RoleArn: ROLE, PrincipalArn: ROLE, RoleSessionName: 'session' }
    await post({ Action, [name]: secret, ...more })
    await post({ Action, [name]: secret })
    await send(`${host.url}/?${form({ Action, [name]: secret })}`, { method: 'GET' })
    await sts(USER, { Action, [name]: secret, ...more })
  })

  it('with long-term keys, what makes them and what they make', async () => {
    for (const credentials of [ROOT, USER, { ...USER, secretAccessKey: 'wrong-secret-of-the-user' }]) {
      await sts(credentials, { Action: 'GetCallerIdentity' })
      await sts(credentials, { Action: 'GetSessionToken' })
      await sts(credentials, { Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'session' })
      await sts(credentials, {
        Action: 'GetFederationToken',
        Name: 'somebody',
        Policy: '{"Version":"2012-10-17","Statement":[]}',
      })
      await iam(credentials, { Action: 'CreateUser', UserName: 'made' })
      await iam(credentials, { Action: 'CreateAccessKey', UserName: 'made' })
      await iam(credentials, {
        Action: 'CreateVirtualMFADevice',
        VirtualMFADeviceName: `device-${credentials.accessKeyId}`,
      })
      await iam(credentials, { Action: 'EnableOutboundWebIdentityFederation' })
      await sts(credentials, {
        Action: 'GetWebIdentityToken',
        'Audience.member.1': 'https://api.example',
        SigningAlgorithm: 'ES384',
      })
      await signed(credentials, 's3', 'GET', '/?list-type=2')
    }
  })

  it('leaves no token, secret or signature in any line that the process wrote, and none in its files in the clear', async () => {
    await host.stop()
    const written = host.stdout() + host.stderr()
    expect(written.split('\n').length).toBeGreaterThan(700)
    expect(secrets.size).toBeGreaterThan(800)
    const files = filesBelow(dataDir).map((file) => readFileSync(file).toString('latin1'))
    expect(files.length).toBeGreaterThan(0)
    const found = [...secrets].flatMap(([secret, what]) => [
      ...(written.includes(secret) ? [`${what}, in a log: ${lineWith(written, secret)}`] : []),
      ...(files.some((file) => file.includes(secret)) ? [`${what}, in a file`] : []),
    ])
    expect(found).toEqual([])
  })
})

const lineWith = (text: string, secret: string) =>
  text
    .split('\n')
    .find((line) => line.includes(secret))
    ?.slice(0, 400)

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}
