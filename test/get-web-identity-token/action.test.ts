import { hash } from 'node:crypto'
import { ensureSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { accountKey, publicKeyPartition, userKey } from '@daypass/core/store/keys.ts'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, accounts, allow, BOB, CEPH, deny, EVE, OTHER, ROOT, roleArn, userArn } from '../assume-role/accounts.ts'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import type { SigningCredentials } from '../support/sign.ts'

const AWS = 'https://sts.amazonaws.com/'
const AUDIENCE = 'https://api.example'

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
  await ensureSigningKeys(daypass.deps)
  await enable()
})

const enable = (account = ACCOUNT) =>
  daypass.deps.store.update(accountKey(account), { set: { outboundFederation: true } })
const grant = (user: string, rights: object) =>
  daypass.deps.store.update(userKey(ACCOUNT, user), { set: { inlinePolicies: { rights: JSON.stringify(rights) } } })
const ask = (who: SigningCredentials, params: Record<string, string> = {}) =>
  daypass.signed(who, {
    Action: 'GetWebIdentityToken',
    'Audience.member.1': AUDIENCE,
    SigningAlgorithm: 'ES384',
    ...params,
  })
const assume = async (role: string, more: Record<string, string> = {}) =>
  credentialsOf(
    await daypass.signed(ALICE, { Action: 'AssumeRole', RoleArn: roleArn(role), RoleSessionName: 'alice', ...more }),
  )
/** A role session that may have tokens. */
async function roleSession(role = 'tagged', more: Record<string, string> = {}): Promise<SigningCredentials> {
  const policies = { any: allow('sts:*') }
  const trust = accounts[0]?.roles?.find(({ RoleName }) => RoleName === role)?.AssumeRolePolicyDocument ?? {}
  await daypass.apply({ id: ACCOUNT, roles: [{ RoleName: role, AssumeRolePolicyDocument: trust, policies }] })
  return assume(role, more)
}
const tag = (at: number, Key: string, Value: string) => ({
  [`Tags.member.${at}.Key`]: Key,
  [`Tags.member.${at}.Value`]: Value,
})
const code = ({ error, status }: Answer) => [error?.Code, status]

/** The claims, once jose has verified the token as a service would: by the published keys alone. */
async function verified({ result }: Answer, audience = AUDIENCE) {
  const { body } = await daypass.handle({ method: 'GET', path: '/.well-known/jwks.json' })
  const keys = createLocalJWKSet(JSON.parse(body))
  return jwtVerify<JWTPayload & { [AWS]: Record<string, unknown> }>(result.WebIdentityToken, keys, {
    issuer: 'https://sts.example',
    audience,
    currentDate: new Date(daypass.clock.now()),
  })
}

