import { randomUUID } from 'node:crypto'
import type { AwsConfig } from '../../aws/client.ts'
import type { Log } from '../../deps.ts'
import { checkChanges, checkKey, checkKeys, checkQuery } from '../limits.ts'
import { type Item, type Store, StoreUnavailable } from '../port.ts'
import { toKey } from './attribute-values.ts'
import { describeFailure } from './failures.ts'
import { getItem, getItems, queryItems } from './read.ts'
import { systemPace } from './retry.ts'
import { scanItems } from './scan.ts'
import { openDynamoDb, type Table } from './table.ts'
import { deleteItem, putItem, updateItem } from './write.ts'

interface DynamoDbStoreOptions {
  readonly tableName: string
  /** Region, credentials and endpoint come from the environment where it is silent. */
  readonly config?: AwsConfig
  readonly pace?: Table['pace']
  readonly newWriteId?: Table['newWriteId']
}

export interface DynamoDbStore extends Store {
  /**
   * Finds credentials and opens a connection, so that a cold start pays for them while it initializes. Never rejects. Reads
   * one item that does not exist, once; a role without the right to read it is warm all the same.
   */
  warm(log: Log): Promise<void>
  /** Every item of these kinds, with its key and these attributes alone: for upkeep, never on a request's path. */
  sweep(kinds: readonly string[], attributes: readonly string[]): AsyncIterable<Item>
}

/** The Store port over one DynamoDB table whose keys are those of table-definition.ts. Opening it makes no call. */
export function openDynamoDbStore(options: DynamoDbStoreOptions): DynamoDbStore {
  const { tableName: name, config = {}, pace = systemPace, newWriteId = randomUUID } = options
  const dynamoDb = openDynamoDb(config)
  const table: Table = { name, dynamoDb, pace, newWriteId }
  let open = true
  const opened = (): Table => {
    if (!open) throw new StoreUnavailable('the store is closed')
    return table
  }

  return {
    async get(key) {
      checkKey(key)
      return getItem(opened(), key)
    },
    async getMany(keys) {
      checkKeys(keys)
      return getItems(opened(), keys)
    },
    async put(item, { condition } = {}) {
      checkKey(item)
      await putItem(opened(), item, condition)
    },
    async update(key, changes, { condition } = {}) {
      checkKey(key)
      checkChanges(changes)
      return updateItem(opened(), key, changes, condition)
    },
    async remove(key, { condition } = {}) {
      checkKey(key)
      await deleteItem(opened(), key, condition)
    },
    async query(pk, queryOptions = {}) {
      checkQuery(pk, queryOptions)
      return queryItems(opened(), pk, queryOptions)
    },
    sweep(kinds, attributes) {
      return scanItems(opened(), kinds, attributes)
    },
    async close() {
      open = false
      dynamoDb.close()
    },
    async warm(log) {
      try {
        const input = { TableName: name, Key: toKey({ pk: 'WARM', sk: 'WARM' }) }
        await dynamoDb.call('GetItem', input, { abortSignal: pace.timeout(WARM_MS) })
      } catch (error) {
        if (error instanceof Error && error.name === 'AccessDeniedException') return
        log.warn({ event: 'TableNotWarm', failure: describeFailure(error) })
      }
    },
  }
}

const WARM_MS = 2000
