import type { LogRecord } from '@daypass/core/deps.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalDynamoDb, startDynamoDb } from '../../support/dynalite.ts'
import { type Fault, flakyDynamoDb, refusal } from '../../support/flaky-dynamodb.ts'

let dynamoDb: LocalDynamoDb
beforeAll(async () => {
  dynamoDb = await startDynamoDb()
})
afterAll(() => dynamoDb.close())

const warm = async (fault: Fault | undefined) => {
  const flaky = await flakyDynamoDb(dynamoDb.endpoint)
  flaky.always = fault
  const warnings: LogRecord[] = []
  const log = { info: () => {}, warn: (record: LogRecord) => void warnings.push(record), error: () => {} }
  const store = openDynamoDbStore({ tableName: dynamoDb.tableName, config: flaky.config, pace: flaky.pace })
  await store.warm(log)
  await store.close()
  await flaky.close()
  return { warnings, requests: flaky.requests }
}

it('makes one call before the first request needs the table', async () => {
  const { warnings, requests } = await warm(undefined)
  expect(requests.map(({ operation }) => operation)).toEqual(['GetItem'])
  expect(warnings).toEqual([])
})

it('is content with a refusal, since the connection is open by then', async () => {
  expect((await warm(refusal('AccessDeniedException'))).warnings).toEqual([])
})

it.each([
  ['a throttle', refusal('ThrottlingException'), 'ThrottlingException, HTTP 400'],
  ['a missing table', refusal('ResourceNotFoundException'), 'ResourceNotFoundException, HTTP 400'],
  ['a time-out', { kind: 'time-out', executed: false } as const, 'AbortError, ABORT_ERR'],
])('logs %s once and stops nobody', async (_title, fault, failure) => {
  const { warnings, requests } = await warm(fault)
  expect(requests).toHaveLength(1)
  expect(warnings).toEqual([{ event: 'TableNotWarm', failure }])
})
