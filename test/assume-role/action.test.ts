import { roleKey, sessionKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import type { SigningCredentials } from '../support/sign.ts'
import { ALICE, accounts, BOB, CAROL, CEPH, EVE, OTHER, ROOT, roleArn } from './accounts.ts'

const S3_FULL = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
type Params = Readonly<Record<string, string>>

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
})

const assume = (who: SigningCredentials, role: string, more: Params = {}) =>
  daypass.signed(who, {
    Action: 'AssumeRole',
    RoleArn: role.startsWith('arn:') ? role : roleArn(role),
    RoleSessionName: 'alice-session',
    ...more,
  })
const whoIs = (answer: Answer) => daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
const code = async (answer: Promise<Answer>) => (await answer).error?.Code
const tags = (...pairs: [string, string][]): Params =>
  Object.fromEntries(
    pairs.flatMap(([key, value], at) => [
      [`Tags.member.${at + 1}.Key`, key],
      [`Tags.member.${at + 1}.Value`, value],
    ]),
  )
const transitive = (...keys: string[]): Params =>
  Object.fromEntries(keys.map((key, at) => [`TransitiveTagKeys.member.${at + 1}`, key]))

describe('AssumeRole', () => {
  it('gives credentials whose holder is the role session', async () => {
    const answer = await assume(ALICE, 'names-account')
    expect(answer.status).toBe(200)
    const { Credentials, AssumedRoleUser, SessionTokenSize, SessionTokenUtilization } = answer.result
    expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    expect(AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/names-account/alice-session`)
    expect([Number(SessionTokenSize), SessionTokenUtilization]).toEqual([Credentials.SessionToken.length, '5'])
    expect((await whoIs(answer)).result).toMatchObject({
      Arn: AssumedRoleUser.Arn,
      UserId: AssumedRoleUser.AssumedRoleId,
    })
  })

  it.each([
    ['a user whom the trust policy names, without any policy of its own', BOB, 'names-bob'],
    ['a user with the right, by a trust policy that names the account', ALICE, 'names-account'],
    ['a user whose group has the right', CAROL, 'names-account'],
    ['a user of another account, when both policies say so', EVE, 'foreign-friend'],
    ['everyone of the account, where the trust policy says so', BOB, 'everyone'],
    ['a user whose tag fits', ALICE, 'by-tag'],
    ['a user of an account with an empty id', CEPH, 'arn:aws:iam:::role/S3Access'],
  ])('lets in %s', async (_who, who, role) => {
    expect((await assume(who, role)).status).toBe(200)
  })

  it.each([
    ['a role that is not there', ALICE, 'nobody'],
    ['a role of another account that is not there', ALICE, roleArn('nobody', OTHER)],
    ['a role that trusts somebody else, however wide the caller’s own policies', ALICE, 'names-nobody'],
    ['a namesake of the one that is trusted', ALICE, 'names-bob'],
    ['a caller without the right, where only the account is trusted', BOB, 'names-account'],
    ['a trust policy that denies', ALICE, 'denies'],
    ['a foreign caller where the own account is trusted', EVE, 'names-account'],
    ['a caller of this account where a foreign one is trusted', ALICE, 'foreign-friend'],
    ['a caller whose tag does not fit', CAROL, 'by-tag'],
    ['no external id', ALICE, 'external'],
    ['no second factor', ALICE, 'mfa'],
    ['a role named in another case', ALICE, 'NAMES-ACCOUNT'],
    ['a role named without its path', ALICE, 'long'],
    ['a role named with a path that it does not have', ALICE, 'teams/a/names-account'],
  ])('refuses %s, always in the same words', async (_what, who, role) => {
    const { error, status } = await assume(who, role)
    const arn = (await daypass.signed(who, { Action: 'GetCallerIdentity' })).result.Arn
    const named = role.startsWith('arn:') ? role : roleArn(role)
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
    expect(error?.Message).toMatch(
      new RegExp(
        `^User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${named}. Encoded authorization failure message: [\\w-]+$`,
      ),
    )
  })

  it('needs the right in both accounts, also where the trust policy names the foreign user itself', async () => {
    const foreign = { accessKeyId: 'AKIAOTHERALICE', secretAccessKey: 'AKIAOTHERALICE-secret' }
    expect(await code(assume(foreign, 'names-nobody'))).toBe('AccessDenied')
    const may = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}'
    await daypass.deps.store.update(userKey(OTHER, 'alice'), { set: { inlinePolicies: { may } } })
    expect((await assume(foreign, 'names-nobody')).status).toBe(200)
  })

  it('tells nothing of a role by the size of its refusal', async () => {
    const untrusting = await assume(ALICE, 'names-nobody')
    await daypass.deps.store.remove(roleKey(ACCOUNT, 'names-nobody'))
    const absent = await assume(ALICE, 'names-nobody')
    expect(absent.error?.Message.length).toBe(untrusting.error?.Message.length)
  })

  it('refuses root, whatever a role trusts', async () => {
    const { error, status } = await assume(ROOT, 'names-account')
    expect([error?.Code, status, error?.Message]).toEqual([
      'AccessDenied',
      403,
      'Roles may not be assumed by root accounts.',
    ])
  })

  it.each([
    ['the right external id', 'customer-7', undefined],
    ['another external id', 'customer-8', 'AccessDenied'],
    ['the external id in another case', 'Customer-7', 'AccessDenied'],
    ['an external id of one character', 'c', 'ValidationError'],
  ])('with %s ends in %s', async (_what, ExternalId, expected) => {
    expect(await code(assume(ALICE, 'external', { ExternalId }))).toBe(expected)
  })

  it('takes an explicit Deny of the caller’s own policies over any trust', async () => {
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), {
      set: {
        inlinePolicies: {
          no: '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}}',
        },
      },
    })
    expect(await code(assume(BOB, 'names-bob'))).toBe('AccessDenied')
  })

  it.each([
    ['899 seconds', 'names-account', '899', 'ValidationError'],
    ['900 seconds', 'names-account', '900', undefined],
    ['the role’s maximum', 'names-account', '3600', undefined],
    ['more than the role’s maximum', 'names-account', '3601', 'ValidationError'],
    ['twelve hours of a role that allows them', 'teams/a/long', '43200', undefined],
    ['more than twelve hours', 'teams/a/long', '43201', 'ValidationError'],
  ])('for %s ends in %s', async (_what, role, DurationSeconds, expected) => {
    const answer = await assume(ALICE, role, { DurationSeconds })
    expect(answer.error?.Code).toBe(expected)
    if (!expected) {
      expect(Date.parse(answer.result.Credentials.Expiration)).toBe(
        daypass.clock.now() + Number(DurationSeconds) * 1000,
      )
    }
  })

  it.each([
    ['no session name', { RoleSessionName: '' }, 'ValidationError'],
    ['a session name of one character', { RoleSessionName: 'a' }, 'ValidationError'],
    ['a session name with a slash', { RoleSessionName: 'a/b' }, 'ValidationError'],
    ['the ARN of a user', { RoleArn: `arn:aws:iam::${ACCOUNT}:user/alice` }, 'ValidationError'],
    ['the ARN of a session', { RoleArn: `arn:aws:sts::${ACCOUNT}:assumed-role/names-account/x` }, 'ValidationError'],
    ['what is no ARN', { RoleArn: 'names-account-and-more-text' }, 'ValidationError'],
    ['a name that no table could hold', { RoleArn: roleArn('r'.repeat(1500)) }, 'ValidationError'],
    ['a policy that is none', { Policy: '{}' }, 'MalformedPolicyDocument'],
    ['a policy over 10,240 characters', { Policy: `{}${' '.repeat(10_240)}` }, 'PackedPolicyTooLarge'],
    [
      'a policy of another account',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${OTHER}:policy/limit` },
      'ValidationError',
    ],
    [
      'a policy that does not exist',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/none` },
      'ValidationError',
    ],
    [
      'a policy name that no table could hold',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/${'p'.repeat(1500)}` },
      'ValidationError',
    ],
    ['context assertions', { 'ProvidedContexts.member.1.ProviderArn': roleArn('any') }, 'ValidationError'],
    ['a token of more than 4,096 characters', { MinimumSessionTokenSize: '4097' }, 'ValidationError'],
  ])('refuses %s', async (_what, params: Params, expected) => {
    const { error } = await daypass.signed(ALICE, {
      Action: 'AssumeRole',
      RoleArn: roleArn('names-account'),
      ...(params.RoleSessionName === '' ? {} : { RoleSessionName: 'alice', ...params }),
    })
    expect(error?.Code).toBe(expected)
  })

  it('needs a signature', async () => {
    const params = { Action: 'AssumeRole', RoleArn: roleArn('everyone'), RoleSessionName: 'alice' }
    expect((await daypass.post(params)).error?.Code).toBe('MissingAuthenticationToken')
  })

  it('keeps the session policies and pads the token as asked', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'
    const { result } = await assume(ALICE, 'names-account', {
      Policy,
      'PolicyArns.member.1.arn': S3_FULL,
      MinimumSessionTokenSize: '2000',
    })
    expect(result.PackedPolicySize).toBe('2')
    expect(result.Credentials.SessionToken.length).toBeGreaterThanOrEqual(2000)
    expect(await daypass.deps.store.get(sessionKey(result.Credentials.AccessKeyId))).toMatchObject({
      sessionPolicy: Policy,
      sessionPolicyArns: [S3_FULL],
    })
  })
})

