import {
  KeyRing,
  NoSealingKey,
  newStoredKey,
  parseStoredRing,
  type StoredKey,
} from '@daypass/core/credentials/key-ring.ts'
import { open, seal } from '@daypass/core/credentials/seal.ts'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../support/manual-clock.ts'

const MINUTE = 60_000
const text = Buffer.from('a secret')

function ringOf(clock: ManualClock, ...keys: StoredKey[]) {
  const state = { keys, reads: 0, broken: false }
  const source = async () => {
    state.reads += 1
    if (state.broken) throw new Error('the source is down')
    return { keys: [...state.keys] }
  }
  const told: unknown[] = []
  return { state, told, ring: new KeyRing(source, clock, (cause) => told.push(cause)) }
}

describe('a key ring', () => {
  it('opens what it sealed, also after its key was replaced as the sealing one', async () => {
    const clock = new ManualClock()
    const first = newStoredKey(clock.now())
    const { ring, state } = ringOf(clock, first)
    const sealed = await seal(ring, 'session-token', '', text)
    const second = { ...newStoredKey(clock.now()), sealsFrom: clock.now() + 10 * MINUTE }
    state.keys.push(second)
    clock.advance(11 * MINUTE)
    expect((await ring.sealingKey()).id).toBe(second.id)
    expect(await open(ring, 'session-token', '', sealed)).toEqual(text)
  })

  it('does not seal with a key before its time', async () => {
    const clock = new ManualClock()
    const early = newStoredKey(clock.now())
    const { ring } = ringOf(clock, early, { ...newStoredKey(clock.now()), sealsFrom: clock.now() + 1 })
    expect((await ring.sealingKey()).id).toBe(early.id)
  })

  it('opens nothing any more with a key whose time is over', async () => {
    const clock = new ManualClock()
    const key = { ...newStoredKey(clock.now()), opensUntil: clock.now() + MINUTE }
    const { ring } = ringOf(clock, key)
    const sealed = await seal(ring, 'session-token', '', text)
    clock.advance(MINUTE - 1)
    expect(await open(ring, 'session-token', '', sealed)).toEqual(text)
    clock.advance(1)
    expect(await open(ring, 'session-token', '', sealed)).toBeUndefined()
    await expect(ring.sealingKey()).rejects.toBeInstanceOf(NoSealingKey)
  })

  it('drops a key that left the source, within five minutes', async () => {
    const clock = new ManualClock()
    const { ring, state } = ringOf(clock, newStoredKey(clock.now()))
    const sealed = await seal(ring, 'session-token', '', text)
    state.keys = [newStoredKey(clock.now())]
    clock.advance(5 * MINUTE - 1)
    expect(await open(ring, 'session-token', '', sealed)).toEqual(text)
    clock.advance(1)
    expect(await open(ring, 'session-token', '', sealed)).toBeUndefined()
  })

  it('reads its source for an unknown key at most once in 30 seconds', async () => {
    const clock = new ManualClock()
    const { ring, state } = ringOf(clock, newStoredKey(clock.now()))
    await ring.sealingKey()
    clock.advance(30_000)
    for (let i = 0; i < 5; i++) expect(await ring.find('00000000')).toBeUndefined()
    expect(state.reads).toBe(2)
  })

  it('learns of a new key when a token names it', async () => {
    const clock = new ManualClock()
    const { ring, state } = ringOf(clock, newStoredKey(clock.now()))
    await ring.sealingKey()
    const published = newStoredKey(clock.now())
    state.keys.push(published)
    clock.advance(30_000)
    expect((await ring.find(published.id))?.id).toBe(published.id)
  })

  it('serves on with the keys at hand while its source is down', async () => {
    const clock = new ManualClock()
    const { ring, state } = ringOf(clock, newStoredKey(clock.now()))
    const { id } = await ring.sealingKey()
    state.broken = true
    clock.advance(6 * MINUTE)
    expect((await ring.sealingKey()).id).toBe(id)
  })

  it('tells of a source that is down once, until it was up again', async () => {
    const clock = new ManualClock()
    const { ring, state, told } = ringOf(clock, newStoredKey(clock.now()))
    await ring.sealingKey()
    const laterAsked = async (times: number) => {
      for (let i = 0; i < times; i++) {
        clock.advance(6 * MINUTE)
        await Promise.all([ring.sealingKey(), ring.find('00000000')])
      }
    }
    await laterAsked(2)
    expect(told).toEqual([])
    state.broken = true
    await laterAsked(3)
    expect(told).toEqual([new Error('the source is down')])
    state.broken = false
    await laterAsked(1)
    state.broken = true
    await laterAsked(3)
    expect(told).toHaveLength(2)
  })

  it('reports a source that is down from the start', async () => {
    const { ring, state, told } = ringOf(new ManualClock())
    state.broken = true
    await expect(ring.sealingKey()).rejects.toThrow('the source is down')
    expect(told).toEqual([])
  })
})

describe('a ring document', () => {
  const key = newStoredKey(0)
  it.each([
    ['no JSON', '{'],
    ['no keys', '{"keys":[]}'],
    ['a bad id', JSON.stringify({ keys: [{ ...key, id: 'xyz' }] })],
    ['a short secret', JSON.stringify({ keys: [{ ...key, secret: 'AAAA' }] })],
    ['no times', JSON.stringify({ keys: [{ ...key, sealsFrom: '0' }] })],
    ['a bad end', JSON.stringify({ keys: [{ ...key, opensUntil: '0' }] })],
  ])('with %s is refused without repeating its content', (_flaw, document) => {
    expect(() => parseStoredRing(document)).toThrow(/^(?!.*AAAA)/)
  })

  it('is read as it was written', () => {
    const withEnd = { ...key, opensUntil: 5 }
    expect(parseStoredRing(JSON.stringify({ keys: [key, withEnd] }))).toEqual({ keys: [key, withEnd] })
  })
})
