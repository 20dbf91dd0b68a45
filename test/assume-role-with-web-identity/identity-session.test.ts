import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { accountItem, parseAccount } from '@daypass/core/store/entities/account.ts'
import { accountKey, groupKey, policyKey, sessionKey } from '@daypass/core/store/keys.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callerOf, may } from '../support/decisions.ts'
import { ACCOUNT, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import type { SigningCredentials } from '../support/sign.ts'

const M = 'MINIO_IDENTITY_OPENID_'
const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret' }
const statement = (Action: string, Resource: string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) },
})
const ME = `arn:aws:sts::${ACCOUNT}:federated-user/oidc/default/alice`

let issuer: FakeIssuer
let daypass: Deployment
beforeAll(async () => {
  issuer = await startFakeIssuer()
})
afterAll(() => issuer.close())

beforeEach(async () => {
  const sources = {
    [`${M}CONFIG_URL`]: `${issuer.url}/.well-known/openid-configuration`,
    [`${M}CONFIG_URL_B`]: `${issuer.url}/.well-known/openid-configuration`,
    [`${M}CLIENT_ID`]: 'app',
    [`${M}CLIENT_ID_B`]: 'b',
  }
  daypass = await deploymentWith(
    { openIdSources: parseOpenIdSources(sources, ACCOUNT) },
    {
      id: ACCOUNT,
      rootAccessKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey },
      policies: [
        { PolicyName: 'home', PolicyDocument: statement('s3:*', `arn:aws:s3:::home/\${jwt:preferred_username}/*`) },
        {
          PolicyName: 'staff-only',
          PolicyDocument: statement('s3:*', '*', { 'ForAnyValue:StringEquals': { 'jwt:groups': 'staff' } }),
        },
        {
          PolicyName: 'verified',
          PolicyDocument: statement('s3:*', '*', { StringLike: { 'jwt:email': '*@example.com' } }),
        },
        { PolicyName: 'assumer', PolicyDocument: statement('sts:AssumeRole', '*') },
        { PolicyName: 'reader', PolicyDocument: statement('s3:Get*', '*') },
      ],
      groups: [
        {
          GroupName: 'staff',
          policies: { list: statement('s3:List*', '*') },
          attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/reader`],
        },
      ],
      roles: [
        {
          RoleName: 'next',
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: { Effect: 'Allow', Principal: { AWS: ME }, Action: 'sts:AssumeRole' },
          },
        },
      ],
    },
  )
})

const now = () => Math.floor(daypass.clock.now() / 1000)
async function session(claims: Record<string, unknown> = {}, params: Record<string, string> = {}) {
  const token = issuer.sign({ sub: 'alice', aud: 'app', iat: now(), exp: now() + 3600, policy: 'reader', ...claims })
  return credentialsOf(await daypass.post({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token, ...params }))
}
const can = (who: SigningCredentials, action: string, resource = 'arn:aws:s3:::home/alice/x') =>
  may(daypass, who, action, resource)
const standing = async (who: SigningCredentials) =>
  (await daypass.signed(who, { Action: 'GetCallerIdentity' })).error?.Code ?? 'stands'

describe('a session without a role', () => {
  it('has the rights of its policies and groups, and no others', async () => {
    const reader = await session()
    expect([
      await can(reader, 's3:GetObject'),
      await can(reader, 's3:PutObject'),
      await can(reader, 's3:ListBucket'),
    ]).toEqual([true, false, false])
    const staff = await session({ policy: undefined, groups: ['staff'] })
    expect([
      await can(staff, 's3:GetObject'),
      await can(staff, 's3:PutObject'),
      await can(staff, 's3:ListBucket'),
    ]).toEqual([true, false, true])
  })

  it('is limited by the session policies that were passed', async () => {
    const limited = await session({ policy: 'readwrite' }, { Policy: JSON.stringify(statement('s3:Put*', '*')) })
    expect([await can(limited, 's3:PutObject'), await can(limited, 's3:GetObject')]).toEqual([true, false])
    const listed = await session(
      { policy: 'readwrite' },
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/reader` },
    )
    expect([await can(listed, 's3:PutObject'), await can(listed, 's3:GetObject')]).toEqual([false, true])
  })

  it('is decided on policies and groups as they are now', async () => {
    const { store } = daypass.deps
    const both = await session({ policy: 'reader', groups: ['staff'] })
    await store.update(policyKey(ACCOUNT, 'reader'), { set: { document: JSON.stringify(statement('s3:Put*', '*')) } })
    expect([await can(both, 's3:PutObject'), await can(both, 's3:GetObject')]).toEqual([true, false])
    await store.remove(policyKey(ACCOUNT, 'reader'))
    expect([await can(both, 's3:PutObject'), await can(both, 's3:ListBucket')]).toEqual([false, true])
    await store.remove(groupKey(ACCOUNT, 'staff'))
    expect(await can(both, 's3:ListBucket')).toBe(false)
    expect(await standing(both)).toBe('stands')
  })

  it('costs two round trips at most, policies and groups included', async () => {
    const both = await session({ policy: 'reader,home,readwrite', groups: ['staff'] })
    const before = daypass.trips.total()
    expect(await can(both, 's3:ListBucket')).toBe(true)
    expect(daypass.trips.total() - before).toBe(2)
  })

  it.each<[string, Record<string, unknown>, boolean]>([
    ['home', { preferred_username: 'alice' }, true],
    ['home', { preferred_username: 'bob' }, false],
    ['home', { preferred_username: '*' }, false],
    ['home', {}, false],
    ['home', { preferred_username: ['alice', 'bob'] }, false],
    ['home', { 'jwt:preferred_username': 'alice' }, false],
    ['staff-only', { groups: ['a', 'staff'] }, true],
    ['staff-only', { groups: ['a'] }, false],
    ['staff-only', {}, false],
    ['verified', { email: 'a@example.com' }, true],
    ['verified', { email: 'a@example.org' }, false],
    ['verified', { email: { toString: 'a@example.com' } }, false],
  ])('with the policy %s and the claims %j', async (policy, claims, expected) => {
    expect(await can(await session({ policy, ...claims }), 's3:PutObject')).toBe(expected)
  })

  it('has no condition key of ours from a claim', async () => {
    const who = await session({ 'aws:PrincipalArn': 'root', 'aws:userid': 'root', iss: issuer.url })
    const contextKeys = (await callerOf(daypass, who)).contextKeys()
    expect(Object.fromEntries(contextKeys)).toEqual({
      'aws:PrincipalArn': [ME],
      'aws:PrincipalAccount': [ACCOUNT],
      'aws:PrincipalType': ['FederatedUser'],
      'aws:userid': [`${ACCOUNT}:default/alice`],
      'aws:TokenIssueTime': ['2026-01-01T00:00:00Z'],
      'aws:MultiFactorAuthPresent': ['false'],
      'jwt:sub': ['alice'],
      'jwt:iss': [issuer.url],
      'jwt:aud': ['app'],
    })
  })

  it('may take a role that trusts its ARN, and be told from others', async () => {
    const assume = (who: SigningCredentials) =>
      daypass.signed(who, { Action: 'AssumeRole', RoleArn: `arn:aws:iam::${ACCOUNT}:role/next`, RoleSessionName: 'n1' })
    expect((await assume(await session({ policy: 'assumer' }))).status).toBe(200)
    expect((await assume(await session({ policy: 'assumer', sub: 'bob' }))).error?.Code).toBe('AccessDenied')
    expect((await assume(await session({ policy: 'assumer', aud: 'b' }))).error?.Code).toBe('AccessDenied')
  })

  it.each(['AssumeRole', 'GetSessionToken', 'GetFederationToken'])(
    'may not call %s for its own rights',
    async (Action) => {
      const who = await session({ policy: 'AdministratorAccess' })
      const extra = Action === 'GetFederationToken' ? { Name: 'bob' } : {}
      expect((await daypass.signed(who, { Action, ...extra })).error?.Code).toBe('AccessDenied')
    },
  )

  it('whose record was changed into something else is refused', async () => {
    const who = await session()
    const key = sessionKey(who.accessKeyId)
    await daypass.deps.store.update(key, { set: { sourceKind: 'root' } })
    expect(await standing(who)).toBe('InternalFailure')
    await daypass.deps.store.update(key, { set: { sourceKind: 'oidc', account: '111111111111' } })
    expect(await standing(who)).toBe('InvalidClientTokenId')
  })

  it('ends when its time is over', async () => {
    const who = await session({}, { DurationSeconds: '900' })
    daypass.clock.advance(899_999)
    expect(await standing(who)).toBe('stands')
    daypass.clock.advance(1)
    expect(await standing(who)).toBe('ExpiredToken')
  })
})