describe('a session policy', () => {
  it('never widens the role: what the session may do next is within both', async () => {
    const all = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    const none = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    const wide = credentialsOf(await assume(ALICE, 'names-account', { Policy: all }))
    const narrow = credentialsOf(await assume(ALICE, 'names-account', { Policy: none }))
    expect((await assume(wide, 'long', { RoleArn: roleArn('teams/a/long') })).status).toBe(200)
    expect(await code(assume(narrow, 'long', { RoleArn: roleArn('teams/a/long') }))).toBe('AccessDenied')
    const decode = { Action: 'GetAccessKeyInfo', AccessKeyId: 'AKIAALICE' }
    expect(await code(daypass.signed(wide, decode))).toBe('AccessDenied')
  })
})

describe('session tags', () => {
  it.each([
    ['are set where the role lets them be', 'tagged', tags(['Color', 'red']), undefined],
    ['need sts:TagSession in the trust policy', 'names-account', tags(['Color', 'red']), 'AccessDenied'],
    [
      'may not repeat a key in another case',
      'tagged',
      tags(['Color', 'red'], ['color', 'blue']),
      'InvalidParameterValue',
    ],
    ['may not begin with aws:', 'tagged', tags(['aws:Color', 'red']), 'InvalidParameterValue'],
    ['may not begin with AWS:', 'tagged', tags(['AWS:Color', 'red']), 'InvalidParameterValue'],
    [
      'may be fifty',
      'tagged',
      tags(...Array.from({ length: 50 }, (_, at) => [`k${at}`, 'v'] as [string, string])),
      undefined,
    ],
    [
      'may not be fifty-one',
      'tagged',
      tags(...Array.from({ length: 51 }, (_, at) => [`k${at}`, 'v'] as [string, string])),
      'ValidationError',
    ],
    ['may be transitive', 'tagged', { ...tags(['Color', 'red']), ...transitive('color') }, undefined],
    ['may not be transitive without being there', 'tagged', transitive('Color'), 'InvalidParameterValue'],
  ])('%s', async (_what, role, params: Params, expected) => {
    expect(await code(assume(ALICE, role, params))).toBe(expected)
  })

  it('that are transitive are inherited, stay so, and hide the tags of the next role', async () => {
    const first = await assume(ALICE, 'tagged', { ...tags(['Color', 'red'], ['Size', 'xl']), ...transitive('Color') })
    const second = await assume(credentialsOf(first), 'tagged-too')
    const third = await assume(credentialsOf(second), roleArn('far-tagged', OTHER))
    for (const answer of [second, third]) {
      const row = await daypass.deps.store.get(sessionKey(answer.result.Credentials.AccessKeyId))
      expect(row).toMatchObject({ tags: [['Color', 'red']], transitiveTagKeys: ['Color'] })
    }
  })

  it('that are inherited need sts:TagSession of the next role too', async () => {
    const first = await assume(ALICE, 'tagged', { ...tags(['Color', 'red']), ...transitive('Color') })
    const { error } = await assume(credentialsOf(first), 'names-account')
    expect(error?.Message).toMatch(/not authorized to perform: sts:TagSession/)
  })

  it.each([
    ['in the same case', 'Color'],
    ['in another case', 'COLOR'],
  ])('that are inherited cannot be overridden %s', async (_what, key) => {
    const first = await assume(ALICE, 'tagged', { ...tags(['Color', 'red']), ...transitive('Color') })
    const { error, status } = await assume(credentialsOf(first), 'tagged-too', tags([key, 'blue']))
    expect([error?.Code, status]).toEqual(['InvalidParameterValue', 400])
  })

  it('may be fifty with those that are inherited, and not fifty-one', async () => {
    const forty = Array.from({ length: 40 }, (_, at) => [`k${at}`, 'v'] as [string, string])
    const first = await assume(ALICE, 'tagged', { ...tags(...forty), ...transitive(...forty.map(([key]) => key)) })
    const more = (count: number) =>
      tags(...Array.from({ length: count }, (_, at) => [`m${at}`, 'v'] as [string, string]))
    expect((await assume(credentialsOf(first), 'tagged-too', more(10))).status).toBe(200)
    expect(await code(assume(credentialsOf(first), 'tagged-too', more(11)))).toBe('InvalidParameterValue')
  })

  it('that are not transitive end with their session', async () => {
    const first = await assume(ALICE, 'tagged', tags(['Color', 'red']))
    const second = await assume(credentialsOf(first), 'tagged-too')
    const row = await daypass.deps.store.get(sessionKey(second.result.Credentials.AccessKeyId))
    expect(row?.tags).toEqual([])
  })

  it('may have several values in a Ceph-style account alone', async () => {
    const { result } = await assume(CEPH, 'arn:aws:iam:::role/S3Access', tags(['a', '1'], ['a', '2'], ['A', '3']))
    const row = await daypass.deps.store.get(sessionKey(result.Credentials.AccessKeyId))
    expect(row?.tags).toEqual([
      ['a', '1', '2'],
      ['A', '3'],
    ])
  })
})

