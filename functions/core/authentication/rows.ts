import type { Item, Key, Store } from '../store/port.ts'

const MOST_AT_ONCE = 100

/**
 * The rows of one request: each is read once, so that everything that is decided is decided on the same state. What is
 * loaded together costs one round trip (per 100 rows), what was loaded already costs none.
 */
export class Rows {
  readonly #store: Store
  readonly #read = new Map<string, Item | undefined>()

  constructor(store: Store) {
    this.#store = store
  }

  async load(keys: readonly Key[]): Promise<void> {
    const missing = [...new Map(keys.map((key) => [idOf(key), key])).values()].filter((key) => !this.has(key))
    const batches = Array.from({ length: Math.ceil(missing.length / MOST_AT_ONCE) }, (_, at) =>
      missing.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE),
    )
    await Promise.all(
      batches.map(async (batch) => {
        const items = await this.#store.getMany(batch)
        for (const [at, key] of batch.entries()) this.#read.set(idOf(key), items[at])
      }),
    )
  }

  has(key: Key): boolean {
    return this.#read.has(idOf(key))
  }

  /** The row, or `undefined` when the table has none. Throws TypeError for a row that was not loaded: it is not absent. */
  get(key: Key): Item | undefined {
    if (!this.has(key)) throw new TypeError('a row is asked for before it was loaded')
    return this.#read.get(idOf(key))
  }
}

const idOf = ({ pk, sk }: Key) => JSON.stringify([pk, sk])
