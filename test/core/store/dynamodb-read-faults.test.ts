import { type Key, type Store, StoreUnavailable } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { refusal } from '../../support/flaky-dynamodb.ts'
import { answer, faultBench, inDoubt, notExecuted, wrongAnswers } from './dynamodb-faults.ts'

const bench = faultBench()
let { flaky, direct, store, key } = bench
beforeEach(() => {
  ;({ flaky, direct, store, key } = bench)
})

const operations = () => flaky.requests.map(({ operation }) => operation)

describe('a read', () => {
  const reads: [string, (store: Store) => Promise<unknown>][] = [
    ['get', (store) => store.get(key)],
    ['getMany', async (store) => (await store.getMany([key]))[0]],
    ['query', async (store) => (await store.query(key.pk)).items[0]],
  ]
  const faults = [...notExecuted, ...inDoubt, ...wrongAnswers]

  describe.each(reads)('%s', (_name, read) => {
    it.each(faults)('finds the item behind %s', async (_title, fault) => {
      await direct.put({ ...key, n: 1 })
      flaky.next.push(fault, fault)
      expect(await read(store)).toStrictEqual({ ...key, n: 1 })
      expect(flaky.requests).toHaveLength(3)
    })

    it.each(faults)('is refused, never answered with nothing, when %s never ends', async (_title, fault) => {
      await direct.put({ ...key, n: 1 })
      flaky.always = fault
      await expect(read(store)).rejects.toThrow(StoreUnavailable)
    })

    it.each(['AccessDeniedException', 'ResourceNotFoundException', 'UnrecognizedClientException'])(
      'is refused at once by %s',
      async (name) => {
        flaky.always = refusal(name)
        await expect(read(store)).rejects.toThrow(StoreUnavailable)
        expect(flaky.requests).toHaveLength(1)
      },
    )
  })

  it('reads consistently, always', async () => {
    for (const [, read] of reads) await read(store)
    expect(JSON.stringify(flaky.requests).match(/"ConsistentRead":true/g)).toHaveLength(3)
  })

  it('of a page is refused when an item of another partition is in it', async () => {
    flaky.always = answer('{"Items":[{"pk":{"S":"OTHER"},"sk":{"S":"a"}}],"Count":1}')
    await expect(store.query(key.pk)).rejects.toThrow(StoreUnavailable)
  })

  it.each([
    ['the end lies in another partition', '{"pk":{"S":"OTHER"},"sk":{"S":"z"}}'],
    ['the end is no key', '{"pk":{"S":"OTHER"}}'],
    ['the end lies before the start', '{"pk":{"S":"PK"},"sk":{"S":"a"}}'],
    ['the end is the start', '{"pk":{"S":"PK"},"sk":{"S":"b"}}'],
  ])('of a page is refused when %s', async (_title, end) => {
    flaky.always = answer(`{"Items":[],"Count":0,"LastEvaluatedKey":${end.replace('PK', key.pk)}}`)
    await expect(store.query(key.pk, { after: 'b' })).rejects.toThrow(StoreUnavailable)
  })

  it('of a page is refused when a value in it has no type', async () => {
    flaky.always = answer(`{"Items":[{"pk":{"S":"${key.pk}"},"sk":{"S":"a"},"value":{"X":"a"}}],"Count":1}`)
    await expect(store.query(key.pk)).rejects.toThrow(StoreUnavailable)
  })

  it('of keys that start with more than a key may hold needs no table, which would refuse it', async () => {
    expect(await store.query(key.pk, { prefix: 'é'.repeat(512) })).toStrictEqual({ items: [] })
    expect(flaky.requests).toHaveLength(1)
    expect(await store.query(key.pk, { prefix: `${'é'.repeat(512)}x` })).toStrictEqual({ items: [] })
    expect(flaky.requests).toHaveLength(1)
  })

  it('of a page never goes on from the end of another partition', async () => {
    await direct.put({ ...key, sk: 'c' })
    flaky.next.push(answer('{"Items":[],"Count":0,"LastEvaluatedKey":{"pk":{"S":"OTHER"},"sk":{"S":"z"}}}'))
    expect(await store.query(key.pk)).toStrictEqual({ items: [{ ...key, sk: 'c' }] })
  })

  it('of a page goes on behind an empty page', async () => {
    await direct.put({ ...key, sk: 'c' })
    flaky.next.push(answer(`{"Items":[],"Count":0,"LastEvaluatedKey":{"pk":{"S":"${key.pk}"},"sk":{"S":"b"}}}`))
    expect(await store.query(key.pk)).toStrictEqual({ items: [{ ...key, sk: 'c' }] })
  })

  it('of a batch is refused when the answer has no place for the table', async () => {
    flaky.always = answer('{"Responses":{},"UnprocessedKeys":{}}')
    await expect(store.getMany([key])).rejects.toThrow(StoreUnavailable)
  })

  it('of a batch is refused when an item or a key left over was not asked for', async () => {
    const other = '{"pk":{"S":"OTHER"},"sk":{"S":"a"}}'
    for (const body of [
      `{"Responses":{"daypass":[${other}]},"UnprocessedKeys":{}}`,
      `{"Responses":{"daypass":[]},"UnprocessedKeys":{"daypass":{"Keys":[${other}]}}}`,
    ]) {
      flaky.always = answer(body)
      await expect(store.getMany([key])).rejects.toThrow(StoreUnavailable)
    }
  })

  it('keeps to the pages that DynamoDB makes, also when one is lost in between', async () => {
    const items = Array.from({ length: 12 }, (_, n) => ({ pk: key.pk, sk: String(n + 10), big: 'x'.repeat(100_000) }))
    await Promise.all(items.map((item) => direct.put(item)))
    flaky.next.push({ kind: 'lost answer' }, { kind: 'meanwhile', act: async () => {} }, refusal('ThrottlingException'))
    expect(await store.query(key.pk)).toStrictEqual({ items })
    expect(operations()).toHaveLength(4)
  })
})

