import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { frontDoor } from '../../functions/front-door/action.ts'
import { ACCOUNT, BLANK, type Deployment, deploymentWith } from '../support/deployment.ts'
import {
  type FakeIssuer,
  failing,
  gzipBomb,
  hang,
  type Misbehaviour,
  padded,
  redirect,
  reset,
  startFakeIssuer,
} from '../support/fake-issuer.ts'

const M = 'MINIO_IDENTITY_OPENID_'
const ACCESS_TOKEN = 'opaque-access-token-1234567890'

let issuer: FakeIssuer
let daypass: Deployment
beforeAll(async () => {
  issuer = await startFakeIssuer()
})
afterAll(() => issuer.close())

const env = () => ({
  [`${M}CONFIG_URL`]: `${issuer.url}/.well-known/openid-configuration`,
  [`${M}CLIENT_ID`]: 'app',
  [`${M}CLAIM_USERINFO`]: 'on',
})
const now = () => Math.floor(daypass.clock.now() / 1000)
const sign = (claims: Record<string, unknown> = {}) =>
  issuer.sign({ sub: 'alice', aud: 'app', iat: now(), exp: now() + 3600, ...claims })
const assume = (token = sign(), params: Record<string, string> = { WebIdentityAccessToken: ACCESS_TOKEN }) =>
  daypass.post({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token, ...params })

beforeEach(async () => {
  daypass = await deploymentWith({ openIdSources: parseOpenIdSources(env(), ACCOUNT) })
  delete issuer.misbehave.userinfo
  issuer.userinfo = { sub: 'alice', policy: 'readonly', email: 'alice@example.com' }
  issuer.userinfoAsked.length = 0
})

