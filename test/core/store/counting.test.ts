import { countingStore } from '@daypass/core/store/counting.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { expect, it } from 'vitest'
import { memoryStore } from '../../support/memory-store.ts'
import { storeContract } from './contract.ts'

storeContract('a counted store', async () => {
  const { store } = countingStore(memoryStore())
  return { store, close: () => store.close() }
})

it('counts every call by its kind, refused ones too', async () => {
  const { store, trips, total } = countingStore(memoryStore())
  const key = { pk: 'TEST#', sk: 'a' }
  expect(total()).toBe(0)
  await store.get(key)
  await store.getMany([key, key])
  await store.put(key)
  await expect(store.put(key, { condition: { exists: false } })).rejects.toThrow(ConditionFailed)
  await store.update(key, { set: { n: 1 } })
  await store.remove(key)
  await store.query('TEST#')
  await store.close()
  expect(trips).toEqual({ get: 1, getMany: 1, put: 2, update: 1, remove: 1, query: 1 })
  expect(total()).toBe(7)
})
