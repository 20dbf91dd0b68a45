import { memoryStore } from '../../support/memory-store.ts'
import { storeContract } from './contract.ts'

storeContract('the store of the tests', async () => {
  const store = memoryStore()
  return { store, close: () => store.close() }
})
