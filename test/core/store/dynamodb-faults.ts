import { crc32 } from 'node:zlib'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type LocalDynamoDb, startDynamoDb } from '../../support/dynalite.ts'
import { type Fault, type FlakyDynamoDb, flakyDynamoDb, refusal } from '../../support/flaky-dynamodb.ts'

/** What a test of faults works with, made anew for each test; the table behind it is the file's. */
interface FaultBench {
  dynamoDb: LocalDynamoDb
  flaky: FlakyDynamoDb
  /** Sees no faults. */
  direct: Store
  store: Store
  /** A key that no other test uses, as an item. */
  key: Item
}

/** Registers the hooks of one test file; what it answers is filled before each test. */
export function faultBench(): FaultBench {
  const bench = {} as FaultBench
  let tests = 0
  beforeAll(async () => {
    bench.dynamoDb = await startDynamoDb()
    bench.direct = openDynamoDbStore(bench.dynamoDb)
  })
  afterAll(async () => {
    await bench.direct.close()
    await bench.dynamoDb.close()
  })
  beforeEach(async () => {
    const flaky = await flakyDynamoDb(bench.dynamoDb.endpoint)
    const store = openDynamoDbStore({ tableName: bench.dynamoDb.tableName, config: flaky.config, pace: flaky.pace })
    Object.assign(bench, { flaky, store, key: { pk: `TEST#${++tests}`, sk: 'a' } })
    return async () => {
      await store.close()
      await flaky.close()
    }
  })
  return bench
}

/** A successful answer with this body. */
export const answer = (body: string, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status: 200,
  body,
  headers,
})
const half = JSON.stringify({ Item: { pk: { S: 'x' } } }).slice(0, -3)

/** Faults after which nothing has happened. */
export const notExecuted: [string, Fault][] = [
  ['a throughput refusal', refusal('ProvisionedThroughputExceededException')],
  ['a throttle', refusal('ThrottlingException')],
  ['a request limit', refusal('RequestLimitExceeded')],
  ['a 429 of something between', { kind: 'answer', status: 429, body: '{}' }],
]
/** Faults after which nobody knows what has happened. */
export const inDoubt: [string, Fault][] = [
  ['an internal error', refusal('InternalServerError', 500)],
  ['a 503 in HTML', { kind: 'answer', status: 503, body: '<html>' }],
  ['a reset connection', { kind: 'reset' }],
  ['a lost answer', { kind: 'lost answer' }],
  ['a time-out', { kind: 'time-out', executed: false }],
  ['a time-out after the fact', { kind: 'time-out', executed: true }],
  ['half an answer', { kind: 'half an answer' }],
  ['an empty answer', answer('')],
  ['an answer of null', answer('null')],
  ['an answer of a list', answer('[]')],
  ['a page in place of JSON', answer('<html>Welcome</html>')],
  ['truncated JSON', answer(half)],
  ['a wrong checksum', answer('{}', { 'x-amz-crc32': String(crc32('{ }')) })],
]
/** Whole answers that are none to the question. */
export const wrongAnswers: [string, Fault][] = [
  ['an answer to another question', answer('{"Item":{"pk":{"S":"OTHER"},"sk":{"S":"a"}}}')],
  ['an item without a key', answer('{"Item":{"n":{"N":"1"}},"Responses":{"daypass":[{}]},"Items":[{}]}')],
  ['a value of no type', answer('{"Item":{"pk":{"S":"x"},"sk":{"X":"a"}},"Items":[{"pk":{"S":"x"},"sk":{}}]}')],
]
