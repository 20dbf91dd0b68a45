import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { startDynamoDb } from '../../support/dynalite.ts'
import { storeContract } from './contract.ts'

storeContract('the DynamoDB adapter', async () => {
  const dynamoDb = await startDynamoDb()
  const store = openDynamoDbStore(dynamoDb)
  return {
    store,
    close: async () => {
      await store.close()
      await dynamoDb.close()
    },
  }
})