describe('a source identity', () => {
  it('is set where the role lets it be, and told', async () => {
    const answer = await assume(ALICE, 'tagged', { SourceIdentity: 'alice@example.com' })
    expect(answer.result.SourceIdentity).toBe('alice@example.com')
    expect(await code(assume(ALICE, 'names-account', { SourceIdentity: 'alice@example.com' }))).toBe('AccessDenied')
  })

  it('stays in the chain and cannot be changed', async () => {
    const first = credentialsOf(await assume(ALICE, 'tagged', { SourceIdentity: 'alice' }))
    expect((await assume(first, 'tagged-too')).result.SourceIdentity).toBe('alice')
    expect((await assume(first, 'tagged-too', { SourceIdentity: 'alice' })).status).toBe(200)
    expect(await code(assume(first, 'tagged-too', { SourceIdentity: 'mallory' }))).toBe('AccessDenied')
    expect((await assume(first, 'names-account')).error?.Message).toMatch(/sts:SetSourceIdentity/)
  })
})

describe('a chain of roles', () => {
  it.each([
    ['3600', undefined],
    ['3601', 'ValidationError'],
  ])('of %s seconds ends in %s, though the role allows twelve hours', async (DurationSeconds, expected) => {
    const first = credentialsOf(await assume(ALICE, 'names-account'))
    const { error } = await assume(first, 'teams/a/long', { DurationSeconds })
    expect(error?.Code).toBe(expected)
    if (expected) expect(error?.Message).toMatch(/1 hour session limit for roles assumed by role chaining/)
  })

  it('is none yet with a session of the user’s own, so that the role’s maximum holds', async () => {
    const own = credentialsOf(await daypass.signed(ALICE, { Action: 'GetSessionToken' }))
    expect((await assume(own, 'teams/a/long', { DurationSeconds: '43200' })).status).toBe(200)
  })

  it('may have eight sessions before the last, and not nine', async () => {
    let holder: SigningCredentials = ALICE
    for (let length = 0; length < 9; length++) {
      const answer = await assume(holder, 'names-account')
      expect(answer.status).toBe(200)
      expect(answer.result.Credentials.SessionToken.length).toBeLessThan(1024)
      expect((await whoIs(answer)).status).toBe(200)
      holder = credentialsOf(answer)
    }
    expect(await code(assume(holder, 'names-account'))).toBe('ValidationError')
  })

  it('may go by the name of a session, and by no other session of the same role', async () => {
    const named = credentialsOf(await assume(ALICE, 'names-account'))
    const other = credentialsOf(await assume(ALICE, 'names-account', { RoleSessionName: 'other' }))
    expect((await assume(named, 'names-session')).status).toBe(200)
    expect(await code(assume(other, 'names-session'))).toBe('AccessDenied')
    expect(await code(assume(ALICE, 'names-session'))).toBe('AccessDenied')
  })

  it('does not keep what its first session had shown or been limited to', async () => {
    const first = credentialsOf(await assume(ALICE, 'names-account'))
    const second = await assume(first, 'names-account')
    const row = await daypass.deps.store.get(sessionKey(second.result.Credentials.AccessKeyId))
    expect(row?.mfaAuthenticatedAt).toBeUndefined()
    expect(row?.ancestors).toEqual([first.accessKeyId])
  })

  it.each([
    ['the user that began it is gone', () => daypass.deps.store.remove(userKey(ACCOUNT, 'alice'))],
    [
      'the user that began it was made anew',
      () => daypass.deps.store.update(userKey(ACCOUNT, 'alice'), { set: { userId: 'AIDAAAAAAAAAAAAAAAAAA' } }),
    ],
    [
      'the user that began it was revoked',
      () => daypass.deps.store.update(userKey(ACCOUNT, 'alice'), { set: { revokedBefore: daypass.clock.now() } }),
    ],
    [
      'the role in its middle was made anew',
      () => daypass.deps.store.update(roleKey(ACCOUNT, 'names-account'), { set: { roleId: 'AROAAAAAAAAAAAAAAAAAA' } }),
    ],
    [
      'the role in its middle was revoked',
      () =>
        daypass.deps.store.update(roleKey(ACCOUNT, 'names-account'), { set: { revokedBefore: daypass.clock.now() } }),
    ],
    [
      'the session in its middle was revoked',
      (id: string) => daypass.deps.store.update(sessionKey(id), { set: { revokedAt: 1 } }),
    ],
  ])('ends when %s', async (_what, change) => {
    const first = await assume(ALICE, 'names-account')
    const second = await assume(credentialsOf(first), 'teams/a/long')
    const third = await assume(credentialsOf(second), 'tagged')
    expect((await whoIs(third)).status).toBe(200)
    await change(first.result.Credentials.AccessKeyId)
    for (const answer of [second, third]) {
      const { error, status } = await whoIs(answer)
      expect([error?.Code, status]).toEqual(['InvalidClientTokenId', 403])
    }
  })

  it('goes on when an ancestor has ended and left the table', async () => {
    const first = await assume(ALICE, 'names-account', { DurationSeconds: '900' })
    const second = await assume(credentialsOf(first), 'tagged')
    daypass.clock.advance(901_000)
    await daypass.deps.store.remove(sessionKey(first.result.Credentials.AccessKeyId))
    expect((await whoIs(second)).status).toBe(200)
  })
})

