import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { SettingsError } from './settings.ts'

/**
 * Opens the DynamoDB table and reads from it once, so that a wrong name or missing rights end the start, not a request. Region
 * and credentials are found as AWS's SDKs find them, profiles and the like included.
 */
export async function openTable(tableName: string): Promise<Store> {
  // Loaded only by who has a table.
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb')
  const { credentials, region } = new DynamoDBClient({}).config
  let store: Store | undefined
  try {
    store = openDynamoDbStore({ tableName, config: { region: await region(), credentials } })
    await store.get({ pk: 'START', sk: 'START' })
    return store
  } catch (cause) {
    await store?.close()
    throw new SettingsError(
      `DAYPASS_TABLE names the DynamoDB table ${tableName}, which cannot be read (${reasonOf(cause)}): make the table, or correct the name, AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB and the AWS credentials.`,
      { cause },
    )
  }
}

/** The adapter's own sentence names what failed, without quoting any item. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
