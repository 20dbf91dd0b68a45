import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { refusal } from '../../support/flaky-dynamodb.ts'
import { answer, faultBench, inDoubt, notExecuted } from './dynamodb-faults.ts'

const bench = faultBench()
let { dynamoDb, flaky, direct, store, key } = bench
beforeEach(() => {
  ;({ dynamoDb, flaky, direct, store, key } = bench)
})

const operations = () => flaky.requests.map(({ operation }) => operation)

describe('a write without a condition', () => {
  it.each([...notExecuted, ...inDoubt])('happens in spite of %s', async (_title, fault) => {
    await direct.put({ ...key, gone: 1 })
    flaky.next.push(fault, fault)
    await store.put({ ...key, n: 1 })
    flaky.next.push(fault)
    expect(await store.update(key, { set: { m: 2 } })).toStrictEqual({ ...key, n: 1, m: 2 })
    expect(await direct.get(key)).toStrictEqual({ ...key, n: 1, m: 2 })
    flaky.next.push(fault)
    await store.remove(key)
    expect(await direct.get(key)).toBeUndefined()
  })

  it.each([...notExecuted, ...inDoubt])('is refused when %s never ends', async (_title, fault) => {
    flaky.always = fault
    await expect(store.put(key)).rejects.toThrow(StoreUnavailable)
    await expect(store.update(key, { set: { a: 1 } })).rejects.toThrow(StoreUnavailable)
    await expect(store.remove(key)).rejects.toThrow(StoreUnavailable)
  })

  it.each(notExecuted)('adds once behind %s', async (_title, fault) => {
    flaky.next.push(fault, fault)
    expect(await store.update(key, { add: { n: 1 } })).toStrictEqual({ ...key, n: 1 })
  })

  it.each(inDoubt)('that adds is not sent twice after %s', async (_title, fault) => {
    flaky.next.push(fault)
    await expect(store.update(key, { add: { n: 1 } })).rejects.toThrow(StoreUnavailable)
    expect(flaky.requests).toHaveLength(1)
  })

  it('that adds is not sent twice when the condition would allow it', async () => {
    await direct.put({ ...key, n: 1 })
    flaky.next.push({ kind: 'lost answer' })
    await expect(store.update(key, { add: { n: 1 } }, { condition: { exists: true } })).rejects.toThrow(
      StoreUnavailable,
    )
    expect(await direct.get(key)).toStrictEqual({ ...key, n: 2 })
  })

  it('that DynamoDB finds invalid is refused for what it is, at once and without its words', async () => {
    flaky.always = refusal('ValidationException')
    const refused = await store.put(key).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RangeError)
    expect(String(refused)).not.toContain('secret')
    expect(flaky.requests).toHaveLength(1)
  })

  it('that holds what DynamoDB cannot keep is refused before it is sent', async () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e126,
      -1e126,
      1e-131,
      '\ud800',
      ['\udc00'],
      { '\ud800': 1 },
    ]) {
      await expect(store.put({ ...key, value })).rejects.toThrow(RangeError)
      await expect(store.update(key, { set: { value } })).rejects.toThrow(RangeError)
    }
    await expect(store.update(key, { set: { pk: 'other' } })).rejects.toThrow(RangeError)
    await store.put({ ...key, value: [9.9e125, -9.9e125, 1e-130, -0] })
    expect(operations()).toEqual(['PutItem'])
  })
})

describe('a name that DynamoDB would refuse or lose', () => {
  it('travels as another', async () => {
    await store.put({ ...key, map: JSON.parse('{"":1,"__proto__":2,"~":3,"plain":4}') })
    const sent = flaky.requests.map(({ input }) => input as { Item: { map: { M: Record<string, unknown> } } })
    expect(sent.flatMap(({ Item }) => Object.keys(Item.map.M))).toEqual(['~', '~__proto__', '~~', 'plain'])
  })
})

describe('an update', () => {
  it.each([
    ['no item', '{}'],
    ['an item without its key', '{"Attributes":{"n":{"N":"1"}}}'],
    ['a value of no type', '{"Attributes":{"pk":{"S":"x"},"sk":{"S":"a"},"value":{"X":"1"}}}'],
  ])('is sent again when its answer holds %s', async (_title, body) => {
    flaky.next.push(answer(body))
    expect(await store.update(key, { set: { n: 1 } })).toStrictEqual({ ...key, n: 1 })
    flaky.always = answer(body)
    await expect(store.update(key, { set: { n: 2 } })).rejects.toThrow(StoreUnavailable)
  })
})

