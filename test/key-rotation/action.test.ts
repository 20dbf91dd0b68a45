import { newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../support/manual-clock.ts'
import { fakeSecret } from './fake-secret.ts'

const HOUR = 3_600_000

describe('a rotation', () => {
  it.each(['session', 'long-term'] as const)('puts a %s ring with one more key in force, and says so', async (kind) => {
    const secret = fakeSecret(new ManualClock(), kind)
    const [first] = (await secret.source()).keys
    await secret.rotate()
    const { keys } = await secret.source()
    expect(keys).toHaveLength(2)
    expect(keys[0]).toMatchObject({ id: first?.id, secret: first?.secret })
    expect(keys[0]?.opensUntil === undefined).toBe(kind === 'long-term')
    expect(secret.logged).toEqual([{ event: 'KeyRingRotated', ring: kind }])
    expect(JSON.stringify(secret.logged)).not.toContain(keys[1]?.secret)
  })

  it('takes no effect before its last step', async () => {
    const secret = fakeSecret(new ManualClock(), 'session')
    const version = secret.begin()
    for (const step of ['createSecret', 'setSecret', 'testSecret'] as const) await secret.step(step, version)
    expect((await secret.source()).keys).toHaveLength(1)
  })

  it('may repeat each of its steps', async () => {
    const secret = fakeSecret(new ManualClock(), 'session')
    const version = secret.begin()
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      await secret.step(step, version)
      await secret.step(step, version)
    }
    expect((await secret.source()).keys).toHaveLength(2)
  })

  it('refuses a version that does not wait', async () => {
    const secret = fakeSecret(new ManualClock(), 'session')
    await expect(secret.step('createSecret', 'unknown')).rejects.toThrow('does not wait')
    expect(secret.values.size).toBe(1)
  })

  it.each(['testSecret', 'finishSecret'] as const)('refuses at %s a ring that lacks a key in force', async (step) => {
    const secret = fakeSecret(new ManualClock(), 'session')
    const version = secret.begin()
    secret.values.set(version, JSON.stringify({ keys: [newStoredKey(0)] }))
    await expect(secret.step(step, version)).rejects.toThrow('lacks key')
    expect(secret.labels.get('first')).toEqual(['AWSCURRENT'])
  })

  it('refuses to put a version in force that has no value, or the same one', async () => {
    const secret = fakeSecret(new ManualClock(), 'session')
    const version = secret.begin()
    await expect(secret.step('finishSecret', version)).rejects.toThrow('no value')
    secret.values.set(version, secret.values.get('first') ?? '')
    await expect(secret.step('finishSecret', version)).rejects.toThrow('0 new keys')
  })

  it('lets its configuration be tested before it ever ran, as long as the ring can be read', async () => {
    const secret = fakeSecret(new ManualClock(), 'session')
    const version = secret.begin()
    await secret.step('testSecret', version)
    secret.values.set(version, secret.values.get('first') ?? '')
    await secret.step('testSecret', version)
    secret.values.set('first', '{}')
    await expect(secret.step('testSecret', version)).rejects.toThrow('holds no keys')
  })

  it('that was held up until its key should seal begins anew', async () => {
    const clock = new ManualClock()
    const secret = fakeSecret(clock, 'session')
    const version = secret.begin()
    await secret.step('createSecret', version)
    clock.advance(HOUR)
    await expect(secret.step('finishSecret', version)).rejects.toThrow('before every function has read it')
  })

  it('refuses a secret that was never filled', async () => {
    const secret = fakeSecret(new ManualClock(), 'session')
    secret.values.clear()
    await expect(secret.step('createSecret', secret.begin())).rejects.toThrow('deploy first')
  })
})
