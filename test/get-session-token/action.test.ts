import { accessKeyKey, accountKey, mfaDeviceKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { iamService } from '../../functions/iam/action.ts'
import { ALICE, accounts, BOB, CAROL, EVE, OTHER, ROOT, roleArn } from '../assume-role/accounts.ts'
import { callerOf, may } from '../support/decisions.ts'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import { enableDevice } from '../support/mfa.ts'
import { type SigningCredentials, signRequest } from '../support/sign.ts'

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
})

const token = (who: SigningCredentials, more: Record<string, string> = {}) =>
  daypass.signed(who, { Action: 'GetSessionToken', ...more })
const whoIs = (answer: Answer) => daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
const code = async (answer: Promise<Answer>) => (await answer).error?.Code
const secondsOf = ({ result }: Answer) => (Date.parse(result.Credentials.Expiration) - daypass.clock.now()) / 1000

async function iam(credentials: SigningCredentials): Promise<number> {
  const body = 'Action=ListUsers&Version=2010-05-08'
  const signing = { service: 'iam', region: 'us-east-1', now: daypass.clock.now() }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const request = signRequest({
    ...credentials,
    ...signing,
    headers,
    method: 'POST',
    url: 'https://iam.example/',
    body,
  })
  const blank = { sourceIp: '192.0.2.1', secure: true, requestId: 'test' }
  return (await iamService(daypass.deps)({ ...blank, ...request })).status
}