describe('a conditional write', () => {
  const created = { exists: false } as const
  const swapped = { exists: true, equals: { version: 1 } } as const
  const landed = inDoubt
    .filter(([, { kind }]) => kind === 'lost answer' || kind === 'half an answer')
    .concat([['a time-out after the fact', { kind: 'time-out', executed: true }]])

  it.each(landed)('that happened is no failure when %s hid it', async (_title, fault) => {
    flaky.next.push(fault)
    await store.put({ ...key, version: 1, mine: true }, { condition: created })
    expect(await direct.get(key)).toStrictEqual({ ...key, version: 1, mine: true })
    flaky.next.push(fault)
    expect(await store.update(key, { set: { version: 2 } }, { condition: swapped })).toStrictEqual({
      ...key,
      version: 2,
      mine: true,
    })
    expect(operations()).toEqual(['PutItem', 'PutItem', 'GetItem', 'UpdateItem', 'UpdateItem', 'GetItem'])
    for (const index of [2, 5]) expect(flaky.requests[index]?.input.ConsistentRead).toBe(true)
  })

  it('that happened is recognised by what DynamoDB sends with the refusal, without another read', async () => {
    const named = openDynamoDbStore({
      tableName: dynamoDb.tableName,
      config: flaky.config,
      pace: flaky.pace,
      newWriteId: () => 'write-1',
    })
    const Item = { pk: { S: key.pk }, sk: { S: key.sk }, '~writeId': { S: 'write-1' }, version: { N: '2' } }
    flaky.next.push({ kind: 'lost answer' }, refusal('ConditionalCheckFailedException', 400, { Item }))
    await named.put(key, { condition: created })
    flaky.next.push({ kind: 'reset' }, refusal('ConditionalCheckFailedException', 400, { Item }))
    expect(await named.update(key, { set: { version: 2 } }, { condition: swapped })).toStrictEqual({
      ...key,
      version: 2,
    })
    await named.close()
    const asked = flaky.requests.map(({ input }) => input.ReturnValuesOnConditionCheckFailure ?? 'none').join()
    expect(asked).toBe('none,ALL_OLD,none,ALL_OLD')
    expect(operations()).toEqual(['PutItem', 'PutItem', 'UpdateItem', 'UpdateItem'])
  })

  it.each(inDoubt)(
    'is never said to have failed after %s, when the other item may have replaced ours',
    async (_title, fault) => {
      const overwrite = async () => direct.put({ ...key, version: 1, mine: false })
      flaky.next.push(fault, { kind: 'meanwhile', act: overwrite })
      await expect(store.put({ ...key, version: 1, mine: true }, { condition: created })).rejects.toThrow(
        StoreUnavailable,
      )
      expect(await direct.get(key)).toMatchObject({ mine: false })
    },
  )

  it('does not take an equal item of another writer for its own', async () => {
    const rival = () => direct.put({ ...key, owner: 'same' }, { condition: created })
    flaky.next.push({ kind: 'reset' }, { kind: 'meanwhile', act: rival })
    await expect(store.put({ ...key, owner: 'same' }, { condition: created })).rejects.toThrow(StoreUnavailable)
  })

  it('that happened stays recognised behind an update without condition', async () => {
    const count = () => direct.update(key, { add: { n: 1 } })
    flaky.next.push({ kind: 'lost answer' }, { kind: 'meanwhile', act: count })
    await store.put({ ...key, mine: true }, { condition: created })
    expect(await direct.get(key)).toStrictEqual({ ...key, mine: true, n: 1 })
  })

  it.each(notExecuted)('is said to have failed after %s, which leaves no doubt', async (_title, fault) => {
    await direct.put({ ...key, version: 7 })
    for (const write of [
      () => store.put(key, { condition: created }),
      () => store.update(key, { set: { a: 1 } }, { condition: swapped }),
      () => store.remove(key, { condition: swapped }),
    ]) {
      flaky.next.push(fault)
      await expect(write()).rejects.toThrow(expect.objectContaining({ name: 'ConditionFailed' }))
    }
    expect(await direct.get(key)).toStrictEqual({ ...key, version: 7 })
  })

  it('stays in doubt when a throttle follows the lost answer', async () => {
    flaky.next.push({ kind: 'lost answer' }, refusal('ThrottlingException'))
    await store.put({ ...key, mine: true }, { condition: created })
    expect(operations()).toEqual(['PutItem', 'PutItem', 'PutItem', 'GetItem'])
  })

  it('is refused when reading back fails for ever', async () => {
    const cut = async () => {
      flaky.always = { kind: 'reset' }
    }
    flaky.next.push({ kind: 'lost answer' }, { kind: 'meanwhile', act: cut })
    await expect(store.put(key, { condition: created })).rejects.toThrow(StoreUnavailable)
  })

  it('that removes is in doubt when its answer was lost', async () => {
    await direct.put({ ...key, version: 1 })
    flaky.next.push({ kind: 'lost answer' })
    await expect(store.remove(key, { condition: swapped })).rejects.toThrow(StoreUnavailable)
    expect(await direct.get(key)).toBeUndefined()
  })

  it('shows its write id to nobody', async () => {
    await store.put(key, { condition: created })
    const { input } = flaky.requests[0] as unknown as { input: { Item: Record<string, unknown> } }
    expect(input.Item['~writeId']).toEqual({ S: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect([await store.get(key), ...(await store.getMany([key])), ...(await store.query(key.pk)).items]).toStrictEqual(
      [key, key, key],
    )
    expect(await store.update(key, {}, { condition: { exists: true } })).toStrictEqual(key)
  })
})
