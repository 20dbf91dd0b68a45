import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { flakyDynamoDb, refusal } from '../../support/flaky-dynamodb.ts'
import { faultBench } from './dynamodb-faults.ts'

const bench = faultBench()
let { dynamoDb, flaky, store, key } = bench
beforeEach(() => {
  ;({ dynamoDb, flaky, store, key } = bench)
})

describe('the pace', () => {
  it('doubles the delays, up to five attempts', async () => {
    flaky.always = refusal('ThrottlingException')
    await expect(store.get(key)).rejects.toThrow(StoreUnavailable)
    expect(flaky.pace.sleeps).toEqual([12.5, 25, 50, 100])
    expect(flaky.requests).toHaveLength(5)
  })

  it('gives an attempt two seconds and the whole call five', async () => {
    flaky.always = { kind: 'time-out', executed: false }
    await expect(store.get(key)).rejects.toThrow(StoreUnavailable)
    expect(flaky.pace.timeouts).toEqual([2000, 2000, 962.5])
  })

  it('spreads the delays by chance', async () => {
    flaky.always = refusal('ThrottlingException')
    const eager = openDynamoDbStore({
      tableName: dynamoDb.tableName,
      config: flaky.config,
      pace: { ...flaky.pace, random: () => 0 },
    })
    await expect(eager.get(key)).rejects.toThrow(StoreUnavailable)
    expect(flaky.pace.sleeps).toEqual([0, 0, 0, 0])
    await eager.close()
  })

  it('is its own: nothing beneath it repeats anything', async () => {
    // Over a connection that is kept, too, which may have ended before it was used again.
    await store.get(key)
    flaky.requests.length = 0
    flaky.next.push({ kind: 'reset' })
    await expect(store.update(key, { add: { n: 1 } })).rejects.toThrow(StoreUnavailable)
    expect(flaky.requests).toHaveLength(1)
  })

  it('ends with a reason for the operator that quotes nobody', async () => {
    flaky.always = refusal('AccessDeniedException')
    const refused = (await store.get(key).catch((error: unknown) => error)) as Error
    expect(refused.message).toBe('the table did not answer: AccessDeniedException, HTTP 400')
    expect(refused.cause).toBeUndefined()
  })

  it('goes on where nothing listens yet, since nothing can have happened there', async () => {
    const gone = await flakyDynamoDb(dynamoDb.endpoint)
    await gone.close()
    const early = openDynamoDbStore({ tableName: dynamoDb.tableName, config: gone.config, pace: gone.pace })
    await expect(early.update(key, { add: { n: 1 } })).rejects.toThrow('ECONNREFUSED')
    expect(gone.pace.sleeps).toHaveLength(4)
    await early.close()
  })
})
