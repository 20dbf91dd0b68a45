import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { altered, type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'

const M = 'MINIO_IDENTITY_OPENID_'
const CLIENT = 'PoEgXP6uVO45IsENRngDXj5Au5Ya'
/** WSO2's tokens name an issuer whose document is elsewhere, and no subject. */
const WSO2 = 'https://localhost:9443/oauth2/token'

let issuer: FakeIssuer
let registered: FakeIssuer
let daypass: Deployment
const nameOf = (of: FakeIssuer) => of.url.replace('http://', '')

beforeAll(async () => {
  issuer = await startFakeIssuer()
  registered = await startFakeIssuer({ path: '/realms/demo' })
})
afterAll(() => Promise.all([issuer.close(), registered.close()]))

const trust = (action: string, condition?: object) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${nameOf(registered)}` },
    Action: action,
    ...(condition ? { Condition: condition } : {}),
  },
})

const account = () => ({
  id: ACCOUNT,
  openIdConnectProviders: [{ Url: registered.url, ClientIDList: [CLIENT] }],
  roles: [
    {
      RoleName: 'service',
      AssumeRolePolicyDocument: trust('sts:AssumeRoleWithClientGrants', {
        StringEquals: { [`${nameOf(registered)}:client_id`]: CLIENT },
      }),
    },
    { RoleName: 'web', AssumeRolePolicyDocument: trust('sts:AssumeRoleWithWebIdentity') },
  ],
})
const bare = () => ({ [`${M}JWKS_URL`]: `${issuer.url}/jwks`, [`${M}CLIENT_ID`]: CLIENT })
const deploy = async (env: Record<string, string> = bare()) => {
  daypass = await deploymentWith({ openIdSources: parseOpenIdSources(env, ACCOUNT) }, account())
}
beforeEach(() => deploy())

const now = () => Math.floor(daypass.clock.now() / 1000)
const signBy = (by: FakeIssuer, claims: Record<string, unknown> = {}) =>
  by.sign({
    iss: WSO2,
    sub: undefined,
    aud: [CLIENT],
    azp: CLIENT,
    iat: now(),
    exp: now() + 3600,
    jti: '1',
    policy: 'readwrite',
    ...claims,
  })
const sign = (claims: Record<string, unknown> = {}) => signBy(issuer, claims)
const grant = (Token = sign(), params: Record<string, string> = {}) =>
  daypass.post({ Action: 'AssumeRoleWithClientGrants', Token, ...params })
const refusal = ({ error, status }: Answer) => [error?.Code, status]

describe('AssumeRoleWithClientGrants', () => {
  it('exchanges a client’s own token, whose client is the subject, for the rights that it names', async () => {
    const answer = await grant()
    expect(answer.status).toBe(200)
    expect(answer.body).toContain(
      '<AssumeRoleWithClientGrantsResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    )
    const { Credentials, AssumedRoleUser, SubjectFromToken, Audience, Provider } = answer.result
    expect([SubjectFromToken, Audience, Provider]).toEqual([CLIENT, CLIENT, WSO2])
    expect(AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:federated-user/oidc/default/${CLIENT}`)
    expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    const caller = await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
    expect(caller.result.Arn).toBe(AssumedRoleUser.Arn)
  })

  it('answers by GET and POST, in query and body, on its own path, and in JSON', async () => {
    const rawQuery = new URLSearchParams({
      Action: 'AssumeRoleWithClientGrants',
      Version: '2011-06-15',
      Token: `${sign()}\n`,
    }).toString()
    for (const path of ['/', '/AssumeRoleWithClientGrants', '/AssumeRoleWithClientGrants/']) {
      expect((await daypass.handle({ method: 'GET', path, rawQuery })).status).toBe(200)
      expect((await daypass.handle({ method: 'POST', path, rawQuery })).status).toBe(200)
      expect((await daypass.handle({ method: 'POST', path, body: Buffer.from(rawQuery) })).status).toBe(200)
    }
    const { result } = await daypass.handle({ method: 'GET', rawQuery, headers: { accept: 'application/json' } })
    expect(result.AssumeRoleWithClientGrantsResponse.AssumeRoleWithClientGrantsResult.SubjectFromToken).toBe(CLIENT)
  })

  it.each([
    ['a bare key set', bare, 5],
    [
      'a discovery document',
      () => ({ [`${M}CONFIG_URL`]: `${issuer.url}/.well-known/openid-configuration`, [`${M}CLIENT_ID`]: CLIENT }),
      6,
    ],
  ])('makes one read and one write, once the keys of %s are at hand', async (_what, env, first) => {
    await deploy(env())
    const trips = async (policy: string) => {
      const before = daypass.trips.total()
      expect((await grant(sign({ iss: issuer.url, policy }))).status).toBe(200)
      return daypass.trips.total() - before
    }
    const one = altered((document) => ({ keys: (document.keys as unknown[]).slice(0, 1) }))
    issuer.misbehave.jwks = one
    const many = Array.from({ length: 30 }, (_, at) => `policy-${at}`).join()
    expect([await trips('readwrite'), await trips('readwrite'), await trips(`${many},readwrite`)]).toEqual([
      first,
      2,
      3,
    ])
    delete issuer.misbehave.jwks
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['sub', { sub: 'service-account' }, 'service-account'],
    ['azp', {}, CLIENT],
    ['client_id', { azp: undefined, client_id: CLIENT }, CLIENT],
    ['azp before client_id', { aud: CLIENT, azp: 'a', client_id: 'b' }, 'a'],
  ])('takes %s for the subject', async (_what, claims, subject) => {
    expect((await grant(sign(claims))).result.SubjectFromToken).toBe(subject)
  })

  it.each<[string, Record<string, unknown>]>([
    ['aud', { azp: 'other', aud: CLIENT }],
    ['aud among others', { azp: 'other', aud: ['x', CLIENT] }],
    ['azp', { aud: 'other' }],
    ['azp without aud', { aud: undefined }],
    ['client_id', { aud: 'account', azp: undefined, client_id: CLIENT }],
  ])('accepts the client in %s', async (_what, claims) => {
    expect((await grant(sign(claims))).status).toBe(200)
  })

  it.each<[string, () => string, string, number]>([
    ['for another client', () => sign({ aud: ['other'], azp: 'other' }), 'InvalidIdentityToken', 400],
    ['for nobody', () => sign({ aud: undefined, azp: undefined, sub: 's' }), 'InvalidIdentityToken', 400],
    ['of nobody', () => sign({ azp: undefined }), 'InvalidIdentityToken', 400],
    ['of an empty subject', () => sign({ sub: '' }), 'InvalidIdentityToken', 400],
    ['that names no policy', () => sign({ policy: undefined }), 'AccessDenied', 403],
    ['that names unknown policies', () => sign({ policy: 'none' }), 'AccessDenied', 403],
    ['that has expired', () => sign({ exp: now() }), 'ExpiredTokenException', 400],
    ['that never expires', () => sign({ exp: undefined }), 'InvalidIdentityToken', 400],
    ['of another key set', () => signBy(registered), 'InvalidIdentityToken', 400],
    ['of a registered provider', () => signBy(registered, { iss: registered.url }), 'InvalidIdentityToken', 400],
    ['with an altered payload', () => tampered(sign()), 'InvalidIdentityToken', 400],
    ['of three characters', () => 'abc', 'ValidationError', 400],
    ['of 20,001 characters', () => 'a'.repeat(20_001), 'ValidationError', 400],
    ['that is opaque', () => '1844329c-d65a-48a3-8228-9df73fe83d56', 'InvalidIdentityToken', 400],
  ])('refuses a token %s', async (_what, token, code, status) => {
    await grant()
    expect(refusal(await grant(token()))).toEqual([code, status])
  })

  it('reads a token of 20,000 characters', async () => {
    const room = (filler: string) => sign({ filler })
    const token = room('f'.repeat(Math.floor((19_990 - room('').length) * 0.75)))
    expect([token.length > 19_900, token.length <= 20_000]).toEqual([true, true])
    expect((await grant(token)).status).toBe(200)
  })

  it.each<[string, Record<string, string>, string]>([
    ['no token', { Token: '' }, 'ValidationError'],
    ['899 seconds', { DurationSeconds: '899' }, 'ValidationError'],
    ['43,201 seconds', { DurationSeconds: '43201' }, 'ValidationError'],
    ['a policy that is none', { Policy: '[]' }, 'MalformedPolicyDocument'],
  ])('refuses %s', async (_what, params, code) => {
    expect((await grant(sign(), params)).error?.Code).toBe(code)
  })

  it.each([900, 43_200])('lasts %d seconds if it is asked to', async (seconds) => {
    const { result } = await grant(sign(), { DurationSeconds: String(seconds) })
    expect(Date.parse(result.Credentials.Expiration)).toBe(daypass.clock.now() + seconds * 1000)
  })

  it('finds the keys through a discovery document too', async () => {
    await deploy({
      [`${M}CONFIG_URL`]: `${registered.url}/.well-known/openid-configuration`,
      [`${M}CLIENT_ID`]: CLIENT,
    })
    expect((await grant(signBy(registered, { iss: registered.url }))).status).toBe(200)
    expect(refusal(await grant(signBy(registered)))).toEqual(['InvalidIdentityToken', 400])
  })

  it('never repeats or logs a token', async () => {
    for (const token of [sign(), sign({ aud: 'x', azp: 'x' }), 'x'.repeat(20_001), 'secret-that-is-no-token']) {
      const { body } = await grant(token)
      const all = body + JSON.stringify(daypass.logged)
      expect(all).not.toContain(token)
    }
  })
})

