import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { checkKey, checkKeys, checkQuery } from '@daypass/core/store/limits.ts'
import type { Item, Key, Store } from '@daypass/core/store/port.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { storeContract } from './contract.ts'

const quiet = { info() {}, warn() {}, error() {} }

async function openInNewFolder() {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-store-'))
  const store = await openEmbeddedStore({ directory, clock: systemClock, log: quiet })
  return {
    store,
    async close() {
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
}

storeContract('the embedded store', openInNewFolder)

storeContract('the session log of the embedded store', async () => {
  const { store, close } = await openInNewFolder()
  return { store: inSessionLog(store), close }
})

/** Keeps every item as a session under a digest of its key, so that the whole contract runs on the session log. */
function inSessionLog(store: Store): Store {
  const partitions = new Map<string, Set<string>>()
  const hidden = (key: Key): Key => {
    checkKey(key)
    const digest = createHash('sha256')
      .update(JSON.stringify([key.pk, key.sk]))
      .digest('hex')
    return { pk: `SESSION#${digest}`, sk: 'SESSION' }
  }
  const note = ({ pk, sk }: Key) => partitions.set(pk, (partitions.get(pk) ?? new Set()).add(sk))
  const shown = ({ pk, sk }: Key, item: Item | undefined) => item && { ...item, pk, sk }
  return {
    get: async (key) => shown(key, await store.get(hidden(key))),
    async getMany(keys) {
      checkKeys(keys)
      const items = await store.getMany(keys.map(hidden))
      return items.map((item, i) => shown(keys[i] as Key, item))
    },
    async put(item, options) {
      const key = hidden(item)
      await store.put({ ...item, ...key }, options)
      note(item)
    },
    async update(key, changes, options) {
      const item = await store.update(hidden(key), changes, options)
      note(key)
      return shown(key, item) as Item
    },
    remove: async (key, options) => store.remove(hidden(key), options),
    async query(pk, options = {}) {
      checkQuery(pk, options)
      const { prefix = '', after = '', limit = 1000 } = options
      const sortKeys = [...(partitions.get(pk) ?? [])].filter(
        (sk) => sk.startsWith(prefix) && compareUtf8(sk, after) > 0,
      )
      const found: Item[] = []
      for (const sk of sortKeys.sort(compareUtf8)) {
        const item = shown({ pk, sk }, await store.get(hidden({ pk, sk })))
        if (item !== undefined) found.push(item)
      }
      const items = found.slice(0, limit)
      if (found.length === 0) await store.query('SESSION#none')
      return found.length > limit ? { items, next: (items.at(-1) as Item).sk } : { items }
    },
    close: () => store.close(),
  }
}