describe('AssumeRole without a role', () => {
  const own = (who: SigningCredentials, more: Params = {}) => daypass.signed(who, { Action: 'AssumeRole', ...more })

  it.each([
    ['no RoleArn', {}],
    ['MinIO’s placeholder', { RoleArn: 'arn:xxx:xxx:xxx:xxxx', RoleSessionName: 'anything' }],
    ['the ARN of a role policy of MinIO’s', { RoleArn: 'arn:minio:iam:::role/abcdefg' }],
    ['another text that is no role’s ARN', { RoleArn: 'arn:x:ignored:by:minio:' }],
  ])('with %s gives a session that keeps the caller’s ARN', async (_what, params: Params) => {
    const answer = await own(ALICE, params)
    expect(answer.result.Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    const { result } = await whoIs(answer)
    expect(result.Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/alice`)
    expect((await assume(credentialsOf(answer), 'names-account')).status).toBe(200)
  })

  it.each([
    'arn:AWS:iam::000000000000:role/names-account',
    'arn:aws:IAM::000000000000:role/names-account',
    'arn:Aws-cn:sts::000000000000:assumed-role/x/y',
    'ARN:aws:iam::000000000000:role/names-account',
    'arn:aw:iam::000000000000:role/names-account',
    'arn:aws:ima::000000000000:role/names-account',
    'arn:aws:s3:::bucket/names-account',
    ' arn:aws:iam::000000000000:user/alice',
  ])('refuses the slip %s', async (RoleArn) => {
    expect(await code(own(ALICE, { RoleArn }))).toBe('ValidationError')
  })

  it('is root’s too', async () => {
    const answer = await own(ROOT)
    expect((await whoIs(answer)).result.Arn).toBe(`arn:aws:iam::${ACCOUNT}:root`)
  })

  it('stays within the policy that was passed, also where a trust policy names the user', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    const [alice, bob] = [credentialsOf(await own(ALICE, { Policy })), credentialsOf(await own(BOB, { Policy }))]
    expect(await code(assume(alice, 'names-account'))).toBe('AccessDenied')
    expect(await code(assume(bob, 'names-bob'))).toBe('AccessDenied')
    expect((await assume(credentialsOf(await own(BOB)), 'names-bob')).status).toBe(200)
  })

  it('limits root within the policy that was passed', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    const info = { Action: 'GetAccessKeyInfo', AccessKeyId: 'AKIAALICE' }
    expect((await daypass.signed(credentialsOf(await own(ROOT)), info)).status).toBe(200)
    expect(await code(daypass.signed(credentialsOf(await own(ROOT, { Policy })), info))).toBe('AccessDenied')
  })

  it('needs no permission, but takes a Deny', async () => {
    expect((await own(BOB)).status).toBe(200)
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), {
      set: {
        inlinePolicies: {
          no: '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}}',
        },
      },
    })
    expect(await code(own(BOB))).toBe('AccessDenied')
  })

  it('takes tags and a source identity from those who may set them', async () => {
    expect((await own(ALICE, { ...tags(['Color', 'red']), SourceIdentity: 'alice' })).status).toBe(200)
    expect(await code(own(BOB, tags(['Color', 'red'])))).toBe('AccessDenied')
    expect(await code(own(BOB, { SourceIdentity: 'bob' }))).toBe('AccessDenied')
  })

  it.each([
    ['43200', undefined],
    ['43201', 'ValidationError'],
    ['899', 'ValidationError'],
  ])('for %s seconds ends in %s', async (DurationSeconds, expected) => {
    expect(await code(own(ALICE, { DurationSeconds }))).toBe(expected)
  })

  it('is refused with temporary credentials of any kind', async () => {
    const token = { Action: 'GetSessionToken' }
    for (const answer of [await own(ALICE), await assume(ALICE, 'names-account'), await daypass.signed(ALICE, token)]) {
      expect(await code(own(credentialsOf(answer)))).toBe('AccessDenied')
    }
  })
})

describe('round trips', () => {
  const count = async (call: () => Promise<Answer>) => {
    const before = daypass.trips.total()
    const answer = await call()
    expect(answer.status).toBe(200)
    return { trips: daypass.trips.total() - before, answer }
  }
  const policy: Params = { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/limit` }

  it('of AssumeRole are five for a user with groups, writes included', async () => {
    const { trips, answer } = await count(() => assume(CAROL, 'names-account', policy))
    expect(trips).toBe(5)
    expect((await count(() => whoIs(answer))).trips).toBe(1)
  })

  it('of verifying a user with groups and deciding about it are four', async () => {
    const before = daypass.trips.total()
    const info = { Action: 'GetAccessKeyInfo', AccessKeyId: CAROL.accessKeyId }
    expect(await code(daypass.signed(CAROL, info))).toBe('AccessDenied')
    expect(daypass.trips.total() - before).toBe(4)
  })

  it('of AssumeRole are three for a session, of a user or of a chained role, writes included', async () => {
    const attached = { set: { attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/staff`] } }
    await daypass.deps.store.update(roleKey(ACCOUNT, 'names-account'), attached)
    const token = credentialsOf(await daypass.signed(CAROL, { Action: 'GetSessionToken' }))
    const first = await count(() => assume(token, 'names-account'))
    const second = await count(() => assume(credentialsOf(first.answer), 'names-account'))
    expect([first.trips, second.trips]).toEqual([3, 3])
    expect((await count(() => whoIs(second.answer))).trips).toBe(2)
  })
})