describe('claims from the UserInfo endpoint', () => {
  it('give rights that the token does not name', async () => {
    expect((await assume()).status).toBe(200)
    expect(issuer.userinfoAsked).toEqual([`Bearer ${ACCESS_TOKEN}`])
  })

  it('never change what the token says', async () => {
    issuer.userinfo = { sub: 'alice', policy: 'readonly', iss: 'https://evil.example', aud: 'evil' }
    expect((await assume(sign({ policy: 'none' }))).error?.Code).toBe('AccessDenied')
    issuer.userinfo = { sub: 'alice', policy: 'none' }
    expect((await assume(sign({ policy: 'readonly' }))).status).toBe(200)
  })

  it('are not asked for a token that is not proven', async () => {
    const [header, payload] = sign().split('.')
    const forged = `${header}.${payload}.${'A'.repeat(342)}`
    expect((await assume(forged)).error?.Code).toBe('InvalidIdentityToken')
    expect((await assume(sign({ exp: now() - 1 }))).error?.Code).toBe('ExpiredTokenException')
    expect((await assume(sign({ aud: 'other' }))).error?.Code).toBe('InvalidIdentityToken')
    expect(issuer.userinfoAsked).toEqual([])
  })

  it('need the access token beside the id_token', async () => {
    const { error, status } = await assume(sign(), {})
    expect([error?.Code, status]).toEqual(['ValidationError', 400])
    expect(error?.Message).toMatch(/webIdentityAccessToken/i)
  })

  it('are asked with the client’s own token when that is what the caller has', async () => {
    const token = sign()
    const { status } = await daypass.post({ Action: 'AssumeRoleWithClientGrants', Token: token })
    expect(status).toBe(200)
    expect(issuer.userinfoAsked).toEqual([`Bearer ${token}`])
  })

  it.each([
    ['a line break', 'abcd\r\nx-evil: 1'],
    ['a space', 'abcd efgh'],
    ['a letter that is not ASCII', 'abcdé'],
    ['a comma', 'abcd,efgh'],
  ])('are not asked with an access token that has %s', async (_what, token) => {
    expect((await assume(sign(), { WebIdentityAccessToken: token })).error?.Code).toBe('InvalidIdentityToken')
    expect(issuer.userinfoAsked).toEqual([])
  })

  const answer =
    (body: string | Buffer, status = 200): Misbehaviour =>
    () => ({ status, headers: { 'content-type': 'application/json' }, body })

  it.each<[string, Misbehaviour, string]>([
    ['of another subject', answer('{"sub":"bob","policy":"consoleAdmin"}'), 'InvalidIdentityToken'],
    ['of a subject in another case', answer('{"sub":"Alice","policy":"consoleAdmin"}'), 'InvalidIdentityToken'],
    ['of no subject', answer('{"policy":"consoleAdmin"}'), 'InvalidIdentityToken'],
    ['of a list of subjects', answer('{"sub":["alice"],"policy":"consoleAdmin"}'), 'InvalidIdentityToken'],
    ['of a prototype', answer('{"__proto__":{"sub":"alice"},"policy":"consoleAdmin"}'), 'InvalidIdentityToken'],
    ['with two subjects', answer('{"sub":"bob","sub":"alice","policy":"consoleAdmin"}'), 'IDPCommunicationError'],
    ['that is a list', answer('[{"sub":"alice"}]'), 'IDPCommunicationError'],
    ['that is null', answer('null'), 'IDPCommunicationError'],
    ['that is a signed token', answer('eyJhbGciOiJSUzI1NiJ9.e30.AAAA'), 'IDPCommunicationError'],
    ['that is HTML', answer('<html>log in</html>'), 'IDPCommunicationError'],
    ['that is empty', answer(''), 'IDPCommunicationError'],
    ['that is no UTF-8', answer(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 'IDPCommunicationError'],
    [
      'that is nested 10,000 deep',
      answer(`{"sub":"alice","a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
      'IDPCommunicationError',
    ],
    ['of 401', answer('{}', 401), 'InvalidIdentityToken'],
    ['of 403', answer('{}', 403), 'InvalidIdentityToken'],
    ['of 500', answer('{"sub":"alice"}', 500), 'IDPCommunicationError'],
    ['of 201', answer('{"sub":"alice","policy":"readonly"}', 201), 'IDPCommunicationError'],
    ['of 503', failing, 'IDPCommunicationError'],
    ['of more than 1 MiB', padded(1024 * 1024), 'IDPCommunicationError'],
    ['that unpacks to more than 1 MiB', gzipBomb(8 * 1024 * 1024), 'IDPCommunicationError'],
    ['that breaks off', reset, 'IDPCommunicationError'],
    ['that leads to another origin', redirect('http://evil.example/userinfo'), 'IDPCommunicationError'],
    [
      'with 9 KiB of a claim',
      answer(JSON.stringify({ sub: 'alice', policy: 'readonly', name: 'n'.repeat(9216) })),
      'InvalidIdentityToken',
    ],
  ])('refuse an answer %s', async (_what, misbehaviour, code) => {
    issuer.misbehave.userinfo = misbehaviour
    const { error, status } = await assume()
    expect([error?.Code, status]).toEqual([code, 400])
    expect(JSON.stringify([error, daypass.logged])).not.toContain(ACCESS_TOKEN)
  })

  it('give up on an endpoint that never answers', async () => {
    issuer.misbehave.userinfo = hang
    const { deps } = daypass
    const fetch = guardedFetch({ addresses: 'any', timeoutMs: 50 })
    const impatient = frontDoor({ ...deps, issuerKeys: { ...deps.issuerKeys, fetch } })
    const params = { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', WebIdentityToken: sign() }
    const body = new URLSearchParams({ ...params, WebIdentityAccessToken: ACCESS_TOKEN }).toString()
    const response = await impatient({ ...BLANK, body: Buffer.from(body) })
    expect([response.status, /<Code>(.*)<\/Code>/.exec(response.body)?.[1]]).toEqual([400, 'IDPCommunicationError'])
  })

  it('are not asked of a source that was not told to', async () => {
    const { [`${M}CLAIM_USERINFO`]: _off, ...plain } = env()
    daypass = await deploymentWith({ openIdSources: parseOpenIdSources(plain, ACCOUNT) })
    expect((await assume()).error?.Code).toBe('AccessDenied')
    expect((await assume(sign({ policy: 'readonly' }), {})).status).toBe(200)
    expect(issuer.userinfoAsked).toEqual([])
  })

  it('leave neither token in any log', async () => {
    const token = sign()
    await assume(token)
    const all = JSON.stringify(daypass.logged)
    for (const secret of [token, ACCESS_TOKEN]) expect(all).not.toContain(secret)
  })
})
