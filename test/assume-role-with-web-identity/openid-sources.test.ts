import type { OpenIdSource } from '@daypass/core/identity-sources/openid-source.ts'
import { clientRoleArn } from '@daypass/core/identity-sources/openid-source.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { parseSession } from '@daypass/core/store/entities/session.ts'
import { issuerKeyKey, sessionKey } from '@daypass/core/store/keys.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { type FakeIssuer, failing, type SignOptions, startFakeIssuer } from '../support/fake-issuer.ts'

const CLIENT = 'app'
const M = 'MINIO_IDENTITY_OPENID_'
const discovery = (of: FakeIssuer) => `${of.url}/.well-known/openid-configuration`
const allow = (action: string) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: action, Resource: '*' },
})

let issuer: FakeIssuer
let second: FakeIssuer
let daypass: Deployment

const account = {
  id: ACCOUNT,
  policies: [
    { PolicyName: 'own', PolicyDocument: allow('s3:Get*') },
    { PolicyName: 'Cased', PolicyDocument: allow('s3:*') },
    { PolicyName: 'readonly', Path: '/own/', PolicyDocument: allow('s3:ListBucket') },
  ],
  groups: [{ GroupName: 'staff', policies: { list: allow('s3:List*') } }],
  roles: [
    {
      RoleName: 'closed',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/elsewhere.example` },
          Action: 'sts:AssumeRoleWithWebIdentity',
        },
      },
    },
  ],
}

const sourcesOf = (env: Record<string, string>): readonly OpenIdSource[] => parseOpenIdSources(env, ACCOUNT)
const claimSource = (more: Record<string, string> = {}) => ({
  [`${M}CONFIG_URL`]: discovery(issuer),
  [`${M}CLIENT_ID`]: CLIENT,
  ...more,
})
async function deploy(env: Record<string, string>, ...more: Parameters<typeof deploymentWith>[1][]) {
  daypass = await deploymentWith({ openIdSources: sourcesOf(env) }, account, ...more)
}

const now = () => Math.floor(daypass.clock.now() / 1000)
const signBy = (by: FakeIssuer, claims: Record<string, unknown> = {}, options: SignOptions = {}) =>
  by.sign({ sub: 'alice', aud: CLIENT, iat: now(), exp: now() + 3600, policy: 'readwrite', ...claims }, options)
const sign = (claims: Record<string, unknown> = {}, options: SignOptions = {}) => signBy(issuer, claims, options)
const assume = (token = sign(), params: Record<string, string> = {}) =>
  daypass.post({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token, ...params })

/** What the session of an answer keeps. */
async function kept({ result }: Answer) {
  const item = await daypass.deps.store.get(sessionKey(result.Credentials.AccessKeyId))
  const session = parseSession(item ?? expect.fail('no record'))
  if (session.kind !== 'identity') return expect.fail('a session of another kind')
  const { policyArns, groups, source, subject } = session
  return { policies: policyArns.map((arn) => arn.replace(/^arn:aws:iam::/, '')), groups, source, subject }
}
const refusal = ({ error, status }: Answer) => [error?.Code, status]
const BUILT_IN = 'aws:policy/readwrite'

beforeAll(async () => {
  issuer = await startFakeIssuer()
  second = await startFakeIssuer({ path: '/second' })
})
afterAll(() => Promise.all([issuer.close(), second.close()]))
beforeEach(() => {
  for (const each of [issuer, second])
    for (const name of ['discovery', 'jwks', 'userinfo'] as const) delete each.misbehave[name]
})

describe('AssumeRoleWithWebIdentity without a role', () => {
  beforeEach(() => deploy(claimSource()))

  it('gives the identity the policies that its token names', async () => {
    const answer = await assume()
    expect(answer.status).toBe(200)
    const { Credentials, AssumedRoleUser, SubjectFromWebIdentityToken, Audience, Provider } = answer.result
    expect(Credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(Credentials.SessionToken.length).toBeLessThan(1024)
    expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    expect([SubjectFromWebIdentityToken, Audience, Provider]).toEqual(['alice', CLIENT, issuer.url])
    expect(AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:federated-user/oidc/default/alice`,
      AssumedRoleId: `${ACCOUNT}:default/alice`,
    })
    const caller = await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
    expect(caller.result).toEqual({ Arn: AssumedRoleUser.Arn, UserId: AssumedRoleUser.AssumedRoleId, Account: ACCOUNT })
    expect(await kept(answer)).toEqual({ policies: [BUILT_IN], groups: [], source: 'default', subject: 'alice' })
  })

  it('makes one read and one write, once the keys of the issuer are at hand', async () => {
    await assume()
    const before = { ...daypass.trips.trips }
    const answer = await assume(sign({ policy: 'own,readwrite,nothing', groups: ['staff', 'nobody'] }), {
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/none`,
      'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/own`,
    })
    expect(answer.status).toBe(200)
    const made = Object.entries(daypass.trips.trips).map(([kind, n]) => [kind, n - before[kind as keyof typeof before]])
    expect(Object.fromEntries(made)).toEqual({ get: 0, getMany: 1, put: 1, update: 0, remove: 0, query: 0 })
  })

  it.each<[string, Record<string, unknown>, string[], string[]?]>([
    ['a built-in policy', { policy: 'readwrite' }, [BUILT_IN]],
    ['a policy of the account', { policy: 'own' }, [`${ACCOUNT}:policy/own`]],
    ['the account’s own before a built-in one', { policy: 'readonly' }, [`${ACCOUNT}:policy/own/readonly`]],
    ['a list', { policy: ['own', 'readwrite'] }, [`${ACCOUNT}:policy/own`, BUILT_IN]],
    ['a comma list', { policy: 'own, readwrite' }, [`${ACCOUNT}:policy/own`, BUILT_IN]],
    ['what exists among what does not', { policy: 'none,own,gone' }, [`${ACCOUNT}:policy/own`]],
    ['a group', { policy: undefined, groups: ['staff', 'none'] }, [], ['staff']],
    ['a policy and a group', { policy: 'own', groups: '/staff' }, [`${ACCOUNT}:policy/own`], ['staff']],
    ['AWS’s policies too', { policy: 'AmazonS3ReadOnlyAccess' }, ['aws:policy/AmazonS3ReadOnlyAccess']],
  ])('gives %s', async (_what, claims, policies, groups = []) => {
    expect(await kept(await assume(sign(claims)))).toMatchObject({ policies, groups })
  })

  it.each<[string, Record<string, unknown>]>([
    ['no policy', { policy: undefined }],
    ['an empty claim', { policy: '' }],
    ['unknown policies', { policy: 'none,gone' }],
    ['a policy in another case', { policy: 'cased' }],
    ['a built-in policy in another case', { policy: 'ReadWrite' }],
    ['a group in another case', { policy: undefined, groups: ['Staff'] }],
    ['unknown groups', { policy: undefined, groups: ['nobody'] }],
    ['a group’s name as a policy', { policy: 'staff' }],
    ['a policy’s name as a group', { policy: undefined, groups: ['own'] }],
    ['an ARN', { policy: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    ['a path', { policy: 'own/readonly' }],
    ['a wildcard', { policy: '*' }],
    ['a name with a null character', { policy: 'own\u0000' }],
    ['a name of 2,000 characters', { policy: 'a'.repeat(2000) }],
    ['a number', { policy: 7 }],
    ['true', { policy: true }],
    ['an object', { policy: { own: true } }],
    ['a list of lists', { policy: [['own']] }],
    ['a claim of another case', { policy: undefined, Policy: 'own' }],
    ['a claim under another name', { policy: undefined, policies: 'own' }],
    ['a name of a prototype', { policy: 'constructor,__proto__,toString' }],
  ])('refuses a token that names %s', async (_what, claims) => {
    const answer = await assume(sign(claims))
    expect(refusal(answer)).toEqual(['AccessDenied', 403])
    expect(answer.error?.Message).toBe('The identity names no policy or group that exists in the account.')
  })

  it('refuses a token with more names than a session keeps', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `p${at}`)
    expect(refusal(await assume(sign({ policy: [...names, 'own'] })))).toEqual(['InvalidIdentityToken', 400])
    expect((await assume(sign({ policy: ['own', ...names.slice(1)] }))).status).toBe(200)
  })

  it.each<[string, () => string, string, number]>([
    ['of another audience', () => sign({ aud: 'other' }), 'InvalidIdentityToken', 400],
    ['of no audience', () => sign({ aud: undefined }), 'InvalidIdentityToken', 400],
    ['of an audience in another case', () => sign({ aud: 'APP' }), 'InvalidIdentityToken', 400],
    ['without a subject', () => sign({ sub: undefined }), 'InvalidIdentityToken', 400],
    ['with an empty subject', () => sign({ sub: '' }), 'InvalidIdentityToken', 400],
    ['with a subject of 256 characters', () => sign({ sub: 's'.repeat(256) }), 'InvalidIdentityToken', 400],
    [
      'whose client alone is named, and no subject',
      () => sign({ sub: undefined, azp: CLIENT }),
      'InvalidIdentityToken',
      400,
    ],
    ['that has expired', () => sign({ exp: now() }), 'ExpiredTokenException', 400],
    ['that never expires', () => sign({ exp: undefined }), 'InvalidIdentityToken', 400],
    ['that is not valid yet', () => sign({ nbf: now() + 61 }), 'InvalidIdentityToken', 400],
    ['that was issued tomorrow', () => sign({ iat: now() + 86_400 }), 'InvalidIdentityToken', 400],
    ['of another issuer', () => sign({ iss: 'https://other.example' }), 'InvalidIdentityToken', 400],
    ['of the issuer with a slash behind it', () => sign({ iss: `${issuer.url}/` }), 'InvalidIdentityToken', 400],
    ['of no issuer', () => sign({ iss: undefined }), 'InvalidIdentityToken', 400],
    ['signed by another issuer in its name', () => signBy(second, { iss: issuer.url }), 'InvalidIdentityToken', 400],
    ['with a key id of nobody', () => sign({}, { kid: 'nobody' }), 'InvalidIdentityToken', 400],
    ['whose payload was altered', () => tamper(sign(), 1), 'InvalidIdentityToken', 400],
    ['whose signature was altered', () => tamper(sign(), 2), 'InvalidIdentityToken', 400],
    ['with alg none', () => unsigned(), 'InvalidIdentityToken', 400],
    ['that is none', () => 'not-a-token', 'InvalidIdentityToken', 400],
    ['with 9 KiB of claims', () => sign({ name: 'n'.repeat(9 * 1024) }), 'InvalidIdentityToken', 400],
  ])('refuses a token %s', async (_what, token, code, status) => {
    await assume()
    expect(refusal(await assume(token()))).toEqual([code, status])
  })

  it('accepts its neighbours', async () => {
    for (const claims of [
      { aud: ['other', CLIENT] },
      { aud: 'other', azp: CLIENT },
      { sub: 's'.repeat(255) },
      { nbf: now() + 60 },
      { exp: now() + 1 },
    ]) {
      expect((await assume(sign(claims))).status).toBe(200)
    }
    expect((await assume(`${sign({}, { alg: 'ES256' })}\n`)).status).toBe(200)
  })

  it('refuses every altered token, and never by accident', async () => {
    const honest = sign()
    expect((await assume(honest)).status).toBe(200)
    const [header = '', payload = '', signature = ''] = honest.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged: string[] = []
    for (const [name, value] of Object.entries({
      sub: 'bob',
      policy: 'consoleAdmin',
      aud: 'x',
      exp: now() + 9999,
      groups: ['staff'],
    })) {
      forged.push(
        [header, Buffer.from(JSON.stringify({ ...claims, [name]: value })).toString('base64url'), signature].join('.'),
      )
    }
    const bytes = Buffer.from(signature, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      forged.push([header, payload, flipped.toString('base64url')].join('.'))
    }
    for (const alg of ['none', 'HS256', 'RS384', 'ES256', 'PS256', 'rs256']) {
      const other = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg }
      forged.push([Buffer.from(JSON.stringify(other)).toString('base64url'), payload, signature].join('.'))
    }
    forged.push(
      `${honest}=`,
      `${honest}.`,
      `.${honest}`,
      [payload, header, signature].join('.'),
      [header, payload, ''].join('.'),
    )
    expect(forged.length).toBeGreaterThan(250)
    const answers = await Promise.all(forged.map((token) => assume(token)))
    expect([...new Set(answers.map(({ error }) => error?.Code))]).toEqual(['InvalidIdentityToken'])
  })

  it.each([
    ['a role that does not exist', `arn:aws:iam::${ACCOUNT}:role/none`],
    ['a role of another account', 'arn:aws:iam::111111111111:role/none'],
    ['MinIO’s placeholder', 'arn:xxx:xxx:xxx:xxxx'],
    ['a role policy of nobody', clientRoleArn('nobody')],
    ['an existing role in another case', `arn:aws:iam::${ACCOUNT}:role/CLOSED`],
  ])('takes %s for none', async (_what, RoleArn) => {
    expect(await kept(await assume(sign(), { RoleArn, RoleSessionName: 'any' }))).toMatchObject({
      policies: [BUILT_IN],
    })
    expect(daypass.logged.at(-1)).toMatchObject({ outcome: 'granted', source: 'oidc/default' })
    expect(daypass.logged.at(-1)?.role).toBeUndefined()
  })

  it('does not fall back to the claim when the role is there and does not trust', async () => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/closed`
    await daypass.apply({ id: ACCOUNT, openIdConnectProviders: [{ Url: issuer.url, ClientIDList: [CLIENT] }] })
    expect(refusal(await assume(sign(), { RoleArn, RoleSessionName: 'any' }))).toEqual(['AccessDenied', 403])
  })

  it.each<[string, Record<string, string>, string]>([
    ['a session policy that is none', { Policy: '{' }, 'MalformedPolicyDocument'],
    [
      'a session policy that does not exist',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/gone` },
      'ValidationError',
    ],
    ['899 seconds', { DurationSeconds: '899' }, 'ValidationError'],
    ['43,201 seconds', { DurationSeconds: '43201' }, 'ValidationError'],
    ['604,800 seconds', { DurationSeconds: '604800' }, 'ValidationError'],
    ['what is no ARN', { RoleArn: 'reader-of-things-that-matter' }, 'ValidationError'],
    ['a token twice', { 'WebIdentityToken.member.1': 'x' }, 'MalformedInput'],
  ])('refuses %s', async (_what, params, code) => {
    expect((await assume(sign(), params)).error?.Code).toBe(code)
  })

  it.each([900, 3600, 43_200])('lasts %d seconds if it is asked to', async (seconds) => {
    const { result } = await assume(sign(), { DurationSeconds: String(seconds) })
    expect(Date.parse(result.Credentials.Expiration)).toBe(daypass.clock.now() + seconds * 1000)
  })

  it('lasts as long as the operator says when nobody asks', async () => {
    daypass = await deploymentWith({ openIdSources: sourcesOf(claimSource()), stsDurationSeconds: 7200 }, account)
    expect(Date.parse((await assume()).result.Credentials.Expiration)).toBe(daypass.clock.now() + 7_200_000)
    const { result } = await assume(sign(), { DurationSeconds: '900' })
    expect(Date.parse(result.Credentials.Expiration)).toBe(daypass.clock.now() + 900_000)
  })

  it('encodes what an ARN cannot hold', async () => {
    const { result } = await assume(sign({ sub: 'a/b|ü *:%' }))
    expect(result.AssumedRoleUser.Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:federated-user/oidc/default/a%2Fb%7C%C3%BC%20%2A%3A%25`,
    )
    expect(result.SubjectFromWebIdentityToken).toBe('a/b|ü *:%')
  })

  it('writes no more of a claimed issuer than a registered one could have', async () => {
    await assume(sign({ iss: 'x'.repeat(9000) }))
    expect(daypass.logged.at(-1)).toMatchObject({ outcome: 'refused', claimedIssuer: 'x'.repeat(255) })
  })

  it('says in its one audit record who came from where, and nothing of the token', async () => {
    const token = sign()
    const answer = await assume(token)
    const record = daypass.logged.at(-1)
    expect(record).toMatchObject({
      outcome: 'granted',
      source: 'oidc/default',
      subject: 'alice',
      claimedIssuer: issuer.url,
      accessKeyId: answer.result.Credentials.AccessKeyId,
    })
    const all = JSON.stringify(daypass.logged)
    for (const secret of [
      token,
      token.split('.')[2] ?? '',
      answer.result.Credentials.SecretAccessKey,
      answer.result.Credentials.SessionToken,
    ]) {
      expect(all).not.toContain(secret)
    }
  })
})

describe('a token of a provider that was only registered in the IAM API', () => {
  const registered = () => ({ id: ACCOUNT, openIdConnectProviders: [{ Url: second.url, ClientIDList: [CLIENT] }] })

  it('gives no rights without a role, whatever it claims', async () => {
    await deploy(claimSource(), registered())
    expect((await assume()).status).toBe(200)
    expect(refusal(await assume(signBy(second)))).toEqual(['InvalidIdentityToken', 400])
    const none = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/none`, RoleSessionName: 'any' }
    expect(refusal(await assume(signBy(second), none))).toEqual(['AccessDenied', 403])
  })

  it('needs a role where no source is configured at all', async () => {
    await deploy({}, registered())
    expect(refusal(await assume(signBy(second)))).toEqual(['ValidationError', 400])
    const placeholder = { RoleArn: 'arn:xxx:xxx:xxx:xxxx', RoleSessionName: 'any' }
    expect(refusal(await assume(signBy(second), placeholder))).toEqual(['ValidationError', 400])
  })
})

