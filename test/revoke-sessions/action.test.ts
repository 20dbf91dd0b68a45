import { accountKey, oidcProviderKey, roleKey, sessionKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ALICE,
  accounts,
  allow,
  BOB,
  deny,
  EVE,
  OTHER,
  ROOT,
  roleArn,
  rootOf,
  userArn,
} from '../assume-role/accounts.ts'
import { may } from '../support/decisions.ts'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import type { SigningCredentials } from '../support/sign.ts'

const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer.example`

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
  await daypass.apply({
    id: ACCOUNT,
    openIdConnectProviders: [{ Url: 'https://issuer.example', ClientIDList: ['app'] }],
  })
})

const revoke = (who: SigningCredentials, params: Record<string, string> = {}) =>
  daypass.signed(who, { Action: 'RevokeSessions', ...params })
const assume = async (who: SigningCredentials, role: string) =>
  credentialsOf(await daypass.signed(who, { Action: 'AssumeRole', RoleArn: roleArn(role), RoleSessionName: 'alice' }))
const token = async (who: SigningCredentials) => credentialsOf(await daypass.signed(who, { Action: 'GetSessionToken' }))
const lives = async (credentials: SigningCredentials) => {
  const { status, error } = await daypass.signed(credentials, { Action: 'GetCallerIdentity' })
  if (status !== 200) expect([status, error?.Code]).toEqual([403, 'InvalidClientTokenId'])
  return status === 200
}
const info = ({ accessKeyId }: SigningCredentials) =>
  daypass.signed(ALICE, { Action: 'GetAccessKeyInfo', AccessKeyId: accessKeyId })
const code = async (answer: Promise<Answer>) => (await answer).error?.Code

describe('RevokeSessions of one session', () => {
  it('ends it and all that descend from it, and no other', async () => {
    const [first, other] = [await assume(ALICE, 'names-account'), await assume(ALICE, 'names-account')]
    const second = await assume(first, 'tagged')
    const third = await assume(second, 'tagged')
    expect((await revoke(ALICE, { AccessKeyId: first.accessKeyId })).status).toBe(200)
    expect(await Promise.all([first, second, third, other].map(lives))).toEqual([false, false, false, true])
  })

  it('ends one, too, that a function began whose clock is ahead', async () => {
    const [named, own] = [await assume(ALICE, 'names-account'), await assume(ALICE, 'names-account')]
    daypass.clock.advance(-1_000)
    expect((await revoke(ALICE, { AccessKeyId: named.accessKeyId })).status).toBe(200)
    expect((await revoke(own)).status).toBe(200)
    expect([await lives(named), await lives(own)]).toEqual([false, false])
  })

  it('leaves those that it descends from', async () => {
    const first = await assume(ALICE, 'names-account')
    const second = await assume(first, 'tagged')
    await revoke(ROOT, { AccessKeyId: second.accessKeyId })
    expect([await lives(first), await lives(second)]).toEqual([true, false])
  })

  it('answers alike for a session of another account and for one that is not there, and changes neither', async () => {
    const foreign = await token(EVE)
    const [one, another] = [
      await revoke(ALICE, { AccessKeyId: foreign.accessKeyId }),
      await revoke(ALICE, { AccessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }),
    ]
    expect([one.status, one.body]).toEqual([another.status, another.body])
    expect(await lives(foreign)).toBe(true)
  })

  it('leaves nothing behind for an id that no session can have', async () => {
    await revoke(ALICE, { AccessKeyId: 'AKIABOB' })
    expect(await daypass.deps.store.get(sessionKey('AKIABOB'))).toBeUndefined()
    expect(await lives(BOB)).toBe(true)
  })

  it('holds for descendants when the session itself has left the table', async () => {
    const first = await assume(ALICE, 'names-account')
    const second = await assume(first, 'tagged')
    await daypass.deps.store.remove(sessionKey(first.accessKeyId))
    expect(await lives(second)).toBe(true)
    await revoke(EVE, { AccessKeyId: first.accessKeyId })
    expect(await lives(second)).toBe(true) // a mark of another account is none
    expect(await code(info(first))).toBe('ValidationError')
    await revoke(ALICE, { AccessKeyId: first.accessKeyId })
    expect([await lives(first), await lives(second)]).toEqual([false, false])
  })

  it('holds for descendants when another account marks the session at the same moment', async () => {
    const first = await assume(ALICE, 'names-account')
    const second = await assume(first, 'tagged')
    await daypass.deps.store.remove(sessionKey(first.accessKeyId))
    await Promise.all([EVE, ALICE, EVE].map((who) => revoke(who, { AccessKeyId: first.accessKeyId })))
    expect(await lives(second)).toBe(false)
  })

  it('outlives the longest session and all that may descend from it', async () => {
    const first = await token(ALICE)
    await revoke(ALICE, { AccessKeyId: first.accessKeyId })
    const row = await daypass.deps.store.get(sessionKey(first.accessKeyId))
    expect(row?.expiresAt).toBeGreaterThan(daypass.clock.now() / 1000 + 129_600 + 43_200 + 7 * 3600)
  })

  it('leaves a session alone that was issued later than asked', async () => {
    const first = await token(ALICE)
    const at = (offset: number) => new Date(daypass.clock.now() + offset).toISOString()
    daypass.clock.advance(1000)
    await revoke(ALICE, { AccessKeyId: first.accessKeyId, IssuedBefore: at(-1001) })
    expect(await lives(first)).toBe(true)
    await revoke(ALICE, { AccessKeyId: first.accessKeyId, IssuedBefore: at(-1000) })
    expect(await lives(first)).toBe(false)
  })
})

describe('RevokeSessions of many sessions', () => {
  it.each([
    ['a role', { PrincipalArn: roleArn('names-account') }, [false, false, true, true]],
    ['a user', { PrincipalArn: userArn('alice') }, [false, false, false, true]],
    ['the account', { AllOfAccount: 'true' }, [false, false, false, true]],
  ])('of %s ends those, and what descends from them', async (_what, params, expected) => {
    const viaRole = await assume(ALICE, 'names-account')
    const chained = await assume(viaRole, 'tagged')
    const own = await token(ALICE)
    const foreign = await token(EVE)
    expect((await revoke(ROOT, params)).status).toBe(200)
    expect(await Promise.all([viaRole, chained, own, foreign].map(lives))).toEqual(expected)
    expect(await lives(ALICE)).toBe(true)
  })

  it('of a user ends a role session that the user’s session took in another account', async () => {
    const far = credentialsOf(
      await daypass.signed(await token(ALICE), {
        Action: 'AssumeRole',
        RoleArn: roleArn('far', OTHER),
        RoleSessionName: 'alice',
      }),
    )
    await revoke(ROOT, { PrincipalArn: userArn('alice') })
    expect(await lives(far)).toBe(false)
  })

  it('of a user counts from when that user’s session began, not from the role session', async () => {
    const own = await token(ALICE)
    const begun = new Date(daypass.clock.now()).toISOString()
    daypass.clock.advance(5000)
    const later = await assume(own, 'names-account')
    const direct = await assume(ALICE, 'names-account')
    await revoke(ROOT, { PrincipalArn: userArn('alice'), IssuedBefore: begun })
    expect([await lives(later), await lives(direct)]).toEqual([false, true])
  })

  it('of a provider marks its row', async () => {
    expect((await revoke(ROOT, { ProviderArn: PROVIDER })).status).toBe(200)
    const row = await daypass.deps.store.get(oidcProviderKey(ACCOUNT, 'issuer.example'))
    expect(row?.revokedBefore).toBe(daypass.clock.now())
  })

  it('leaves what is issued a millisecond later', async () => {
    const before = await token(ALICE)
    await revoke(ROOT, { AllOfAccount: 'true' })
    daypass.clock.advance(1)
    expect([await lives(before), await lives(await token(ALICE))]).toEqual([false, true])
  })

  it('never takes a mark back', async () => {
    const early = new Date(daypass.clock.now()).toISOString()
    daypass.clock.advance(5000)
    const session = await token(ALICE)
    await revoke(ROOT, { PrincipalArn: userArn('alice') })
    await revoke(ROOT, { PrincipalArn: userArn('alice'), IssuedBefore: early })
    expect(await lives(session)).toBe(false)
  })

  it('keeps the later of two marks that are set at once', async () => {
    const now = daypass.clock.now()
    const times = [3000, 1000, 2000].map((ago) => new Date(now - ago).toISOString())
    await Promise.all(times.map((IssuedBefore) => revoke(ROOT, { AllOfAccount: 'true', IssuedBefore })))
    expect((await daypass.deps.store.get(accountKey(ACCOUNT)))?.revokedBefore).toBe(now - 1000)
  })
})

describe('RevokeSessions', () => {
  const RESOURCES: [Record<string, string>, string][] = [
    [{ AccessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }, `arn:aws:sts::${ACCOUNT}:session/ASIAAAAAAAAAAAAAAAAA`],
    [{ PrincipalArn: roleArn('tagged') }, roleArn('tagged')],
    [{ PrincipalArn: userArn('alice') }, userArn('alice')],
    [{ ProviderArn: PROVIDER }, PROVIDER],
    [{ AllOfAccount: 'true' }, rootOf()],
  ]
  const grant = (policy: object) =>
    daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies: { p: JSON.stringify(policy) } } })

  it.each(RESOURCES)('with %o needs the right on %s, and on nothing else', async (params, resource) => {
    const { error, status } = await revoke(BOB, params)
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
    expect(error?.Message).toContain(`not authorized to perform: sts:RevokeSessions on resource: ${resource} because`)
    await grant(allow('sts:RevokeSessions', `${resource}x`))
    expect(await code(revoke(BOB, params))).toBe('AccessDenied')
    await grant(allow('sts:RevokeSessions', resource))
    expect((await revoke(BOB, params)).status).toBe(200)
    await grant(deny('sts:RevokeSessions', resource))
    expect(await code(revoke(BOB, params))).toBe('AccessDenied')
  })

  it.each([
    ['a principal of another account', { PrincipalArn: userArn('eve', OTHER) }, 'AccessDenied'],
    ['a role of another account', { PrincipalArn: roleArn('far', OTHER) }, 'AccessDenied'],
    [
      'a provider of another account',
      { ProviderArn: `arn:aws:iam::${OTHER}:oidc-provider/issuer.example` },
      'AccessDenied',
    ],
    ['a user that is not there', { PrincipalArn: userArn('nobody') }, 'NoSuchEntity'],
    ['a user named in another case', { PrincipalArn: userArn('ALICE') }, 'NoSuchEntity'],
    ['a role named without its path', { PrincipalArn: roleArn('long') }, 'NoSuchEntity'],
    ['a provider that is not there', { ProviderArn: `${PROVIDER}/other` }, 'NoSuchEntity'],
    ['root as a principal', { PrincipalArn: rootOf() }, 'ValidationError'],
    [
      'a session as a principal',
      { PrincipalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/tagged/alice` },
      'ValidationError',
    ],
    ['a role as a provider', { ProviderArn: roleArn('tagged') }, 'ValidationError'],
    ['two things at once', { AllOfAccount: 'true', PrincipalArn: userArn('alice') }, 'InvalidParameterCombination'],
    ['a time without a thing', { IssuedBefore: '2025-01-01T00:00:00Z' }, 'InvalidParameterCombination'],
    ['a time in the future', { AllOfAccount: 'true', IssuedBefore: '2026-01-01T00:00:00.001Z' }, 'ValidationError'],
    ['what is no time', { AllOfAccount: 'true', IssuedBefore: 'yesterday' }, 'MalformedInput'],
    ['itself, with a long-term key', {}, 'ValidationError'],
    ['nothing of the account, with a long-term key', { AllOfAccount: 'false' }, 'ValidationError'],
  ])('refuses %s', async (_what, params, expected) => {
    const before = await Promise.all(
      [userKey(OTHER, 'eve'), roleKey(OTHER, 'far'), userKey(ACCOUNT, 'alice'), accountKey(ACCOUNT)].map((key) =>
        daypass.deps.store.get(key),
      ),
    )
    expect(await code(revoke(ROOT, params))).toBe(expected)
    const after = await Promise.all(
      [userKey(OTHER, 'eve'), roleKey(OTHER, 'far'), userKey(ACCOUNT, 'alice'), accountKey(ACCOUNT)].map((key) =>
        daypass.deps.store.get(key),
      ),
    )
    expect(after).toEqual(before)
  })

  it('takes now for a time, and MinIO’s TokenRevokeType', async () => {
    const IssuedBefore = new Date(daypass.clock.now()).toISOString()
    const { result } = await revoke(ROOT, { AllOfAccount: 'true', IssuedBefore, TokenRevokeType: 'all' })
    expect(result.IssuedBefore).toBe('2026-01-01T00:00:00Z')
  })

  it('lets every session end itself, without a right and against a Deny', async () => {
    await grant(deny('*'))
    const role = await assume(ALICE, 'names-account')
    await daypass.deps.store.update(roleKey(ACCOUNT, 'names-account'), { set: { inlinePolicies: {} } })
    const guest = credentialsOf(await daypass.signed(ROOT, { Action: 'GetFederationToken', Name: 'guest' }))
    for (const session of [role, guest, await token(BOB), await token(ROOT)]) {
      expect((await revoke(session)).status).toBe(200)
      expect(await lives(session)).toBe(false)
    }
  })

  it('lets a session of GetSessionToken end nothing but itself', async () => {
    const session = await token(ROOT)
    expect(await code(revoke(session, { AllOfAccount: 'true' }))).toBe('AccessDenied')
    expect(await code(revoke(session, { AccessKeyId: session.accessKeyId }))).toBe('AccessDenied')
    expect(await lives(session)).toBe(true)
  })

  it('lets a role’s session end others when its role may', async () => {
    const session = await assume(ALICE, 'names-account')
    expect(await code(revoke(session, { PrincipalArn: userArn('bob') }))).toBe('AccessDenied')
    const inlinePolicies = { r: JSON.stringify(allow('sts:RevokeSessions', userArn('bob'))) }
    await daypass.deps.store.update(roleKey(ACCOUNT, 'names-account'), { set: { inlinePolicies } })
    expect((await revoke(session, { PrincipalArn: userArn('bob') })).status).toBe(200)
  })

  it('is told to the audit log', async () => {
    await revoke(ALICE, { PrincipalArn: userArn('bob') })
    expect(daypass.logged.at(-1)).toMatchObject({
      action: 'RevokeSessions',
      outcome: 'granted',
      caller: userArn('alice'),
      revoked: userArn('bob'),
    })
  })
})

describe('a Deny on aws:TokenIssueTime', () => {
  it('ends the rights of older sessions, and of no key or newer session', async () => {
    const OBJECT = 'arn:aws:s3:::b/k'
    const old = await token(BOB)
    daypass.clock.advance(60_000)
    const cut = new Date(daypass.clock.now()).toISOString().replace('.000Z', 'Z')
    const revoking = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: '*' },
        { Effect: 'Deny', Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:TokenIssueTime': cut } } },
      ],
    }
    const inlinePolicies = { p: JSON.stringify(revoking) }
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies } })
    expect(await may(daypass, old, 's3:GetObject', OBJECT)).toBe(false)
    expect(await may(daypass, await token(BOB), 's3:GetObject', OBJECT)).toBe(true)
    expect(await may(daypass, BOB, 's3:GetObject', OBJECT)).toBe(true)
  })
})
