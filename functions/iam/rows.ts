import type { Item, Key, Store } from '@daypass/core/store/port.ts'

const BATCH = 100

/** Rows in the order of their keys, however many; one round trip for each hundred. */
export async function getAll(store: Store, keys: readonly Key[]): Promise<readonly (Item | undefined)[]> {
  const rows: (Item | undefined)[] = []
  for (let at = 0; at < keys.length; at += BATCH) rows.push(...(await store.getMany(keys.slice(at, at + BATCH))))
  return rows
}

/** How many rows a partition has that `counts`. */
export async function countRows(
  store: Store,
  pk: string,
  counts: (item: Item) => boolean = () => true,
): Promise<number> {
  let total = 0
  let after: string | undefined
  do {
    const { items, next } = await store.query(pk, after === undefined ? {} : { after })
    total += items.filter(counts).length
    after = next
  } while (after !== undefined)
  return total
}