describe('keys left unprocessed', () => {
  const keys = () => Array.from({ length: 10 }, (_, n) => ({ pk: key.pk, sk: `k${n}` }))
  const numbers = async () => (await store.getMany([...keys(), { pk: key.pk, sk: 'none' }])).map((item) => item?.n)
  const sent = () =>
    flaky.requests.map(
      ({ input }) => (input as { RequestItems: { daypass: { Keys: unknown[] } } }).RequestItems.daypass.Keys.length,
    )
  beforeEach(() => Promise.all(keys().map((each, n) => direct.put({ ...each, n }))))
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, undefined]

  it('are asked for again, and they alone', async () => {
    flaky.next.push(
      { kind: 'unprocessed', read: 4 },
      { kind: 'unprocessed', read: 0 },
      { kind: 'unprocessed', read: 5 },
    )
    expect(await numbers()).toEqual(all)
    expect(sent()).toEqual([11, 7, 7, 2])
  })

  it('refuse the whole batch when they are left for ever, be it one or all', async () => {
    flaky.always = { kind: 'unprocessed', read: 0 }
    await expect(numbers()).rejects.toThrow(StoreUnavailable)
    expect(sent()).toEqual([11, 11, 11, 11, 11])
    flaky.next.push({ kind: 'unprocessed', read: 10 })
    await expect(numbers()).rejects.toThrow(StoreUnavailable)
  })

  it('survive failures of other kinds in between', async () => {
    flaky.next.push({ kind: 'unprocessed', read: 3 }, refusal('ThrottlingException'), { kind: 'lost answer' })
    expect(await numbers()).toEqual(all)
    expect(sent()).toEqual([11, 8, 8, 8])
  })

  it('are named once, however often they were asked for', async () => {
    const [first] = keys()
    expect((await store.getMany(Array.from({ length: 100 }, () => first as Key))).map((item) => item?.n)).toEqual(
      Array.from({ length: 100 }, () => 0),
    )
    expect(sent()).toEqual([1])
    await store.getMany([])
    expect(sent()).toEqual([1])
  })
})
