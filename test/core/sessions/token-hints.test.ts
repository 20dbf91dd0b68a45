import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { openSessionToken, sealSessionToken } from '@daypass/core/credentials/session-token.ts'
import { userKey } from '@daypass/core/store/keys.ts'
import { describe, expect, it } from 'vitest'
import { may } from '../../support/decisions.ts'
import { ACCOUNT, credentialsOf, deployment } from '../../support/deployment.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const clock = new ManualClock()
const stored = newStoredKey(clock.now())
const ring = new KeyRing(async () => ({ keys: [stored] }), clock)
const content = {
  accessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  account: 'a'.repeat(64),
  expiresAt: 1_800_000_000,
  userName: 'u'.repeat(64),
  ancestors: [],
}
const groupNames = Array.from({ length: 10 }, (_, at) => `${at}`.repeat(128))

describe('the hints of a session token', () => {
  it('are kept as long as the token stays under 1,024 characters, and dropped beyond', async () => {
    const token = sealSessionToken(await ring.sealingKey(), { ...content, groups: groupNames })
    expect(token.length).toBeLessThan(1024)
    const { groups, ...rest } = (await openSessionToken(ring, token)) ?? expect.fail('does not open')
    expect(rest).toEqual(content)
    expect(groups).toEqual(groupNames.slice(0, groups?.length))
    expect(groups?.length).toBeGreaterThan(2)
    const few = { ...content, groups: ['staff'], assumedBy: { account: '', userName: 'alice' } }
    expect(await openSessionToken(ring, sealSessionToken(await ring.sealingKey(), few))).toEqual(few)
  })

  it('are dropped too when a provider’s name alone is too long in bytes', async () => {
    const ancestors = Array.from({ length: 8 }, () => 'ASIABBBBBBBBBBBBBBBB')
    const token = sealSessionToken(await ring.sealingKey(), { ...content, ancestors, provider: 'ж'.repeat(240) })
    expect(token.length).toBeLessThan(1024)
    expect(await openSessionToken(ring, token)).toEqual({ ...content, ancestors })
  })

  it('do not decide: groups that they leave out count all the same', async () => {
    const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } }
    const key = { AccessKeyId: 'AKIAMANY', SecretAccessKey: 'secret' }
    const groups = groupNames.map((GroupName, at) => ({ GroupName, ...(at === 9 ? { policies: { policy } } : {}) }))
    const users = [{ UserName: 'many', accessKeys: [key], groups: groupNames }]
    const daypass = await deployment({ id: ACCOUNT, groups, users })
    const who = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
    const session = credentialsOf(await daypass.signed(who, { Action: 'GetSessionToken' }))
    expect(session.sessionToken.length).toBeLessThan(1024)
    expect(await may(daypass, session, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true)
    await daypass.deps.store.update(userKey(ACCOUNT, 'many'), { set: { groups: [] } })
    expect(await may(daypass, session, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(false)
  })
})
