import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { SettingsError } from './settings.ts'

/** Opens the DynamoDB table and reads from it once, so that a wrong name or missing rights end the start, not a request. */
export async function openTable(tableName: string): Promise<Store> {
  const store = openDynamoDbStore({ tableName })
  try {
    await store.get({ pk: 'START', sk: 'START' })
    return store
  } catch (cause) {
    await store.close()
    throw new SettingsError(
      `DAYPASS_TABLE names the DynamoDB table ${tableName}, which cannot be read (${reasonOf(cause)}): make the table, or correct the name, AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB and the AWS credentials.`,
      { cause },
    )
  }
}

/** The adapter's own sentence names what the SDK was told, without quoting any item. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
