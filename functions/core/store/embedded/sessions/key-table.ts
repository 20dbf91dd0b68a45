import type { KeyHash } from './key-hash.ts'

/** Where the newest version of a row lies. */
export interface Location {
  readonly segment: number
  readonly offset: number
  /** As in the segment's index file: REMOVED is added for a removal, which a start keeps like a version. */
  readonly length: number
}

const SHARDS = 256
/** A slot's words: the hash's two halves, then the location. */
const WORDS = 5
const EMPTY = 0
const DELETED = 0xffffffff
/** How full a shard may be before it is rebuilt, and after. Fuller ones would be searched for longer. */
const FULLEST = 0.8
const FULL_AT_FIRST = 0.65
const SMALLEST = 16
/** Above this share of dead entries a shard is worth rebuilding: what it leaves behind is work for the garbage collector. */
const MOST_DEAD = 0.25

/**
 * Key hash → location, in typed arrays: 25 to 31 bytes a row while no row dies, out of the garbage collector's sight. Split into shards
 * that grow one by one, so that no single put pays for all. Segment numbers start at 1; entries of segments that are no
 * longer live count as absent and are dropped when their shard is rebuilt.
 */
export class KeyTable {
  readonly #shards: Shard[]

  constructor(isLive: (segment: number) => boolean, expectedRows = 0) {
    this.#shards = Array.from({ length: SHARDS }, () => new Shard(isLive, expectedRows / SHARDS))
  }

  find(hash: KeyHash): Location | undefined {
    return this.#shardOf(hash)?.find(hash)
  }

  set(hash: KeyHash, location: Location): void {
    this.#shardOf(hash)?.set(hash, location)
  }

  /** Sets a location unless the hash has one: the start's way in, a million times. Answers whether it was set. */
  add(low: number, high: number, segment: number, offset: number, length: number): boolean {
    return this.#shards[low % SHARDS]?.add(low, high, segment, offset, length) ?? false
  }

  delete(hash: KeyHash): void {
    this.#shardOf(hash)?.delete(hash)
  }

  /**
   * Gives back the room of dead entries where they are many, a shard at each step, so that the caller may do other work
   * between.
   */
  *prune(): Generator<void> {
    for (const shard of this.#shards) yield shard.prune()
  }

  /** What the entries take, with the room between them. */
  get bytes(): number {
    return this.#shards.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  #shardOf(hash: KeyHash): Shard | undefined {
    return this.#shards[hash.low % SHARDS]
  }
}

/** Open addressing with linear probing. */
class Shard {
  readonly #isLive: (segment: number) => boolean
  #slots: Uint32Array
  #capacity: number
  /** Slots that are not empty, deleted and dead ones included. */
  #used = 0

  constructor(isLive: (segment: number) => boolean, rows: number) {
    this.#isLive = isLive
    this.#capacity = capacityFor(rows)
    this.#slots = new Uint32Array(this.#capacity * WORDS)
  }

  get bytes(): number {
    return this.#slots.byteLength
  }

  find({ low, high }: KeyHash): Location | undefined {
    const slot = this.#slotOf(low, high)
    const segment = this.#slots[slot + 2] ?? EMPTY
    if (segment === EMPTY || !this.#isLive(segment)) return undefined
    return { segment, offset: this.#slots[slot + 3] ?? 0, length: this.#slots[slot + 4] ?? 0 }
  }

  set({ low, high }: KeyHash, { segment, offset, length }: Location): void {
    this.#fill(this.#takeSlot(low, high), low, high, segment, offset, length)
  }

  add(low: number, high: number, segment: number, offset: number, length: number): boolean {
    const slot = this.#takeSlot(low, high)
    const before = this.#slots[slot + 2] ?? EMPTY
    if (before !== EMPTY && this.#isLive(before)) return false
    this.#fill(slot, low, high, segment, offset, length)
    return true
  }

  delete({ low, high }: KeyHash): void {
    const slot = this.#slotOf(low, high)
    if (this.#slots[slot + 2] !== EMPTY) this.#slots[slot + 2] = DELETED
  }

  prune(): void {
    const live = this.#countLive()
    if (this.#used - live > MOST_DEAD * this.#used) this.#rebuild(live, live)
  }

  #countLive(): number {
    let live = 0
    for (let at = 0; at < this.#slots.length; at += WORDS) if (this.#holdsLive(this.#slots, at)) live++
    return live
  }

  #rebuild(live: number, rows: number): void {
    const old = this.#slots
    this.#capacity = capacityFor(rows)
    this.#slots = new Uint32Array(this.#capacity * WORDS)
    this.#used = live
    for (let at = 0; at < old.length; at += WORDS) {
      if (!this.#holdsLive(old, at)) continue
      const low = old[at] ?? 0
      const high = old[at + 1] ?? 0
      this.#fill(this.#slotOf(low, high), low, high, old[at + 2] ?? 0, old[at + 3] ?? 0, old[at + 4] ?? 0)
    }
  }

  /** The first word of the slot that holds the hash, else of the empty slot where it belongs. */
  #slotOf(low: number, high: number): number {
    const slots = this.#slots
    // The hash's share of 2^32, so that a capacity may be any number.
    let slot = Math.floor((high * this.#capacity) / 2 ** 32) * WORDS
    while (slots[slot + 2] !== EMPTY && (slots[slot] !== low || slots[slot + 1] !== high)) {
      slot += WORDS
      if (slot === slots.length) slot = 0
    }
    return slot
  }

  /** The same, with room made for an entry that is new. */
  #takeSlot(low: number, high: number): number {
    const slot = this.#slotOf(low, high)
    if (this.#slots[slot + 2] !== EMPTY) return slot
    const full = this.#used + 1 > FULLEST * this.#capacity
    if (full) {
      const live = this.#countLive()
      this.#rebuild(live, live + 1)
    }
    this.#used++
    return full ? this.#slotOf(low, high) : slot
  }

  #fill(slot: number, low: number, high: number, segment: number, offset: number, length: number): void {
    const slots = this.#slots
    slots[slot] = low
    slots[slot + 1] = high
    slots[slot + 2] = segment
    slots[slot + 3] = offset
    slots[slot + 4] = length
  }

  #holdsLive(slots: Uint32Array, at: number): boolean {
    const segment = slots[at + 2] ?? EMPTY
    return segment !== EMPTY && this.#isLive(segment)
  }
}

/** Room for more rows than these. */
function capacityFor(rows: number): number {
  return Math.max(SMALLEST, Math.ceil(rows / FULL_AT_FIRST))
}