describe('GetWebIdentityToken', () => {
  it.each(['RS256', 'ES384'])('tells who a user is, signed with %s', async (SigningAlgorithm) => {
    const answer = await ask(ALICE, { SigningAlgorithm })
    const { payload, protectedHeader } = await verified(answer)
    const now = daypass.clock.now() / 1000
    expect(protectedHeader).toEqual({ alg: SigningAlgorithm, kid: expect.any(String), typ: 'JWT' })
    expect(payload).toEqual({
      iss: 'https://sts.example',
      aud: AUDIENCE,
      sub: userArn('alice'),
      iat: now,
      exp: now + 300,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      [AWS]: {
        aws_account: ACCOUNT,
        source_region: 'eu-test-1',
        principal_id: userArn('alice'),
        principal_tags: { team: 'red' },
      },
    })
    expect(answer.result.Expiration).toBe('2026-01-01T00:05:00Z')
  })

  it('names the same issuer as the discovery document', async () => {
    const path = '/.well-known/openid-configuration'
    const { result } = await daypass.handle({ method: 'GET', path, headers: { host: 'sts.example' } })
    expect((await verified(await ask(ALICE))).payload.iss).toBe(result.issuer)
  })

  it('gives every token an id of its own', async () => {
    const [one, two] = [await verified(await ask(ALICE)), await verified(await ask(ALICE))]
    expect(one.payload.jti).not.toBe(two.payload.jti)
  })

  it('names the role of a role session, with what its session is', async () => {
    const session = await roleSession('tagged', {
      ...tag(1, 'project', 'blue'),
      SourceIdentity: 'alice-at-home',
      DurationSeconds: '900',
    })
    const { payload } = await verified(await ask(session))
    expect(payload.sub).toBe(roleArn('tagged'))
    expect(payload[AWS]).toEqual({
      aws_account: ACCOUNT,
      source_region: 'eu-test-1',
      principal_id: roleArn('tagged'),
      original_session_exp: '2026-01-01T00:15:00Z',
      source_identity: 'alice-at-home',
      principal_tags: { project: 'blue' },
    })
  })

  it('names a user whose own rights a session has', async () => {
    const session = credentialsOf(await daypass.signed(ALICE, { Action: 'AssumeRole' }))
    expect((await verified(await ask(session))).payload.sub).toBe(userArn('alice'))
  })

  it('names root', async () => {
    expect((await verified(await ask(ROOT))).payload.sub).toBe(`arn:aws:iam::${ACCOUNT}:root`)
  })

  it('names the account in its subject, since all accounts of a deployment share the issuer', async () => {
    await enable(OTHER)
    const { payload } = await verified(await ask(EVE))
    expect([payload.sub, payload[AWS].aws_account]).toEqual([userArn('eve', OTHER), OTHER])
  })

  it('is for every audience that was asked for, and for no other', async () => {
    const answer = await ask(ALICE, { 'Audience.member.2': 'other' })
    expect((await verified(answer)).payload.aud).toEqual([AUDIENCE, 'other'])
    await expect(verified(answer, 'third')).rejects.toMatchObject({ claim: 'aud' })
  })

  it.each([
    ['no audience', { 'Audience.member.1': '' }, 'ValidationError'],
    ['another algorithm', { SigningAlgorithm: 'RS512' }, 'ValidationError'],
    ['an algorithm of shared secrets', { SigningAlgorithm: 'HS256' }, 'ValidationError'],
    ['no signature', { SigningAlgorithm: 'none' }, 'ValidationError'],
    ['an algorithm in another case', { SigningAlgorithm: 'es384' }, 'ValidationError'],
    ['59 seconds', { DurationSeconds: '59' }, 'ValidationError'],
    ['3601 seconds', { DurationSeconds: '3601' }, 'ValidationError'],
  ])('refuses %s', async (_what, params, expected) => {
    expect(code(await ask(ALICE, params))).toEqual([expected, 400])
  })

  it.each(['60', '3600'])('lasts for %s seconds when asked to', async (DurationSeconds) => {
    const { payload } = await verified(await ask(ALICE, { DurationSeconds }))
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(Number(DurationSeconds))
  })

  it('needs a signature', async () => {
    const params = { 'Audience.member.1': AUDIENCE, SigningAlgorithm: 'ES384' }
    expect(code(await daypass.post({ Action: 'GetWebIdentityToken', ...params }))).toEqual([
      'MissingAuthenticationToken',
      403,
    ])
  })

  it('tells the log of the token by its hash and its id alone', async () => {
    const answer = await ask(ALICE)
    const { payload } = await verified(answer)
    const token: string = answer.result.WebIdentityToken
    expect(daypass.logged).toContainEqual(
      expect.objectContaining({
        action: 'GetWebIdentityToken',
        outcome: 'granted',
        caller: userArn('alice'),
        audience: [AUDIENCE],
        tokenId: payload.jti,
        tokenSha256: hash('sha256', token),
      }),
    )
    expect(JSON.stringify(daypass.logged)).not.toContain(token.split('.')[2])
  })

  it('fails as our own fault when there is no key to sign with', async () => {
    const { store } = daypass.deps
    for (const { pk, sk } of (await store.query(publicKeyPartition)).items) await store.remove({ pk, sk })
    const answer = await ask(ALICE)
    expect(code(answer)).toEqual(['InternalFailure', 500])
    expect(answer.body).not.toContain('key')
  })
})

describe('an account', () => {
  it.each([
    ['that was never asked', { remove: ['outboundFederation'] }],
    ['that has put it off again', { set: { outboundFederation: false } }],
  ])('%s gives no tokens, not even to root', async (_what, change) => {
    await daypass.deps.store.update(accountKey(ACCOUNT), change)
    await enable(OTHER)
    for (const who of [ALICE, ROOT]) {
      expect(code(await ask(who))).toEqual(['OutboundWebIdentityFederationDisabledException', 403])
    }
  })

  it('does not tell those without the right whether it gives tokens', async () => {
    await daypass.deps.store.update(accountKey(ACCOUNT), { remove: ['outboundFederation'] })
    expect(code(await ask(BOB))).toEqual(['AccessDenied', 403])
  })
})