describe('revoking', () => {
  const revoke = (params: Record<string, string>, who: SigningCredentials = ROOT) =>
    daypass.signed(who, { Action: 'RevokeSessions', ...params })
  const source = (name: string) => `arn:aws:iam::${ACCOUNT}:oidc-source/${name}`
  const chained = async (who: SigningCredentials) =>
    credentialsOf(
      await daypass.signed(who, {
        Action: 'AssumeRole',
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/next`,
        RoleSessionName: 'n1',
      }),
    )

  it('a source ends what it began, what descends from that, and nothing else', async () => {
    const [one, other] = [await session({ policy: 'assumer' }), await session({ aud: 'b' })]
    const next = await chained(one)
    expect((await revoke({ ProviderArn: source('default') })).status).toBe(200)
    expect(await Promise.all([one, next, other].map(standing))).toEqual([
      'InvalidClientTokenId',
      'InvalidClientTokenId',
      'stands',
    ])
    daypass.clock.advance(1)
    expect(await standing(await session())).toBe('stands')
  })

  it('a source spares what was issued later, and never goes back', async () => {
    const early = await session()
    daypass.clock.advance(60_000)
    const late = await session()
    const IssuedBefore = new Date(daypass.clock.now() - 30_000).toISOString()
    await revoke({ ProviderArn: source('default'), IssuedBefore })
    expect([await standing(early), await standing(late)]).toEqual(['InvalidClientTokenId', 'stands'])
    await revoke({ ProviderArn: source('default') })
    await revoke({ ProviderArn: source('default'), IssuedBefore })
    expect(await standing(late)).toBe('InvalidClientTokenId')
  })

  it.each([
    ['the account', { AllOfAccount: 'true' }],
    ['nothing but itself', {}],
  ])('%s ends it too', async (_what, params) => {
    const who = await session()
    await revoke(params, Object.keys(params).length === 0 ? who : ROOT)
    expect(await standing(who)).toBe('InvalidClientTokenId')
  })

  it('one session leaves the others of its identity', async () => {
    const [one, other] = [await session(), await session()]
    await revoke({ AccessKeyId: one.accessKeyId })
    expect([await standing(one), await standing(other)]).toEqual(['InvalidClientTokenId', 'stands'])
  })

  it('needs the right to it, in the own account', async () => {
    expect((await revoke({ ProviderArn: source('default') }, await session())).error?.Code).toBe('AccessDenied')
    expect((await revoke({ ProviderArn: 'arn:aws:iam::111111111111:oidc-source/default' })).error?.Code).toBe(
      'AccessDenied',
    )
    expect(await standing(await session())).toBe('stands')
  })

  it.each([
    'oidc-source/',
    'oidc-source/UPPER',
    'oidc-source/a/b',
    'saml-source/a',
    'constructor-x/a',
    'oidc-source/a b',
  ])('refuses %s, which names no source', async (resource) => {
    expect((await revoke({ ProviderArn: `arn:aws:iam::${ACCOUNT}:${resource}` })).error?.Code).toBe('ValidationError')
  })

  it('keeps its marks when the account’s row is written anew, and bounds them', async () => {
    await revoke({ ProviderArn: source('default') })
    await daypass.apply({ id: ACCOUNT, name: 'renamed' })
    const item = (await daypass.deps.store.get(accountKey(ACCOUNT))) ?? expect.fail('no account')
    const marks = { 'oidc/default': daypass.clock.now() }
    expect(parseAccount(item)).toMatchObject({ name: 'renamed', revokedSources: marks })
    expect(parseAccount(accountItem(parseAccount(item)))).toEqual(parseAccount(item))
    for (let at = 1; at < 100; at++) await revoke({ ProviderArn: source(`s${at}`) })
    expect((await revoke({ ProviderArn: source('s100') })).error?.Code).toBe('LimitExceeded')
    expect((await revoke({ ProviderArn: source('s99') })).status).toBe(200)
  })
})
