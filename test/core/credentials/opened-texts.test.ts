import { KeyRing, newStoredKey, type StoredKey } from '@daypass/core/credentials/key-ring.ts'
import { OpenedTexts } from '@daypass/core/credentials/opened-texts.ts'
import { openSecret, sealSecret } from '@daypass/core/credentials/sealed-secret.ts'
import { openSessionToken, sealSessionToken } from '@daypass/core/credentials/session-token.ts'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../support/manual-clock.ts'

const clock = new ManualClock()
const ringOf = (key: StoredKey) => new KeyRing(async () => ({ keys: [key] }), clock)
const content = { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', account: '1', expiresAt: 1_800_000_000, ancestors: [] }

describe('texts that were opened', () => {
  it('are known by the ring whose key opened them alone', async () => {
    const [key, other] = [newStoredKey(clock.now()), newStoredKey(clock.now())]
    const [ring, namesake] = [ringOf(key), ringOf({ ...other, id: key.id })]
    const opened = new OpenedTexts<string>()
    await Promise.all([ring.sealingKey(), namesake.sealingKey()])
    opened.keep(ring, key.id, 'sealed', 'plain')
    expect(opened.find(ring, 'sealed')).toBe('plain')
    expect(opened.find(ring, 'another')).toBeUndefined()
    expect(opened.find(namesake, 'sealed')).toBeUndefined()
  })

  it('are not kept for a key that the ring does not have', async () => {
    const opened = new OpenedTexts<string>()
    const ring = ringOf(newStoredKey(clock.now()))
    await ring.sealingKey()
    opened.keep(ring, '00000000', 'sealed', 'plain')
    expect(opened.find(ring, 'sealed')).toBeUndefined()
  })

  it('leave when many others came', async () => {
    const key = newStoredKey(clock.now())
    const ring = ringOf(key)
    const opened = new OpenedTexts<number>()
    await ring.sealingKey()
    for (let text = 0; text <= 1_000; text++) opened.keep(ring, key.id, String(text), text)
    expect(opened.find(ring, '0')).toBeUndefined()
    expect(opened.find(ring, '1')).toBe(1)
  })

  it('are not told by a ring that must be read again before it may say whether their key still opens', async () => {
    const key = newStoredKey(clock.now())
    const ring = ringOf(key)
    const opened = new OpenedTexts<string>()
    await ring.sealingKey()
    opened.keep(ring, key.id, 'sealed', 'plain')
    clock.advance(5 * 60_000 - 1)
    expect(opened.find(ring, 'sealed')).toBe('plain')
    clock.advance(1)
    expect(opened.find(ring, 'sealed')).toBeUndefined()
  })

  it('do not open any more once their key may not, though they were opened before', async () => {
    const opensUntil = clock.now() + 60_000
    const ring = ringOf({ ...newStoredKey(clock.now()), opensUntil })
    const token = sealSessionToken(await ring.sealingKey(), content)
    const secret = await sealSecret(ring, 'session-secret', 'ASIA1', 'wJalr')
    expect(await openSessionToken(ring, token)).toEqual(content)
    expect(await openSecret(ring, 'session-secret', 'ASIA1', secret)).toBe('wJalr')
    clock.advance(60_000)
    expect(await openSessionToken(ring, token)).toBeUndefined()
    expect(await openSecret(ring, 'session-secret', 'ASIA1', secret)).toBeUndefined()
  })

  it('do not open for another purpose or id, though they were opened before', async () => {
    const ring = ringOf(newStoredKey(clock.now()))
    const secret = await sealSecret(ring, 'session-secret', 'ASIA1', 'wJalr')
    for (let round = 0; round < 2; round++) {
      expect(await openSecret(ring, 'session-secret', 'ASIA1', secret)).toBe('wJalr')
      expect(await openSecret(ring, 'session-secret', 'ASIA2', secret)).toBeUndefined()
      expect(await openSecret(ring, 'long-term-secret', 'ASIA1', secret)).toBeUndefined()
    }
  })
})