describe('AssumeRoleWithClientGrants with a role', () => {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/service`
  const own = (claims: Record<string, unknown> = {}) =>
    signBy(registered, { iss: registered.url, client_id: CLIENT, policy: undefined, ...claims })

  it.each([
    ['beside a configured source', bare],
    ['without any', () => ({})],
  ])('asks the role’s trust policy, %s', async (_what, env) => {
    await deploy(env())
    const { result } = await grant(own(), { RoleArn })
    expect(result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/service/${CLIENT}`)
    const named = await grant(own(), { RoleArn, RoleSessionName: 'nightly' })
    expect(named.result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/service/nightly`)
  })

  it.each<[string, () => string, Record<string, string>, string, number]>([
    ['whose condition is not met', () => own({ client_id: 'other', aud: CLIENT }), {}, 'AccessDenied', 403],
    ['that trusts another action', () => own(), { RoleArn: `arn:aws:iam::${ACCOUNT}:role/web` }, 'AccessDenied', 403],
    ['that does not exist', () => own(), { RoleArn: `arn:aws:iam::${ACCOUNT}:role/none` }, 'AccessDenied', 403],
    ['for a token of an unregistered issuer', () => sign(), {}, 'InvalidIdentityToken', 400],
    ['for longer than the role allows', () => own(), { DurationSeconds: '3601' }, 'ValidationError', 400],
    ['without a name when the subject can be none', () => own({ sub: 'auth0|client' }), {}, 'ValidationError', 400],
  ])('refuses a role %s', async (_what, token, params, code, status) => {
    await deploy({})
    expect(refusal(await grant(token(), { RoleArn, ...params }))).toEqual([code, status])
  })

  it('does not let such a token take a role that is for id_tokens, nor the other way round', async () => {
    const web = { Action: 'AssumeRoleWithWebIdentity', RoleSessionName: 'any', WebIdentityToken: own({ sub: 'alice' }) }
    expect((await daypass.post({ ...web, RoleArn: `arn:aws:iam::${ACCOUNT}:role/web` })).status).toBe(200)
    expect((await daypass.post({ ...web, RoleArn })).error?.Code).toBe('AccessDenied')
  })

  it('needs a role where no source is configured', async () => {
    await deploy({})
    expect(refusal(await grant(own()))).toEqual(['ValidationError', 400])
  })
})

function tampered(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [
    header,
    Buffer.from(JSON.stringify({ ...claims, policy: 'consoleAdmin' })).toString('base64url'),
    signature,
  ].join('.')
}
