import type { Item, Key, Store } from '@daypass/core/store/port.ts'
import { memoryStore } from '../support/memory-store.ts'

/** Two tables, each a replica of the other, and the writes that one has not heard of yet. As in global tables the last writer wins. */
export function replicatedTables() {
  const tables = { home: memoryStore(), away: memoryStore() }
  const underWay: (() => Promise<void>)[] = []
  const replicated = (own: Store, other: Store): Store => {
    const copy = (key: Key) => {
      underWay.push(async () => {
        const item: Item | undefined = await own.get(key)
        await (item ? other.put(item) : other.remove(key))
      })
    }
    return {
      ...own,
      put: async (item, options) => {
        await own.put(item, options)
        copy({ pk: item.pk, sk: item.sk })
      },
      update: async (key, changes, options) => {
        const item = await own.update(key, changes, options)
        copy(key)
        return item
      },
      remove: async (key, options) => {
        await own.remove(key, options)
        copy(key)
      },
    }
  }
  return {
    home: replicated(tables.home, tables.away),
    away: replicated(tables.away, tables.home),
    /** Lets everything that was written so far arrive. */
    async arrive(): Promise<void> {
      for (const copy of underWay.splice(0)) await copy()
    },
  }
}