describe('GetSessionToken', () => {
  it('gives a session that is the user itself', async () => {
    const answer = await token(CAROL)
    expect((await whoIs(answer)).result.Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/carol`)
    expect(await may(daypass, credentialsOf(answer), 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true)
    expect(await may(daypass, credentialsOf(answer), 'ec2:RunInstances', '*')).toBe(false)
    expect([...(await callerOf(daypass, credentialsOf(answer))).contextKeys()]).toEqual(
      expect.arrayContaining([
        ['aws:username', ['carol']],
        ['aws:PrincipalType', ['User']],
        ['aws:TokenIssueTime', ['2026-01-01T00:00:00Z']],
      ]),
    )
  })

  it('needs no permission, and a Deny does not hold', async () => {
    const no = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies: { no } } })
    expect((await token(BOB)).status).toBe(200)
  })

  it.each([
    ['user', ALICE, undefined, 43_200],
    ['user', ALICE, '900', 900],
    ['user', ALICE, '129600', 129_600],
    ['root', ROOT, undefined, 3600],
    ['root', ROOT, '900', 900],
    ['root', ROOT, '129600', 3600],
  ])('lasts for a %s (%o) who asks for %s seconds %d', async (_who, who, asked, seconds) => {
    expect(secondsOf(await token(who, asked === undefined ? {} : { DurationSeconds: asked }))).toBe(seconds)
  })

  it.each(['899', '129601', 'x'])('refuses %s seconds', async (DurationSeconds) => {
    expect((await token(ALICE, { DurationSeconds })).status).toBe(400)
  })

  it('is refused with temporary credentials of any kind', async () => {
    const assume = { Action: 'AssumeRole', RoleArn: roleArn('names-account'), RoleSessionName: 'alice' }
    const federate = { Action: 'GetFederationToken', Name: 'guest' }
    for (const params of [{ Action: 'GetSessionToken' }, { Action: 'AssumeRole' }, assume, federate]) {
      const { error, status } = await token(credentialsOf(await daypass.signed(ALICE, params)))
      expect([error?.Code, status]).toEqual(['AccessDenied', 403])
    }
  })

  it('is verified in one round trip, two with the policies of its groups', async () => {
    const credentials = credentialsOf(await token(CAROL))
    const before = daypass.trips.total()
    await daypass.signed(credentials, { Action: 'GetCallerIdentity' })
    expect(daypass.trips.total() - before).toBe(1)
    await may(daypass, credentials, 's3:GetObject', 'arn:aws:s3:::b/k')
    expect(daypass.trips.total() - before).toBe(3)
    await may(daypass, CAROL, 's3:GetObject', 'arn:aws:s3:::b/k')
    expect(daypass.trips.total() - before).toBe(7)
  })

  it('loses and wins rights with the user’s groups at once', async () => {
    const credentials = credentialsOf(await token(CAROL))
    await daypass.deps.store.update(userKey(ACCOUNT, 'carol'), { set: { groups: [] } })
    expect(await may(daypass, credentials, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(false)
    const bob = credentialsOf(await token(BOB))
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { groups: ['staff'] } })
    expect(await may(daypass, bob, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true)
  })
})

describe('a session of GetSessionToken', () => {
  it.each([
    ['may', 'GetCallerIdentity', {}, undefined],
    ['may', 'AssumeRole', { RoleArn: roleArn('names-account'), RoleSessionName: 'alice' }, undefined],
    ['may not', 'GetFederationToken', { Name: 'guest' }, 'AccessDenied'],
    ['may not', 'GetAccessKeyInfo', { AccessKeyId: 'AKIAALICE' }, 'AccessDenied'],
    ['may not', 'DecodeAuthorizationMessage', { EncodedMessage: 'x' }, 'AccessDenied'],
    ['may not', 'AssumeRoot', {}, 'AccessDenied'],
    ['may not', 'GetDelegatedAccessToken', { TradeInToken: 'x' }, 'AccessDenied'],
  ])('%s call %s', async (_may, Action, params, expected) => {
    const credentials = credentialsOf(await token(ALICE))
    expect(await code(daypass.signed(credentials, { Action, ...params }))).toBe(expected)
  })

  it('may call IAM only when it was given a second factor', async () => {
    const { serialNumber: SerialNumber, code: now } = await enableDevice(daypass, 'carol')
    expect(await iam(CAROL)).toBe(200)
    expect(await iam(credentialsOf(await token(CAROL)))).toBe(403)
    expect(await iam(credentialsOf(await token(CAROL, { SerialNumber, TokenCode: now() })))).toBe(200)
  })

  it.each([
    [
      'goes on',
      'its key is inactive',
      () => daypass.deps.store.update(accessKeyKey(ALICE.accessKeyId), { set: { status: 'Inactive' } }),
      200,
    ],
    ['goes on', 'its key is gone', () => daypass.deps.store.remove(accessKeyKey(ALICE.accessKeyId)), 200],
    ['ends', 'its user is gone', () => daypass.deps.store.remove(userKey(ACCOUNT, 'alice')), 403],
    [
      'ends',
      'its user was made anew',
      () => daypass.deps.store.update(userKey(ACCOUNT, 'alice'), { set: { userId: 'AIDAAAAAAAAAAAAAAAAAA' } }),
      403,
    ],
    [
      'ends',
      'its user was revoked',
      () => daypass.deps.store.update(userKey(ACCOUNT, 'alice'), { set: { revokedBefore: daypass.clock.now() } }),
      403,
    ],
    [
      'ends',
      'its account was revoked',
      () => daypass.deps.store.update(accountKey(ACCOUNT), { set: { revokedBefore: daypass.clock.now() } }),
      403,
    ],
    ['ends', 'its account is gone', () => daypass.deps.store.remove(accountKey(ACCOUNT)), 403],
  ])('%s when %s', async (_outcome, _what, change, status) => {
    const answer = await token(ALICE)
    expect((await whoIs(answer)).status).toBe(200)
    await change()
    expect((await whoIs(answer)).status).toBe(status)
  })

  it('ends at its time, to the second', async () => {
    const answer = await token(ALICE, { DurationSeconds: '900' })
    daypass.clock.advance(899_999)
    expect((await whoIs(answer)).status).toBe(200)
    daypass.clock.advance(1)
    expect((await whoIs(answer)).error?.Code).toBe('ExpiredToken')
  })
})

describe('a second factor', () => {
  const mfaKeys = async (credentials: SigningCredentials) => {
    const contextKeys = (await callerOf(daypass, credentials)).contextKeys()
    return [contextKeys.get('aws:MultiFactorAuthPresent'), contextKeys.get('aws:MultiFactorAuthAge')]
  }

  it('is told to policies with its age, is false for other sessions, and unknown for long-term keys', async () => {
    const { serialNumber: SerialNumber, code: now } = await enableDevice(daypass, 'alice')
    const shown = credentialsOf(await token(ALICE, { SerialNumber, TokenCode: now() }))
    daypass.clock.advance(61_500)
    expect(await mfaKeys(shown)).toEqual([['true'], ['61']])
    expect(await mfaKeys(credentialsOf(await token(ALICE)))).toEqual([['false'], undefined])
    expect(await mfaKeys(ALICE)).toEqual([undefined, undefined])
  })

  it('opens a role that asks for it, by its session or in the very request', async () => {
    const { serialNumber: SerialNumber, code: now } = await enableDevice(daypass, 'alice')
    const role = { Action: 'AssumeRole', RoleArn: roleArn('mfa'), RoleSessionName: 'alice' }
    const direct = await daypass.signed(ALICE, { ...role, SerialNumber, TokenCode: now() })
    expect(direct.status).toBe(200)
    expect(await mfaKeys(credentialsOf(direct))).toEqual([['true'], ['0']])
    daypass.clock.advance(60_000)
    const plain = credentialsOf(await token(ALICE))
    const shown = credentialsOf(await token(ALICE, { SerialNumber, TokenCode: now() }))
    expect((await daypass.signed(shown, role)).status).toBe(200)
    expect(await code(daypass.signed(plain, role))).toBe('AccessDenied')
    daypass.clock.advance(60_000)
    expect((await daypass.signed(plain, { ...role, SerialNumber, TokenCode: now() })).status).toBe(200)
  })

  it('shown twice is refused', async () => {
    const { serialNumber: SerialNumber, code: now } = await enableDevice(daypass, 'alice')
    const params = { SerialNumber, TokenCode: now() }
    expect((await token(ALICE, params)).status).toBe(200)
    const { error, status } = await token(ALICE, params)
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
    expect(error?.Message.trim()).toBe('MultiFactorAuthentication failed with invalid MFA one time pass code.')
  })

  it.each([
    ['another user’s device', BOB, {}],
    [
      'a user of the same name in another account',
      { accessKeyId: 'AKIAOTHERALICE', secretAccessKey: 'AKIAOTHERALICE-secret' },
      {},
    ],
    ['root with a user’s device', ROOT, {}],
    ['a device that is not enabled', ALICE, { remove: ['enabledAt'] }],
    ['a device that is nobody’s', ALICE, { remove: ['userName'] }],
  ])('is refused from %s', async (_what, who, change) => {
    const { serialNumber: SerialNumber, code: now } = await enableDevice(daypass, 'alice')
    if ('remove' in change) await daypass.deps.store.update(mfaDeviceKey(ACCOUNT, 'alice-phone'), change)
    const { error } = await token(who, { SerialNumber, TokenCode: now() })
    expect(error?.Message).toMatch(/^MultiFactorAuthentication failed, unable to validate MFA code/)
  })

  it.each([
    ['in another case', (serial: string) => serial.replace('alice-phone', 'Alice-Phone')],
    ['with a path', (serial: string) => serial.replace('mfa/', 'mfa/x/')],
    ['of another account', (serial: string) => serial.replace(ACCOUNT, OTHER)],
    ['that is no ARN', () => 'GAHT12345678'],
  ])('is refused for a serial number %s', async (_what, change) => {
    const { serialNumber, code: now } = await enableDevice(daypass, 'alice')
    expect(await code(token(ALICE, { SerialNumber: change(serialNumber), TokenCode: now() }))).toBe('AccessDenied')
  })

  it.each([
    ['a serial number without a code', { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/alice-phone` }, 'AccessDenied'],
    ['a code without a serial number', { TokenCode: '123456' }, 'AccessDenied'],
    [
      'a code of five digits',
      { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/alice-phone`, TokenCode: '12345' },
      'ValidationError',
    ],
    [
      'a code of letters',
      { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/alice-phone`, TokenCode: 'abcdef' },
      'ValidationError',
    ],
  ])('is not %s', async (_what, params, expected) => {
    await enableDevice(daypass, 'alice')
    const { error, body } = await token(ALICE, params)
    expect(error?.Code).toBe(expected)
    expect(body).not.toContain('abcdef')
  })

  it('cannot be shown by a role’s session', async () => {
    const { serialNumber: SerialNumber, code: now } = await enableDevice(daypass, 'alice')
    const role = { Action: 'AssumeRole', RoleArn: roleArn('names-account'), RoleSessionName: 'alice' }
    const session = credentialsOf(await daypass.signed(ALICE, role))
    const mfa = { ...role, RoleArn: roleArn('mfa'), SerialNumber, TokenCode: now() }
    expect(await code(daypass.signed(session, mfa))).toBe('AccessDenied')
    expect(await code(daypass.signed(EVE, mfa))).toBe('AccessDenied')
  })
})
