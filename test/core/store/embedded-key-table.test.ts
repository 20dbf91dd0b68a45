import { hashKey } from '@daypass/core/store/embedded/sessions/key-hash.ts'
import { KeyTable, type Location } from '@daypass/core/store/embedded/sessions/key-table.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('the key table', () => {
  it('agrees with a map through any mix of writes, removals, dropped segments and pruning', () => {
    const narrow = fc.record({ low: fc.nat(3), high: fc.nat(40) })
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('set' as const),
          hash: narrow,
          segment: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('add' as const),
          hash: narrow,
          segment: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('delete' as const), hash: narrow, segment: fc.constant(0) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('drop' as const),
          hash: narrow,
          segment: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('prune' as const), hash: narrow, segment: fc.constant(0) }),
      },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const dropped = new Set<number>()
        const table = new KeyTable((segment) => !dropped.has(segment) && segment < 100)
        const model = new Map<string, Location>()
        for (const [offset, { kind, hash, segment }] of steps.entries()) {
          const name = `${hash.low} ${hash.high}`
          const location = { segment, offset, length: 7 }
          if (kind === 'drop') {
            dropped.add(segment)
            for (const [key, value] of model) if (value.segment === segment) model.delete(key)
          } else if (kind === 'prune') for (const _ of table.prune());
          else if (kind === 'delete') {
            table.delete(hash)
            model.delete(name)
          } else if (!dropped.has(segment)) {
            if (kind === 'set') table.set(hash, location)
            else expect(table.add(hash.low, hash.high, segment, offset, 7)).toBe(!model.has(name))
            if (kind === 'set' || !model.has(name)) model.set(name, location)
          }
        }
        for (let low = 0; low <= 3; low++) {
          for (let high = 0; high <= 40; high++) {
            expect(table.find({ low, high })).toEqual(model.get(`${low} ${high}`))
          }
        }
      }),
    )
  })

  it('grows', () => {
    const table = new KeyTable(() => true)
    for (let i = 1; i <= 50_000; i++) table.set(hashKey(`SESSION#${i}`), { segment: 1, offset: i, length: i })
    const lost: number[] = []
    for (let i = 1; i <= 50_000; i++) if (table.find(hashKey(`SESSION#${i}`))?.offset !== i) lost.push(i)
    expect(lost).toEqual([])
  })

  it('takes 25 to 31 bytes a row, whether it grew or was made for so many', () => {
    const grown = new KeyTable(() => true)
    const made = new KeyTable(() => true, 20_000)
    const bytesPerRow: number[] = []
    for (let i = 1; i <= 60_000; i++) {
      for (const table of [grown, made]) table.set(hashKey(`SESSION#${i}`), { segment: 1, offset: i, length: 7 })
      if (i >= 20_000 && i % 500 === 0) bytesPerRow.push(grown.bytes / i, made.bytes / i)
    }
    expect(Math.min(...bytesPerRow)).toBeGreaterThan(26.5)
    expect(Math.min(...bytesPerRow)).toBeLessThan(28.5)
    expect(Math.max(...bytesPerRow)).toBeLessThan(31.5)
  })

  it('has the size of the rows that live, when the others have expired', () => {
    const over = new Set<number>()
    const table = new KeyTable((segment) => !over.has(segment))
    const put = (from: number, to: number, segment: number) => {
      for (let i = from; i < to; i++) table.set(hashKey(`SESSION#${i}`), { segment, offset: i, length: 7 })
    }
    const empty = table.bytes
    put(0, 10_000, 1)
    const few = table.bytes
    put(10_000, 60_000, 2)
    over.add(2)
    for (const _ of table.prune());
    expect(table.bytes).toBeLessThan(1.25 * few)
    over.add(1)
    for (const _ of table.prune());
    expect(table.bytes).toBe(empty)
  })

  it('does not grow with the rows that came and went', () => {
    let first = 0
    const table = new KeyTable((segment) => segment > first)
    const sizes: number[] = []
    for (let minute = 1; minute <= 60; minute++) {
      first = minute - 10
      for (const _ of table.prune());
      for (let i = 0; i < 2_000; i++) {
        table.set(hashKey(`SESSION#${minute}/${i}`), { segment: minute, offset: i, length: 7 })
      }
      sizes.push(table.bytes)
    }
    expect(Math.max(...sizes.slice(20))).toBeLessThan(1.4 * Math.max(...sizes.slice(9, 11)))
  })

  it('is left as it is by a minute that took few rows with it, also after one that took many', () => {
    const over = new Set<number>()
    const table = new KeyTable((segment) => !over.has(segment))
    for (let i = 0; i < 20_000; i++) {
      table.set(hashKey(`SESSION#${i}`), { segment: i < 10_000 ? 1 : 2 + (i % 60), offset: i, length: 7 })
    }
    const grown = table.bytes
    over.add(1)
    for (const _ of table.prune());
    const left = table.bytes
    expect(left).toBeLessThan(0.7 * grown)
    over.add(2)
    for (const _ of table.prune());
    expect(table.bytes).toBe(left)
  })
})

it('the hash of a key is part of the file format and never changes', () => {
  expect(hashKey('SESSION#ASIAABCDEFGHIJKLMNOP')).toEqual({ low: 2413893808, high: 3882134761 })
})
