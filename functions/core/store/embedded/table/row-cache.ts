import type { Item } from '../../port.ts'

const MOST_BYTES = 16 * 1024 * 1024
/** About what an entry costs beside its text. */
const ENTRY_BYTES = 300
/** A parsed row takes about this many bytes for each character of its text. */
const BYTES_PER_CHARACTER = 4

interface Entry {
  readonly item: Item | null
  readonly bytes: number
}

/**
 * Rows that were read lately, absent ones included. They are kept parsed and frozen, since everyone who asks gets the same
 * object. It may exist because this process is the folder's only writer: a row is dropped before each write of it and not
 * kept while one is under way. In two generations: when the young one has grown to half of the room it becomes the old one,
 * and what nobody asked for since then goes.
 */
export class RowCache {
  #young = new Map<string, Entry>()
  #old = new Map<string, Entry>()
  readonly #writing = new Map<string, number>()
  #bytes = 0

  /** `null` when the row is known to be absent, undefined when nothing is known. */
  get(key: string): Item | null | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young.item
    const old = this.#old.get(key)
    if (old === undefined) return undefined
    this.#old.delete(key)
    this.#add(key, old)
    return old.item
  }

  /** Freezes the item. `characters` is the length of its text. */
  keep(key: string, item: Item | null, characters: number): void {
    if (item !== null) freeze(item)
    if (this.#writing.has(key)) return
    this.drop(key)
    this.#add(key, { item, bytes: ENTRY_BYTES + 2 * key.length + BYTES_PER_CHARACTER * characters })
  }

  drop(key: string): void {
    this.#old.delete(key)
    const entry = this.#young.get(key)
    if (entry === undefined) return
    this.#young.delete(key)
    this.#bytes -= entry.bytes
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#bytes = 0
  }

  beginWrite(key: string): void {
    this.drop(key)
    this.#writing.set(key, (this.#writing.get(key) ?? 0) + 1)
  }

  endWrite(key: string): void {
    const left = (this.#writing.get(key) ?? 1) - 1
    if (left > 0) this.#writing.set(key, left)
    else this.#writing.delete(key)
  }

  #add(key: string, entry: Entry): void {
    this.#young.set(key, entry)
    this.#bytes += entry.bytes
    if (this.#bytes <= MOST_BYTES / 2) return
    this.#old = this.#young
    this.#young = new Map()
    this.#bytes = 0
  }
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner)
}
