import { KIND } from './keys.ts'
import type { Key, Store } from './port.ts'

/** Kinds whose rows tell what happened once: two regions that each had their own could let it happen twice. */
export const ONCE_KINDS = [KIND.mfaUse, KIND.samlUse, KIND.signIn] as const

/**
 * The store of a region that holds a replica. What may happen only once (codes of a second factor, assertions, sign-in
 * failures) is read and written in the home region's table, at the price of a call to it; all else in the region's own,
 * which lags behind the home by the time of replication.
 */
export function regionalStore(own: Store, home: Store): Store {
  const of = (pk: string): Store => (ONCE_KINDS.some((kind) => pk.startsWith(`${kind}#`)) ? home : own)
  return {
    get: (key) => of(key.pk).get(key),
    getMany: async (keys) => {
      const [near, far] = await Promise.all([own, home].map((store) => getFrom(store, keys, of)))
      return keys.map((key, index) => (of(key.pk) === home ? far : near)?.[index])
    },
    put: (item, options) => of(item.pk).put(item, options),
    update: (key, changes, options) => of(key.pk).update(key, changes, options),
    remove: (key, options) => of(key.pk).remove(key, options),
    query: (pk, options) => of(pk).query(pk, options),
    close: async () => {
      await Promise.all([own.close(), home.close()])
    },
  }
}

/** The items of the keys that belong to a store, in the places of all keys; no call when there are none. */
async function getFrom(store: Store, keys: readonly Key[], of: (pk: string) => Store) {
  const places = keys.flatMap((key, index) => (of(key.pk) === store ? [index] : []))
  const wanted = keys.filter((key) => of(key.pk) === store)
  const items = wanted.length > 0 ? await store.getMany(wanted) : []
  const found: (typeof items)[number][] = []
  for (const [index, place] of places.entries()) found[place] = items[index]
  return found
}
