import { once } from 'node:events'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PARTITION_KEY, SORT_KEY } from '@daypass/core/store/dynamodb/table-definition.ts'

const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server

export interface LocalConfig {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface LocalDynamoDb {
  readonly endpoint: string
  readonly config: LocalConfig
  readonly tableName: string
  close(): Promise<void>
}

/** A DynamoDB in this process, on a free port of the loopback address, with an empty table. */
export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0 }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = localConfig(endpoint)
  const tableName = 'daypass'
  await createTable(config, tableName)
  return {
    endpoint,
    config,
    tableName,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What a client needs for a server that checks no credentials. */
export function localConfig(endpoint: string): LocalConfig {
  return { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
}

async function createTable(config: LocalConfig, tableName: string): Promise<void> {
  const client = new DynamoDBClient(config)
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [PARTITION_KEY, SORT_KEY].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
    }),
  )
  client.destroy()
}
