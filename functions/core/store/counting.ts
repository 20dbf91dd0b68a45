import type { Store } from './port.ts'

type Trips = Record<Exclude<keyof Store, 'close'>, number>

/**
 * The same store, counting its calls by kind, for tests and measurements of round trips. A call counts once, however many
 * pages or repetitions the adapter needs for it, and also when it rejects.
 */
export function countingStore(store: Store): { readonly store: Store; readonly trips: Trips; total(): number } {
  const trips: Trips = { get: 0, getMany: 0, put: 0, update: 0, remove: 0, query: 0 }
  return {
    trips,
    total: () => Object.values(trips).reduce((sum, count) => sum + count, 0),
    store: {
      get(key) {
        trips.get++
        return store.get(key)
      },
      getMany(keys) {
        trips.getMany++
        return store.getMany(keys)
      },
      put(item, options) {
        trips.put++
        return store.put(item, options)
      },
      update(key, changes, options) {
        trips.update++
        return store.update(key, changes, options)
      },
      remove(key, options) {
        trips.remove++
        return store.remove(key, options)
      },
      query(pk, options) {
        trips.query++
        return store.query(pk, options)
      },
      close: () => store.close(),
    },
  }
}
