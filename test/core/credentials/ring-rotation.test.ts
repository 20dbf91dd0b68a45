import { newStoredKey, type StoredRing } from '@daypass/core/credentials/key-ring.ts'
import { flawOfSuccessor, rotateRing } from '@daypass/core/credentials/ring-rotation.ts'
import { describe, expect, it } from 'vitest'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const one: StoredRing = { keys: [newStoredKey(NOW)] }
const ids = ({ keys }: StoredRing) => keys.map(({ id }) => id)

describe('a rotated ring', () => {
  it.each(['session', 'long-term'] as const)('of kind %s has one more key, which seals from an hour on', (kind) => {
    const { keys } = rotateRing(one, kind, NOW)
    expect(keys).toHaveLength(2)
    expect(keys[1]).toMatchObject({ publishedAt: NOW, sealsFrom: NOW + HOUR })
    expect(keys[1]).not.toHaveProperty('opensUntil')
    expect(keys[1]?.secret).not.toBe(keys[0]?.secret)
  })

  it('keeps an older session key until the longest session that it may have sealed is over, and no longer', () => {
    const twice = rotateRing(rotateRing(one, 'session', NOW), 'session', NOW + HOUR)
    expect(twice.keys.map(({ opensUntil }) => opensUntil)).toEqual([NOW + 38 * HOUR, NOW + 39 * HOUR, undefined])
    expect(ids(rotateRing(twice, 'session', NOW + 38 * HOUR - 1))).toContain(one.keys[0]?.id)
    expect(ids(rotateRing(twice, 'session', NOW + 38 * HOUR))).not.toContain(one.keys[0]?.id)
  })

  it('keeps every key of the long-term ring without an end', () => {
    let ring = one
    for (let year = 1; year < 20; year += 1) ring = rotateRing(ring, 'long-term', NOW + year * 365 * 24 * HOUR)
    expect(ring.keys).toHaveLength(20)
    expect(ring.keys.every((key) => key.opensUntil === undefined)).toBe(true)
  })

  it('never outgrows a secret of 64 KiB', () => {
    let ring = one
    const fill = () => {
      for (;;) ring = rotateRing(ring, 'long-term', NOW)
    }
    expect(fill).toThrow('rotate it less often')
    expect(JSON.stringify(ring).length).toBeLessThan(65_536)
  })
})

describe('a ring that would take the place of another', () => {
  const next = rotateRing(one, 'session', NOW)
  const [old, fresh] = next.keys as [StoredRing['keys'][0], StoredRing['keys'][0]]
  const other = newStoredKey(NOW).secret

  it.each(['session', 'long-term'] as const)('is the rotated one of kind %s', (kind) => {
    expect(flawOfSuccessor(rotateRing(one, kind, NOW), one, NOW)).toBeUndefined()
  })

  it('may lack a key that opens nothing any more', () => {
    const ended = { keys: [{ ...newStoredKey(NOW), opensUntil: NOW }, ...one.keys] }
    expect(flawOfSuccessor(next, ended, NOW)).toBeUndefined()
    expect(flawOfSuccessor(next, ended, NOW - 1)).toMatch(/lacks key/)
  })

  it.each([
    ['lacks the old key', [fresh], /lacks key/],
    ['has another secret under the old id', [{ ...old, secret: other }, fresh], /lacks key/],
    ['seals with the old key at another time', [{ ...old, sealsFrom: NOW + 1 }, fresh], /lacks key/],
    ['ends the old key while sessions live', [{ ...old, opensUntil: NOW + 36 * HOUR - 1 }, fresh], /would end while/],
    ['has no new key', [old], /0 new keys/],
    ['has two new keys', [old, fresh, newStoredKey(NOW)], /2 new keys/],
    ['has a new key with an end', [old, { ...fresh, opensUntil: NOW + 99 * HOUR }], /has an end/],
    [
      'has a new key that seals too soon',
      [old, { ...fresh, sealsFrom: NOW + 10 * MINUTE - 1 }],
      /before every function/,
    ],
  ])('is refused when it %s', (_what, keys, flaw) => {
    expect(flawOfSuccessor({ keys }, one, NOW)).toMatch(flaw)
  })

  it('is refused when it brings an end forward that was decided', () => {
    const ending = { keys: [{ ...old, opensUntil: NOW + 50 * HOUR }] }
    const earlier = { keys: [{ ...old, opensUntil: NOW + 49 * HOUR }, fresh] }
    expect(flawOfSuccessor(earlier, ending, NOW)).toMatch(/would end while/)
  })
})
