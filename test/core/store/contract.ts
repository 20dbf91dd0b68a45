import { randomUUID } from 'node:crypto'
import {
  type Condition,
  ConditionFailed,
  type Item,
  type Store,
  StoreUnavailable,
  type Value,
} from '@daypass/core/store/port.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface OpenStore {
  readonly store: Store
  /** Ends the store and whatever was started for it. */
  close(): Promise<void>
}

/**
 * What every adapter of the store port keeps. `open` is called once for the suite and once more for each test that closes
 * its store; tests use partitions of their own, so the table may be shared.
 */
export function storeContract(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore
    let store: Store
    beforeAll(async () => {
      opened = await open()
      store = opened.store
    })
    afterAll(() => opened.close())

    const partition = () => `TEST#${randomUUID()}`
    const put = (...items: Item[]) => Promise.all(items.map((item) => store.put(item, { durability: 'session' })))

    describe('get and getMany', () => {
      it('answers an item that was put, and undefined for its neighbours', async () => {
        const pk = partition()
        await put({ pk, sk: 'b', name: 'kept' })
        expect(await store.get({ pk, sk: 'b' })).toStrictEqual({ pk, sk: 'b', name: 'kept' })
        for (const sk of ['a', 'bb', 'B', 'b ']) expect(await store.get({ pk, sk })).toBeUndefined()
        expect(await store.get({ pk: `${pk}b`, sk: 'b' })).toBeUndefined()
      })

      it.each([
        [
          ['a', 'bc'],
          ['ab', 'c'],
        ],
        [
          ['a', '\u0000b'],
          ['a\u0000', 'b'],
        ],
        [
          ['a', '/b'],
          ['a/', 'b'],
        ],
        [
          ['a', '"b'],
          ['a"', 'b'],
        ],
      ] as const)('never confuses the keys %j and %j', async (one, other) => {
        const base = partition()
        await put({ pk: base + one[0], sk: one[1], which: 'one' })
        expect(await store.get({ pk: base + other[0], sk: other[1] })).toBeUndefined()
        await put({ pk: base + other[0], sk: other[1], which: 'other' })
        expect(await store.get({ pk: base + one[0], sk: one[1] })).toMatchObject({ which: 'one' })
        expect((await store.query(base + other[0])).items).toHaveLength(1)
      })

      it('answers many keys in their order, repeated and missing ones included', async () => {
        const pk = partition()
        await put({ pk, sk: 'a', n: 1 }, { pk, sk: 'b', n: 2 }, { pk: `${pk}x`, sk: 'a', n: 3 })
        const keys = [
          { pk, sk: 'b' },
          { pk: `${pk}x`, sk: 'a' },
          { pk, sk: 'none' },
          { pk, sk: 'a' },
          { pk, sk: 'b' },
          { pk, sk: 'none' },
        ]
        expect((await store.getMany(keys)).map((item) => item?.n)).toEqual([2, 3, undefined, 1, 2, undefined])
        expect(await store.getMany([])).toEqual([])
      })

      it('answers 100 keys at once and refuses 101', async () => {
        const pk = partition()
        const items = Array.from({ length: 100 }, (_, n) => ({ pk, sk: `k${n}`, n }))
        await put(...items)
        expect(await store.getMany(items.map(({ sk }) => ({ pk, sk })))).toStrictEqual(items)
        const tooMany = Array.from({ length: 101 }, () => ({ pk, sk: 'k0' }))
        await expect(store.getMany(tooMany)).rejects.toThrow(RangeError)
      })

      it('takes extra members of a key for nothing', async () => {
        const item = { pk: partition(), sk: 'a', n: 1 }
        await put(item)
        expect(await store.get(item)).toStrictEqual(item)
        expect(await store.getMany([item])).toStrictEqual([item])
        await store.remove(item)
        expect(await store.get(item)).toBeUndefined()
      })

      it.each([
        ['an empty partition key', { pk: '', sk: 'a' }],
        ['an empty sort key', { pk: 'TEST#', sk: '' }],
        ['a partition key of 2,049 bytes', { pk: 'p'.repeat(2049), sk: 'a' }],
        ['a sort key of 1,025 bytes', { pk: 'TEST#', sk: `${'é'.repeat(512)}x` }],
        ['a lone surrogate in the partition key', { pk: 'TEST#\ud800', sk: 'a' }],
        ['a lone surrogate in the sort key', { pk: 'TEST#', sk: '\udc00' }],
      ])('refuses %s', async (_flaw, key) => {
        await expect(store.get(key)).rejects.toThrow(RangeError)
        await expect(store.getMany([{ pk: 'TEST#', sk: 'fine' }, key])).rejects.toThrow(RangeError)
        await expect(store.put({ ...key })).rejects.toThrow(RangeError)
        await expect(store.update(key, { set: { a: 1 } })).rejects.toThrow(RangeError)
        await expect(store.remove(key)).rejects.toThrow(RangeError)
      })

      it('takes the longest keys', async () => {
        const pk = partition().padEnd(2048, 'p')
        const sk = 'é'.repeat(512)
        await put({ pk, sk })
        expect(await store.get({ pk, sk })).toStrictEqual({ pk, sk })
      })
    })

    describe('put', () => {
      it('replaces the whole item', async () => {
        const key = { pk: partition(), sk: 'a' }
        await put({ ...key, old: 1, both: 1 })
        await store.put({ ...key, both: 2 })
        expect(await store.get(key)).toStrictEqual({ ...key, both: 2 })
      })

      it('keeps its own copy of what it takes and of what it answers', async () => {
        const key = { pk: partition(), sk: 'a' }
        const list = ['x']
        await put({ ...key, list })
        list.push('y')
        for (const read of [() => store.get(key), async () => (await store.getMany([key]))[0]]) {
          const answered = (await read())?.list as string[]
          expect(answered).toEqual(['x'])
          try {
            answered.push('z')
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError) // a store may freeze what it answers
          }
          expect(await store.get(key)).toStrictEqual({ ...key, list: ['x'] })
        }
      })

      it.each(['configuration', 'session'] as const)('takes the durability %s for every write', async (durability) => {
        const key = { pk: partition(), sk: 'a' }
        await store.put({ ...key, n: 1 }, { durability })
        expect(await store.update(key, { add: { n: 1 } }, { durability })).toStrictEqual({ ...key, n: 2 })
        await store.remove(key, { durability })
        expect(await store.get(key)).toBeUndefined()
      })

      it('takes an item whose time is over, and answers it or nothing', async () => {
        const item = { pk: partition(), sk: 'a', expiresAt: 1_000_000_000 }
        await store.put(item, { durability: 'session' })
        expect([undefined, item]).toContainEqual(await store.get(item))
        expect([0, 1]).toContain((await store.query(item.pk)).items.length)
      })

      it('keeps an item whose time is to come', async () => {
        const item = { pk: partition(), sk: 'a', expiresAt: 4_000_000_000 }
        await store.put(item, { durability: 'session' })
        expect(await store.get(item)).toStrictEqual(item)
      })
    })

    describe('a condition', () => {
      const stored = { text: 'one', empty: '', n: 1, zero: 0, yes: true, no: false, nothing: null, expiresAt: 4e9 }
      const holding: [string, Condition][] = [
        ['that the item exists', { exists: true }],
        ['with no attribute named', { exists: true, equals: {} }],
        ['on a string', { exists: true, equals: { text: 'one' } }],
        ['on an empty string', { exists: true, equals: { empty: '' } }],
        ['on a number', { exists: true, equals: { n: 1, zero: 0 } }],
        ['on booleans', { exists: true, equals: { yes: true, no: false } }],
        ['on the expiry', { exists: true, equals: { expiresAt: 4e9 } }],
        ['on an absent attribute', { exists: true, equals: { absent: null } }],
        ['on an absent attribute named as a method', { exists: true, equals: { toString: null, constructor: null } }],
        ['on several at once', { exists: true, equals: { text: 'one', n: 1, absent: null } }],
      ]
      const failing: [string, Condition][] = [
        ['that the item does not exist', { exists: false }],
        ['on another string', { exists: true, equals: { text: 'two' } }],
        ['on a string in other case', { exists: true, equals: { text: 'One' } }],
        ['on a number given as string', { exists: true, equals: { n: '1' } }],
        ['on a string given as number', { exists: true, equals: { text: 1 } }],
        ['on a boolean given as number', { exists: true, equals: { yes: 1 } }],
        ['on the other boolean', { exists: true, equals: { no: true } }],
        ['on an attribute that is absent', { exists: true, equals: { absent: false } }],
        ['that a present attribute is absent', { exists: true, equals: { text: null } }],
        ['that an empty string is absent', { exists: true, equals: { empty: null } }],
        ['that a null is absent', { exists: true, equals: { nothing: null } }],
        ['of which one part of two fails', { exists: true, equals: { text: 'one', n: 2 } }],
      ]
      const prepare = async () => {
        const key = { pk: partition(), sk: 'a' }
        await put({ ...key, ...stored })
        return key
      }

      it.each(holding)('%s lets every write through', async (_title, condition) => {
        const key = await prepare()
        expect(await store.update(key, { set: { more: 1 } }, { condition })).toStrictEqual({
          ...key,
          ...stored,
          more: 1,
        })
        await store.put({ ...key, ...stored, put: 1 }, { condition })
        expect(await store.get(key)).toStrictEqual({ ...key, ...stored, put: 1 })
        await store.remove(key, { condition })
        expect(await store.get(key)).toBeUndefined()
      })

      it.each(failing)('%s stops every write and leaves the item as it was', async (_title, condition) => {
        const key = await prepare()
        await expect(store.put({ ...key, put: 1 }, { condition })).rejects.toThrow(ConditionFailed)
        await expect(store.update(key, { set: { text: 'x' } }, { condition })).rejects.toThrow(ConditionFailed)
        await expect(store.remove(key, { condition })).rejects.toThrow(ConditionFailed)
        expect(await store.get(key)).toStrictEqual({ ...key, ...stored })
      })

      it.each<[string, Condition]>([
        ['that the item exists', { exists: true }],
        ['that an attribute is absent', { exists: true, equals: { absent: null } }],
        ['on a value', { exists: true, equals: { text: 'one' } }],
      ])('%s stops every write to an item that is not there', async (_title, condition) => {
        const key = { pk: partition(), sk: 'a' }
        await expect(store.put(key, { condition })).rejects.toThrow(ConditionFailed)
        await expect(store.update(key, { set: { a: 1 } }, { condition })).rejects.toThrow(ConditionFailed)
        await expect(store.remove(key, { condition })).rejects.toThrow(ConditionFailed)
        expect(await store.get(key)).toBeUndefined()
      })

      it('that the item does not exist lets writes to an absent item through', async () => {
        const [a, b, c] = ['a', 'b', 'c'].map((sk) => ({ pk: partition(), sk })) as [Item, Item, Item]
        const condition = { exists: false } as const
        await store.put(a, { condition })
        await store.update(b, { set: { n: 1 } }, { condition })
        await store.remove(c, { condition })
        expect(await store.getMany([a, b, c])).toStrictEqual([a, { ...b, n: 1 }, undefined])
      })

      it.each<[string, Item[], Condition]>([
        ['creates', [], { exists: false }],
        ['swaps a version', [{ pk: '', sk: '', version: 1 }], { exists: true, equals: { version: 1 } }],
      ])('has exactly one winner of 20 when each %s', async (_title, before, condition) => {
        const key = { pk: partition(), sk: 'a' }
        for (const item of before) await store.put({ ...item, ...key })
        const tries = await Promise.allSettled(
          Array.from({ length: 20 }, (_, writer) => store.put({ ...key, version: 2, writer }, { condition })),
        )
        const winners = tries.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []))
        expect(winners).toHaveLength(1)
        expect(await store.get(key)).toMatchObject({ writer: winners[0] })
        for (const each of tries) {
          if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ConditionFailed)
        }
      })
    })

    describe('update', () => {
      it('sets, removes and adds, and answers the item after the change', async () => {
        const key = { pk: partition(), sk: 'a' }
        await put({ ...key, kept: 'k', set: 'old', gone: 1, count: 40 })
        const after = { ...key, kept: 'k', set: { deep: ['new'] }, count: 42, fresh: -1 }
        expect(
          await store.update(key, {
            set: { set: { deep: ['new'] } },
            remove: ['gone', 'never'],
            add: { count: 2, fresh: -1 },
          }),
        ).toStrictEqual(after)
        expect(await store.get(key)).toStrictEqual(after)
      })

      it('creates the item when it is absent', async () => {
        const key = { pk: partition(), sk: 'a' }
        expect(await store.update(key, { set: { a: '' }, remove: ['b'], add: { n: 3 } })).toStrictEqual({
          ...key,
          a: '',
          n: 3,
        })
        expect(await store.get(key)).toStrictEqual({ ...key, a: '', n: 3 })
      })

      it('creates a bare item when there is nothing to change', async () => {
        const key = { pk: partition(), sk: 'a' }
        expect(await store.update(key, {})).toStrictEqual(key)
        expect(await store.update(key, { set: {}, remove: [], add: {} })).toStrictEqual(key)
        expect(await store.get(key)).toStrictEqual(key)
      })

      it.each([
        'a.b',
        'a[0]',
        '#a',
        ':a',
        'a b',
        'name',
        'size',
        'é',
        'a-b',
        'toString',
        '__proto__',
        '___proto__',
        '~__proto__',
        '~',
        'writeId',
        '~writeId',
      ])('takes %j for the name of one top-level attribute', async (name) => {
        const key = { pk: partition(), sk: 'a' }
        const named = (value: Value) => ({ ...key, a: { b: 1 }, ...Object.fromEntries([[name, value]]) })
        await put({ ...key, a: { b: 1 } })
        exactly(await store.update(key, { set: own(name, 'v') }), named('v'))
        const condition = { exists: true, equals: own(name, 'v') } as const
        exactly(await store.update(key, { set: own(name, 1) }, { condition }), named(1))
        exactly(await store.update(key, { add: own(name, 1) }), named(2))
        exactly(await store.update(key, { remove: [name] }), { ...key, a: { b: 1 } })
      })

      it('loses none of 20 concurrent additions', async () => {
        const key = { pk: partition(), sk: 'a' }
        const answers = await Promise.all(Array.from({ length: 20 }, () => store.update(key, { add: { n: 1 } })))
        expect(answers.map(({ n }) => Number(n)).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 20 }, (_, i) => i + 1),
        )
        expect(await store.get(key)).toStrictEqual({ ...key, n: 20 })
      })

      it.each([['text'], [null], [true], [[1]]] as [Value][])(
        'refuses to add to %j, and changes nothing',
        async (value) => {
          const key = { pk: partition(), sk: 'a' }
          await put({ ...key, n: value })
          await expect(store.update(key, { set: { other: 1 }, add: { n: 1 } })).rejects.toThrow()
          expect(await store.get(key)).toStrictEqual({ ...key, n: value })
        },
      )

      it.each([
        ['the partition key', { set: { pk: 'x' } }],
        ['the sort key', { remove: ['sk'] }],
        ['the sort key by adding', { add: { sk: 1 } }],
        ['one attribute twice', { set: { a: 1 }, remove: ['a'] }],
        ['one attribute twice, adding', { set: { a: 1 }, add: { a: 1 } }],
      ])('refuses to change %s', async (_title, changes) => {
        const key = { pk: partition(), sk: 'a' }
        await expect(store.update(key, changes)).rejects.toThrow(RangeError)
        expect(await store.get(key)).toBeUndefined()
      })
    })

    describe('remove', () => {
      it('takes one item away, and does no harm when there is none', async () => {
        const pk = partition()
        await put({ pk, sk: 'a' }, { pk, sk: 'ab' })
        await store.remove({ pk, sk: 'a' })
        await store.remove({ pk, sk: 'a' })
        expect((await store.query(pk)).items).toStrictEqual([{ pk, sk: 'ab' }])
      })
    })

    describe('query', () => {
      const sortKeys = async (pk: string, options?: Parameters<Store['query']>[1]) =>
        (await store.query(pk, options)).items.map(({ sk }) => sk)

      /** In the order of their UTF-8; JavaScript's own comparison puts the last ones elsewhere. */
      // biome-ignore format: a line each would hide the order
      const ORDERED = [
        '\u0000', '\u0000\u0000', '\u0001', '\t', '\n', '\r\n', '\u001f', ' ', ' a', '%2F', '+', '../b', './b', '/', '//', '/lead',
        '0', '10', '2', 'A', '\\', '_', 'a', 'a ', 'a#b', 'a/', 'a//b', 'a/b', 'aa', 'a\u0301', 'b', 'e\u0301', '\u007f', '\u0080',
        '\u00e9', '\u2028', '\ud7ff', '\ue000', '\ufeff', '\ufffd', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}',
      ]

      it('answers every sort key as it was sent, in the order of the bytes of its UTF-8', async () => {
        const pk = partition()
        await put(...[...ORDERED].reverse().map((sk) => ({ pk, sk })))
        expect(await sortKeys(pk)).toEqual(ORDERED)
        expect((await store.getMany(ORDERED.map((sk) => ({ pk, sk })))).map((item) => item?.sk)).toEqual(ORDERED)
      })

      it('starts behind any key, whether there is such an item or not', async () => {
        const pk = partition()
        await put(...ORDERED.map((sk) => ({ pk, sk })))
        for (const [index, after] of ORDERED.entries()) {
          expect(await sortKeys(pk, { after, limit: 2 })).toEqual(ORDERED.slice(index + 1, index + 3))
        }
        expect(await sortKeys(pk, { after: '\ufffe', limit: 2 })).toEqual(['\uffff', '\u{10000}'])
        expect(await sortKeys(pk, { after: 'a/a', limit: 1 })).toEqual(['a/b'])
        expect(await sortKeys(pk, { after: '', limit: 1 })).toEqual(['\u0000'])
      })

      it.each([
        ['a/', ['a/', 'a//b', 'a/b']],
        ['a', ['a', 'a ', 'a#b', 'a/', 'a//b', 'a/b', 'aa', 'a\u0301']],
        ['/', ['/', '//', '/lead']],
        ['..', ['../b']],
        ['%', ['%2F']],
        ['_', ['_']],
        ['e', ['e\u0301']],
        ['\u00e9', ['\u00e9']],
        ['\uffff', ['\uffff']],
        ['\u{10ffff}', ['\u{10ffff}']],
        ['\u0000', ['\u0000', '\u0000\u0000']],
        ['none', []],
        ['a'.repeat(1025), []],
        ['', ORDERED],
      ])('with the prefix %j answers what starts with it', async (prefix, expected) => {
        const pk = partition()
        await put(...ORDERED.map((sk) => ({ pk, sk })))
        expect(await sortKeys(pk, { prefix })).toEqual(expected)
      })

      it.each([
        ['before the prefix', 'B', ['b', 'b/1', 'b/2']],
        ['at the prefix', 'b', ['b/1', 'b/2']],
        ['inside the prefix', 'b/1', ['b/2']],
        ['at the last one', 'b/2', []],
        ['behind the prefix', 'bz', []],
        ['far behind the prefix', '\u{10ffff}', []],
        ['at nothing', '', ['b', 'b/1', 'b/2']],
      ])('combines a prefix with a start %s', async (_title, after, expected) => {
        const pk = partition()
        await put(...['a', 'b', 'b/1', 'b/2', 'c'].map((sk) => ({ pk, sk })))
        expect(await sortKeys(pk, { prefix: 'b', after })).toEqual(expected)
      })

      it.each([
        ['\uffff', '\u{10000}', []],
        ['\u{10000}', '\uffff', ['\u{10000}']],
        ['\ue000', '\u{10ffff}', []],
        ['\u{1f600}', '\ufffd', ['\u{1f600}']],
      ])('combines the prefix %j with the start %j by bytes', async (prefix, after, expected) => {
        const pk = partition()
        await put(...ORDERED.map((sk) => ({ pk, sk })))
        expect(await sortKeys(pk, { prefix, after })).toEqual(expected)
      })

      it('pages through a partition, and says on the last page that it is the last', async () => {
        const pk = partition()
        await put(...ORDERED.slice(0, 9).map((sk) => ({ pk, sk })), { pk: `${pk}x`, sk: 'a' })
        for (const limit of [1, 2, 3, 4, 8, 9, 10, 1000]) {
          const pages: string[][] = []
          let after: string | undefined
          do {
            const page = await store.query(pk, after === undefined ? { limit } : { limit, after })
            pages.push(page.items.map(({ sk }) => sk))
            after = page.next
          } while (after !== undefined)
          expect(pages.flat()).toEqual(ORDERED.slice(0, 9))
          expect(pages.map((page) => page.length)).toEqual(pages.map((_, i) => Math.min(limit, 9 - i * limit)))
        }
      })

      it('answers whole items, all of them, when no limit is given', async () => {
        const pk = partition()
        const big = 'x'.repeat(100_000)
        const items = Array.from({ length: 23 }, (_, i) => ({ pk, sk: String(i + 10), big, n: i }))
        await put(...items)
        expect(await store.query(pk)).toStrictEqual({ items })
        expect(await store.query(pk, { limit: 22 })).toStrictEqual({ items: items.slice(0, 22), next: '31' })
        expect(await store.query(pk, { prefix: '2', limit: 10 })).toStrictEqual({ items: items.slice(10, 20) })
      })

      it('answers an empty last page for a partition that is not there', async () => {
        const pk = partition()
        await put({ pk: `${pk}x`, sk: 'a' })
        expect(await store.query(pk)).toStrictEqual({ items: [] })
        expect(await store.query(pk.slice(0, -1))).toStrictEqual({ items: [] })
      })

      it.each([
        ['a limit of 0', { limit: 0 }],
        ['a negative limit', { limit: -1 }],
        ['a limit of 1,001', { limit: 1001 }],
        ['half a limit', { limit: 1.5 }],
        ['a start of 1,025 bytes', { after: 'a'.repeat(1025) }],
        ['a start that is not Unicode', { after: '\ud800' }],
        ['a prefix that is not Unicode', { prefix: '\ud800' }],
      ])('refuses %s', async (_title, options) => {
        await expect(store.query(partition(), options)).rejects.toThrow(RangeError)
      })
    })

    describe('a value', () => {
      it.each<[string, Value]>([
        ['an empty string', ''],
        ['text beyond the basic plane', 'na\u00efve \u{1f600} \u4e2d\u6587 \ufeff'],
        ['composed and decomposed letters', ['\u00e9', 'e\u0301']],
        ['control characters', '\u0000\u0001\b\t\n\r\u001f\u007f\u0085\u2028\u2029'],
        ['quotes and backslashes', '"\\"\\u0041<>&\'`$ {}'],
        ['what looks like another type', ['1', 'null', 'true', '{"S":"x"}', 'NaN']],
        ['100,000 characters', 'x\u00e9'.repeat(50_000)],
        ['null', null],
        ['booleans', [true, false]],
        [
          'numbers',
          [0, 1, -1, 0.1, 1.5e-7, 123456789.125, 1e21, -2.5e100, 1e-100, 2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 0.1 + 0.2],
        ],
        ['an empty list', []],
        ['an empty map', {}],
        ['a map with odd names', { '': 1, '~': 2, '~~': 3, '~a': 4, '~writeId': 5, writeId: 6 }],
        ['nested lists and maps', { a: [{ b: [[], {}, [[null]]] }, 'c'], '': { '': '' }, 'd.e': [1, '1', true, null] }],
        ['a map with the names of types', { S: 'x', N: '1', M: { L: [] }, NULL: true }],
        ['a map with the names of methods', { toString: 1, constructor: 'x', hasOwnProperty: null, length: 2 }],
        ['thirty levels', Array.from({ length: 30 }).reduce<Value>((inner) => ({ inner }), 'deep')],
      ])('comes back exactly: %s', async (_title, value) => {
        const item = { pk: partition(), sk: 'a', value }
        await put(item)
        exactly(await store.get(item), item)
        exactly((await store.getMany([item]))[0], item)
        exactly((await store.query(item.pk)).items[0], item)
        exactly(await store.update(item, { set: { again: value } }), { ...item, again: value })
      })

      it('may be named __proto__ at any depth, and changes no prototype', async () => {
        const hostile = '{"__proto__":{"admin":true},"___proto__":1,"nested":[{"__proto__":{"__proto__":"x"}}]}'
        const item: Item = { ...JSON.parse(hostile), pk: partition(), sk: 'a' }
        await put(item)
        const update = await store.update(item, { set: { more: JSON.parse(hostile) } })
        exactly(update, { ...item, more: JSON.parse(hostile) })
        for (const found of [
          await store.get(item),
          (await store.getMany([item]))[0],
          (await store.query(item.pk)).items[0],
        ]) {
          exactly(found, update)
          expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
          expect(Object.getPrototypeOf(found?.more)).toBe(Object.prototype)
        }
        expect(({} as Record<string, unknown>).admin).toBeUndefined()
      })

      it('that is undefined is not kept', async () => {
        const key = { pk: partition(), sk: 'a' }
        await put({ ...key, none: undefined, one: 1 })
        expect(await store.get(key)).toStrictEqual({ ...key, one: 1 })
        await store.put({ ...key, one: 2 }, { condition: { exists: true, equals: { none: null } } })
      })
    })

    describe('close', () => {
      it('may be called twice, and every call after it is refused', async () => {
        const own = await open()
        const key = { pk: partition(), sk: 'a' }
        await own.store.put(key)
        await own.store.close()
        await own.store.close()
        await expect(own.store.get(key)).rejects.toThrow(StoreUnavailable)
        await expect(own.store.getMany([key])).rejects.toThrow(StoreUnavailable)
        await expect(own.store.getMany([])).rejects.toThrow(StoreUnavailable)
        await expect(own.store.put(key)).rejects.toThrow(StoreUnavailable)
        await expect(own.store.update(key, { add: { n: 1 } })).rejects.toThrow(StoreUnavailable)
        await expect(own.store.remove(key)).rejects.toThrow(StoreUnavailable)
        await expect(own.store.query(key.pk)).rejects.toThrow(StoreUnavailable)
        await own.close()
      })
    })
  })
}

/** `{ [name]: value }` makes no own attribute of `__proto__`; this does. */
const own = <T extends Value>(name: string, value: T) => Object.fromEntries([[name, value]]) as Record<string, T>

/** Deep equality that also sees attributes named `__proto__` and minds neither their order nor what `toEqual` skips. */
function exactly(actual: unknown, expected: unknown): void {
  expect(canonical(actual)).toBe(canonical(expected))
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))
      : inner,
  )
}
