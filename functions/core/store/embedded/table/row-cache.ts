import type { Item, Key } from '../../port.ts'

const MOST_BYTES = 16 * 1024 * 1024
/** About what an entry costs beside its text. */
const ENTRY_BYTES = 500
/** A parsed row takes about this many bytes for each character of its text. */
const BYTES_PER_CHARACTER = 4

interface Entry {
  readonly item: Item | null
  readonly bytes: number
}

/** By partition, then by sort key: joining the two would make a text to be hashed at each look. */
type Generation = Map<string, Map<string, Entry>>

/**
 * Rows that were read lately, absent ones included. They are kept parsed and frozen, since everyone who asks gets the same
 * object. It may exist because this process is the folder's only writer: a row is dropped before each write of it and not
 * kept while one is under way. In two generations: when the young one has grown to half of the room it becomes the old one,
 * and what nobody asked for since then goes.
 */
export class RowCache {
  #young: Generation = new Map()
  #old: Generation = new Map()
  readonly #writing = new Map<string, number>()
  #bytes = 0

  /** `null` when the row is known to be absent, undefined when nothing is known. */
  get(key: Key): Item | null | undefined {
    const young = this.#young.get(key.pk)?.get(key.sk)
    if (young !== undefined) return young.item
    const old = take(this.#old, key)
    if (old === undefined) return undefined
    this.#add(key, old)
    return old.item
  }

  /** Freezes the item. `characters` is the length of its text. */
  keep(key: Key, item: Item | null, characters: number): void {
    if (item !== null) freeze(item)
    if (this.#writing.size > 0 && this.#writing.has(joined(key))) return
    this.drop(key)
    const bytes = ENTRY_BYTES + 2 * (key.pk.length + key.sk.length) + BYTES_PER_CHARACTER * characters
    this.#add(key, { item, bytes })
  }

  drop(key: Key): void {
    take(this.#old, key)
    this.#bytes -= take(this.#young, key)?.bytes ?? 0
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#bytes = 0
  }

  beginWrite(key: Key): void {
    this.drop(key)
    const name = joined(key)
    this.#writing.set(name, (this.#writing.get(name) ?? 0) + 1)
  }

  endWrite(key: Key): void {
    const name = joined(key)
    const left = (this.#writing.get(name) ?? 1) - 1
    if (left > 0) this.#writing.set(name, left)
    else this.#writing.delete(name)
  }

  #add({ pk, sk }: Key, entry: Entry): void {
    const partition = this.#young.get(pk)
    if (partition) partition.set(sk, entry)
    else this.#young.set(pk, new Map([[sk, entry]]))
    this.#bytes += entry.bytes
    if (this.#bytes <= MOST_BYTES / 2) return
    this.#old = this.#young
    this.#young = new Map()
    this.#bytes = 0
  }
}

/** Takes the entry out, and its partition when nothing is left there. */
function take(generation: Generation, { pk, sk }: Key): Entry | undefined {
  const partition = generation.get(pk)
  const entry = partition?.get(sk)
  if (partition === undefined || entry === undefined) return undefined
  partition.delete(sk)
  if (partition.size === 0) generation.delete(pk)
  return entry
}

/** Never the same for two keys. */
const joined = ({ pk, sk }: Key): string => `${pk.length}:${pk}${sk}`

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner)
}