describe('the right to a token', () => {
  it('is needed', async () => {
    const { error } = await ask(BOB)
    expect(error?.Message).toMatch(
      /^User: arn:aws:iam::000000000000:user\/bob is not authorized to perform: sts:GetWebIdentityToken on resource: \*/,
    )
  })

  it('is lost by an explicit deny', async () => {
    await grant('bob', {
      Version: '2012-10-17',
      Statement: [allow('sts:*').Statement, deny('sts:GetWebIdentityToken').Statement],
    })
    expect(code(await ask(BOB))).toEqual(['AccessDenied', 403])
  })

  it('is limited by a session policy', async () => {
    await roleSession()
    const Policy = JSON.stringify(allow('s3:*'))
    expect(code(await ask(await assume('tagged', { Policy })))).toEqual(['AccessDenied', 403])
  })

  const GET = 'sts:GetWebIdentityToken'
  it.each([
    [
      'audience',
      { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': AUDIENCE } },
      {},
      { 'Audience.member.2': 'https://other.example' },
    ],
    [
      'duration',
      { NumericLessThanEquals: { 'sts:DurationSeconds': '300' } },
      { DurationSeconds: '300' },
      { DurationSeconds: '301' },
    ],
    ['default duration', { NumericLessThanEquals: { 'sts:DurationSeconds': '299' } }, { DurationSeconds: '299' }, {}],
    ['algorithm', { StringEquals: { 'sts:SigningAlgorithm': 'ES384' } }, {}, { SigningAlgorithm: 'RS256' }],
  ])('can be narrowed by the %s', async (_what, Condition, granted, refused) => {
    await grant('bob', allow(GET, '*', { Condition }))
    expect((await ask(BOB, granted)).status).toBe(200)
    expect(code(await ask(BOB, refused))).toEqual(['AccessDenied', 403])
  })
})

describe('tags', () => {
  it('become claims of their own', async () => {
    const answer = await ask(ALICE, { ...tag(1, 'job-id', 'job-7'), ...tag(2, 'empty', '') })
    const { payload } = await verified(answer)
    expect(payload[AWS]).toMatchObject({
      request_tags: { 'job-id': 'job-7', empty: '' },
      principal_tags: { team: 'red' },
    })
  })

  it('cannot pose as claims about the caller', async () => {
    const params = { ...tag(1, 'aws_account', OTHER), ...tag(2, '__proto__', 'x'), ...tag(3, 'sub', 'root') }
    const { payload } = await verified(await ask(ALICE, params))
    expect([payload.sub, payload[AWS].aws_account]).toEqual([userArn('alice'), ACCOUNT])
    expect(Object.keys(payload[AWS].request_tags as object)).toEqual(['aws_account', '__proto__', 'sub'])
  })

  it('need a right of their own', async () => {
    await grant('bob', allow('sts:GetWebIdentityToken'))
    expect((await ask(BOB)).status).toBe(200)
    const { error } = await ask(BOB, tag(1, 'job', '7'))
    expect(error?.Message).toContain('is not authorized to perform: sts:TagGetWebIdentityToken on resource: *')
  })

  it('can be narrowed by key and value', async () => {
    const Condition = {
      StringEquals: { 'aws:RequestTag/job': '7' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': 'job' },
    }
    await grant('bob', {
      Version: '2012-10-17',
      Statement: [
        allow('sts:GetWebIdentityToken').Statement,
        allow('sts:TagGetWebIdentityToken', '*', { Condition }).Statement,
      ],
    })
    expect((await ask(BOB, tag(1, 'job', '7'))).status).toBe(200)
    expect(code(await ask(BOB, tag(1, 'job', '8')))).toEqual(['AccessDenied', 403])
    expect(code(await ask(BOB, { ...tag(1, 'job', '7'), ...tag(2, 'more', '1') }))).toEqual(['AccessDenied', 403])
  })

  it.each([
    ['that repeat a key', { ...tag(1, 'job', '7'), ...tag(2, 'Job', '8') }],
    ['whose key is AWS’s', tag(1, 'aws:job', '7')],
  ])('%s are refused', async (_what, params) => {
    expect(code(await ask(ALICE, params))).toEqual(['InvalidParameterValue', 400])
  })

  it('with several values, as a Ceph-style account has them, are lists', async () => {
    await enable('')
    const { payload } = await verified(await ask(CEPH, { ...tag(1, 'team', 'a'), ...tag(2, 'team', 'b') }))
    expect(payload.sub).toBe('arn:aws:iam:::user/tester')
    expect(payload[AWS]).toMatchObject({ aws_account: '', request_tags: { team: ['a', 'b'] } })
  })

  it('may not make the token too large', async () => {
    const many = (value: string) =>
      Object.assign({}, ...Array.from({ length: 40 }, (_, at) => tag(at + 1, `key-${at}`, value)))
    expect((await ask(ALICE, many('v'.repeat(150)))).status).toBe(200)
    expect(code(await ask(ALICE, many('v'.repeat(250))))).toEqual(['JWTPayloadSizeExceededException', 400])
  })
})

describe('a session', () => {
  it('gets no token that outlives it', async () => {
    const session = await roleSession('tagged', { DurationSeconds: '900' })
    expect((await ask(session, { DurationSeconds: '900' })).status).toBe(200)
    expect(code(await ask(session, { DurationSeconds: '901' }))).toEqual(['SessionDurationEscalationException', 403])
    daypass.clock.advance(601_000)
    expect(code(await ask(session))).toEqual(['SessionDurationEscalationException', 403])
    expect((await ask(session, { DurationSeconds: '299' })).status).toBe(200)
  })

  it.each([
    ['GetSessionToken', {}],
    ['GetFederationToken', { Name: 'guest', Policy: JSON.stringify(allow('sts:*')) }],
  ])('of %s gets none', async (Action, params) => {
    const session = credentialsOf(await daypass.signed(ALICE, { Action, ...params }))
    expect(code(await ask(session))).toEqual(['AccessDenied', 403])
  })

  it('that was revoked gets none', async () => {
    const session = await roleSession()
    await daypass.signed(session, { Action: 'RevokeSessions' })
    expect(code(await ask(session))).toEqual(['InvalidClientTokenId', 403])
  })
})
