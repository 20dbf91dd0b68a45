import type { Item, Key, Store } from '../store/port.ts'

const MOST_AT_ONCE = 100

/**
 * The rows of one request: each is read once, so that everything that is decided is decided on the same state. What is
 * loaded together costs one round trip (per 100 rows), what was loaded already costs none.
 */
export class Rows {
  readonly #store: Store
  /** By partition, then by sort key: joining the two would make a text to be hashed at each look. */
  readonly #read = new Map<string, Map<string, Item | undefined>>()

  constructor(store: Store) {
    this.#store = store
  }

  load(keys: readonly Key[]): Promise<void> {
    const missing = this.#missing(keys)
    if (missing.length === 0) return LOADED
    if (missing.length <= MOST_AT_ONCE) return this.#loadBatch(missing)
    const batches = Array.from({ length: Math.ceil(missing.length / MOST_AT_ONCE) }, (_, at) =>
      this.#loadBatch(missing.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE)),
    )
    return Promise.all(batches).then(() => undefined)
  }

  has({ pk, sk }: Key): boolean {
    return this.#read.get(pk)?.has(sk) ?? false
  }

  /** The row, or `undefined` when the table has none. Throws TypeError for a row that was not loaded: it is not absent. */
  get({ pk, sk }: Key): Item | undefined {
    const partition = this.#read.get(pk)
    const item = partition?.get(sk)
    if (item === undefined && !partition?.has(sk)) throw new TypeError('a row is asked for before it was loaded')
    return item
  }

  /** Those that were not loaded, each once. */
  #missing(keys: readonly Key[]): readonly Key[] {
    const missing: Key[] = []
    for (const key of keys) {
      // There are a handful, 250 at most: a set would cost more than looking at each.
      if (!this.has(key) && !missing.some(({ pk, sk }) => sk === key.sk && pk === key.pk)) missing.push(key)
    }
    return missing
  }

  async #loadBatch(batch: readonly Key[]): Promise<void> {
    const items = await this.#store.getMany(batch)
    let at = 0
    for (const { pk, sk } of batch) {
      const item = items[at++]
      const partition = this.#read.get(pk)
      if (partition) partition.set(sk, item)
      else this.#read.set(pk, new Map([[sk, item]]))
    }
  }
}

const LOADED = Promise.resolve()
