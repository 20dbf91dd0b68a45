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
/** How full a shard may be before it is rebuilt, and after. */
const FULLEST = 0.75
const FULL_AT_FIRST = 0.6

/**
 * Key hash → location, in typed arrays: 40 bytes a row on average, out of the garbage collector's sight. Split into shards
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

  /** Gives back the room of dead entries, a shard at each step, so that the caller may do other work between. */
  *prune(): Generator<void> {
    for (const shard of this.#shards) yield shard.rebuild()
  }

  #shardOf(hash: KeyHash): Shard | undefined {
    return this.#shards[hash.low % SHARDS]
  }
}

/** Open addressing with linear probing. */
class Shard {
  readonly #isLive: (segment: number) => boolean
  #slots: Uint32Array
  #mask: number
  /** Slots that are not empty, deleted and dead ones included. */
  #used = 0

  constructor(isLive: (segment: number) => boolean, rows: number) {
    this.#isLive = isLive
    this.#mask = capacityFor(rows) - 1
    this.#slots = new Uint32Array((this.#mask + 1) * WORDS)
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

  rebuild(room = 0): void {
    const old = this.#slots
    let live = 0
    for (let at = 0; at < old.length; at += WORDS) if (this.#holdsLive(old, at)) live++
    this.#mask = capacityFor(live + room) - 1
    this.#slots = new Uint32Array((this.#mask + 1) * WORDS)
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
    for (let index = high & this.#mask; ; index = (index + 1) & this.#mask) {
      const slot = index * WORDS
      if (slots[slot + 2] === EMPTY || (slots[slot] === low && slots[slot + 1] === high)) return slot
    }
  }

  /** The same, with room made for an entry that is new. */
  #takeSlot(low: number, high: number): number {
    const slot = this.#slotOf(low, high)
    if (this.#slots[slot + 2] !== EMPTY) return slot
    const full = (this.#used + 1) / (this.#mask + 1) > FULLEST
    if (full) this.rebuild(1)
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

/** A power of two with room for more rows than these. */
function capacityFor(rows: number): number {
  let capacity = 16
  while (rows / capacity > FULL_AT_FIRST) capacity *= 2
  return capacity
}