describe('a source', () => {
  it('without a client id accepts any audience', async () => {
    await deploy({ [`${M}CONFIG_URL`]: discovery(issuer) })
    for (const aud of [CLIENT, 'other', ['x', 'y'], undefined]) expect((await assume(sign({ aud }))).status).toBe(200)
    expect((await assume(sign({ aud: 7 }))).error?.Code).toBe('InvalidIdentityToken')
  })

  it.each<[string, Record<string, string>, Record<string, unknown>, boolean]>([
    ['another claim', { CLAIM_NAME: 'roles' }, { policy: undefined, roles: ['readwrite'] }, true],
    ['another claim than it was told', { CLAIM_NAME: 'roles' }, { policy: 'readwrite' }, false],
    [
      'a nested claim',
      { CLAIM_NAME: 'realm_access.roles' },
      { policy: undefined, realm_access: { roles: ['readwrite'] } },
      true,
    ],
    [
      'a nested claim that is not there',
      { CLAIM_NAME: 'realm_access.roles' },
      { realm_access: { role: ['readwrite'] } },
      false,
    ],
    ['a prefixed claim', { CLAIM_PREFIX: 'c1/' }, { policy: undefined, 'c1/policy': 'readwrite' }, true],
    ['a claim with another prefix', { CLAIM_PREFIX: 'c1/' }, { 'c2/policy': 'readwrite' }, false],
    ['a claim without its prefix', { CLAIM_PREFIX: 'c1/' }, { policy: 'readwrite' }, false],
    ['groups as policies', { CLAIM_NAME: 'groups' }, { policy: undefined, groups: ['readwrite'] }, true],
    ['groups as policies only', { CLAIM_NAME: 'groups' }, { policy: undefined, groups: ['staff'] }, false],
  ])('reads %s', async (_what, settings, claims, granted) => {
    const env = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${M}${key}`, value]))
    await deploy(claimSource(env))
    expect((await assume(sign(claims))).error?.Code).toBe(granted ? undefined : 'AccessDenied')
  })

  it('of a bare key set takes any issuer, unless it is told which', async () => {
    const bare = { [`${M}JWKS_URL`]: `${issuer.url}/jwks`, [`${M}CLIENT_ID`]: CLIENT }
    await deploy(bare)
    expect((await assume(sign({ iss: 'https://localhost:9443/oauth2/token' }))).result.Provider).toBe(
      'https://localhost:9443/oauth2/token',
    )
    expect(refusal(await assume(signBy(second)))).toEqual(['InvalidIdentityToken', 400])
    await deploy({ ...bare, [`${M}ISSUER`]: 'https://wso2.example' })
    expect((await assume(sign({ iss: 'https://wso2.example' }))).status).toBe(200)
    expect(refusal(await assume())).toEqual(['InvalidIdentityToken', 400])
  })

  it('whose document says that another is the issuer than the operator does is not used', async () => {
    await deploy(claimSource({ [`${M}ISSUER`]: 'https://wso2.example' }))
    expect(refusal(await assume(sign({ iss: 'https://wso2.example' })))).toEqual(['IDPCommunicationError', 400])
    expect(refusal(await assume())).toEqual(['InvalidIdentityToken', 400])
  })

  it('that cannot be reached makes the caller try again, and is asked again after ten seconds', async () => {
    await deploy(claimSource())
    issuer.misbehave.discovery = failing
    const before = issuer.fetches.discovery
    expect(refusal(await assume())).toEqual(['IDPCommunicationError', 400])
    expect(refusal(await assume())).toEqual(['IDPCommunicationError', 400])
    expect(issuer.fetches.discovery - before).toBe(1)
    delete issuer.misbehave.discovery
    daypass.clock.advance(10_001)
    expect((await assume()).status).toBe(200)
  })

  it('that is down goes on with the keys that are known', async () => {
    await deploy(claimSource())
    await assume()
    issuer.misbehave.discovery = failing
    daypass.clock.advance(25 * 3_600_000)
    expect((await assume()).status).toBe(200)
  })

  it('keeps its keys apart from a registered provider of the same issuer', async () => {
    await deploy(claimSource(), { id: ACCOUNT, openIdConnectProviders: [{ Url: issuer.url, ClientIDList: [CLIENT] }] })
    const fetched = issuer.fetches.jwks
    await assume()
    await assume(sign(), { RoleArn: `arn:aws:iam::${ACCOUNT}:role/closed`, RoleSessionName: 'any' })
    expect(issuer.fetches.jwks - fetched).toBe(2)
  })

  it('of a shared issuer gives nothing without a role when strangers choose the audience', async () => {
    const github = 'https://token.actions.githubusercontent.com'
    const google = 'https://accounts.google.com'
    const bare = { [`${M}JWKS_URL`]: `${issuer.url}/jwks` }
    await deploy({ ...bare, [`${M}CLIENT_ID`]: CLIENT })
    expect(refusal(await assume(sign({ iss: github })))).toEqual(['AccessDenied', 403])
    expect((await assume(sign({ iss: google }))).status).toBe(200)
    expect(refusal(await assume(sign({ iss: google, aud: 'other', azp: CLIENT })))).toEqual([
      'InvalidIdentityToken',
      400,
    ])
    await deploy(bare)
    expect(refusal(await assume(sign({ iss: google })))).toEqual(['AccessDenied', 403])
  })
})

describe('a role policy', () => {
  const roleSource = (more: Record<string, string> = {}) => claimSource({ [`${M}ROLE_POLICY`]: 'own,none', ...more })
  const RoleArn = clientRoleArn(CLIENT)

  it('is all that each of the source’s users gets, whatever the token says', async () => {
    await deploy(roleSource())
    const expected = { policies: [`${ACCOUNT}:policy/own`], groups: [] }
    const token = () => sign({ policy: 'consoleAdmin', groups: ['staff'] })
    expect(await kept(await assume(token(), { RoleArn, RoleSessionName: 'minio-go' }))).toMatchObject(expected)
    expect(await kept(await assume(token(), { RoleArn: RoleArn.replace(':::', ':eu-west-1::') }))).toMatchObject(
      expected,
    )
    expect(await kept(await assume(token()))).toMatchObject(expected)
  })

  it('that names nothing existing gives nothing', async () => {
    await deploy(claimSource({ [`${M}ROLE_POLICY`]: 'none' }))
    expect(refusal(await assume(sign(), { RoleArn }))).toEqual(['AccessDenied', 403])
  })

  it('answers to its own ARN alone when another source issued the token', async () => {
    await deploy({
      ...roleSource(),
      [`${M}CONFIG_URL_B`]: discovery(second),
      [`${M}CLIENT_ID_B`]: 'b',
      [`${M}ROLE_POLICY_B`]: 'readwrite',
    })
    const b = clientRoleArn('b')
    expect(await kept(await assume(signBy(second, { aud: 'b' }), { RoleArn: b }))).toMatchObject({
      policies: [BUILT_IN],
      source: 'b',
    })
    expect(await kept(await assume(sign(), { RoleArn }))).toMatchObject({ source: 'default' })
    expect(refusal(await assume(sign(), { RoleArn: b }))).toEqual(['InvalidIdentityToken', 400])
    expect(refusal(await assume(signBy(second, { aud: 'b' }), { RoleArn }))).toEqual(['InvalidIdentityToken', 400])
  })
})

describe('several sources at once', () => {
  const two = () => ({
    ...claimSource({ [`${M}CLAIM_NAME`]: 'one' }),
    [`${M}CONFIG_URL_TWO`]: discovery(second),
    [`${M}CLIENT_ID_TWO`]: 'app2',
    [`${M}CLAIM_NAME_TWO`]: 'two',
  })
  const both = { one: 'own', two: 'readwrite' }

  it('are told apart by the issuer', async () => {
    await deploy(two())
    expect(await kept(await assume(sign(both)))).toMatchObject({
      policies: [`${ACCOUNT}:policy/own`],
      source: 'default',
    })
    expect(await kept(await assume(signBy(second, { ...both, aud: 'app2' })))).toMatchObject({
      policies: [BUILT_IN],
      source: 'two',
    })
  })

  it.each<[string, () => string]>([
    ['for the other one’s client', () => sign({ ...both, aud: 'app2' })],
    ['signed by the other one', () => signBy(second, { ...both, iss: issuer.url })],
    ['signed by the other one for its own client', () => signBy(second, { ...both, iss: issuer.url, aud: 'app2' })],
  ])('refuse a token %s', async (_what, token) => {
    await deploy(two())
    await Promise.all([assume(sign(both)), assume(signBy(second, { ...both, aud: 'app2' }))])
    expect(refusal(await assume(token()))).toEqual(['InvalidIdentityToken', 400])
  })

  it('of one issuer are told apart by the audience', async () => {
    await deploy({ ...two(), [`${M}CONFIG_URL_TWO`]: discovery(issuer) })
    expect(await kept(await assume(sign(both)))).toMatchObject({ source: 'default' })
    expect(await kept(await assume(sign({ ...both, aud: 'app2' })))).toMatchObject({
      source: 'two',
      policies: [BUILT_IN],
    })
    expect(refusal(await assume(sign({ ...both, aud: 'app3' })))).toEqual(['InvalidIdentityToken', 400])
  })

  it('do not depend on one another being up', async () => {
    await deploy(two())
    issuer.misbehave.discovery = failing
    expect((await assume(signBy(second, { ...both, aud: 'app2' }))).status).toBe(200)
    expect(refusal(await assume(sign(both)))).toEqual(['IDPCommunicationError', 400])
  })

  it('leave others alone once the issuer is found among what is known', async () => {
    const asked = second.fetches.discovery
    await deploy(claimSource())
    await assume()
    const { store } = daypass.deps
    daypass = await deploymentWith({ openIdSources: sourcesOf(two()) }, account)
    // What the one source has fetched is known to the other process as well.
    for (const kind of ['list', `kid:${issuer.keys[0]?.kid}`]) {
      const key = issuerKeyKey(ACCOUNT, '?openid/default', kind)
      await daypass.deps.store.put((await store.get(key)) ?? expect.fail('no key'))
    }
    expect((await assume(sign(both))).status).toBe(200)
    expect(second.fetches.discovery - asked).toBe(0)
    await assume(sign({ iss: 'https://elsewhere.example' }))
    expect(second.fetches.discovery - asked).toBe(1)
  })

  it('read claims before a role policy when a token is for the clients of both', async () => {
    const env = { ...claimSource(), [`${M}CLIENT_ID`]: 'zz', [`${M}ROLE_POLICY`]: 'own' }
    await deploy({ ...env, [`${M}CONFIG_URL_ZZ`]: discovery(issuer), [`${M}CLIENT_ID_ZZ`]: CLIENT })
    expect(await kept(await assume(sign({ aud: ['zz', CLIENT] })))).toMatchObject({
      source: 'zz',
      policies: [BUILT_IN],
    })
    const bound = await assume(sign({ aud: ['zz', CLIENT] }), { RoleArn: clientRoleArn('zz') })
    expect(await kept(bound)).toMatchObject({ source: 'default', policies: [`${ACCOUNT}:policy/own`] })
  })

  it('are not fetched again for a token of nobody’s issuer and key', async () => {
    await deploy(two())
    await Promise.all([assume(sign(both)), assume(signBy(second, { ...both, aud: 'app2' }))])
    const before = [issuer.fetches.jwks, second.fetches.jwks]
    for (const kid of ['n1', 'n2']) await assume(sign({ iss: 'https://elsewhere.example' }, { kid }))
    expect([issuer.fetches.jwks, second.fetches.jwks]).toEqual(before)
  })

  it('keep a bare key set from signing in the name of another source’s issuer', async () => {
    await deploy({ ...claimSource(), [`${M}JWKS_URL_BARE`]: `${second.url}/jwks` })
    await assume()
    expect(refusal(await assume(signBy(second, { iss: issuer.url })))).toEqual(['InvalidIdentityToken', 400])
    expect(await kept(await assume(signBy(second)))).toMatchObject({ source: 'bare' })
  })

  it('stay one read and one write', async () => {
    await deploy(two())
    await assume(sign(both))
    const before = daypass.trips.total()
    await assume(sign(both))
    expect(daypass.trips.total() - before).toBe(2)
  })
})

function tamper(token: string, part: number): string {
  const parts = token.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  bytes[10] = (bytes[10] ?? 0) ^ 1
  parts[part] = bytes.toString('base64url')
  return parts.join('.')
}

function unsigned(): string {
  const [, payload] = sign().split('.')
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
}
