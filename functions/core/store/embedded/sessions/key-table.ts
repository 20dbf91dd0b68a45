import type { KeyHash } from './key-hash.ts'

/** Where the newest version of a row lies. */
export interface Location {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

const SHARDS = 256
/** A slot's words: the hash's two halves, then the location. */
const WORDS = 5
const EMPTY = 0
const DELETED = 0xffffffff

/**
 * Key hash → location, in typed arrays: 40 bytes a row on average, out of the garbage collector's sight. Split into shards
 * that grow one by one, so that no single put pays for all. Segment numbers start at 1; entries of segments that are no
 * longer live count as absent and are dropped when their shard is rebuilt.
 */
export class KeyTable {
  readonly #shards: Shard[]

  constructor(isLive: (segment: number) => boolean, expectedRows = 0) {
    const perShard = Math.ceil((expectedRows / SHARDS) * 1.1)
    this.#shards = Array.from({ length: SHARDS }, () => new Shard(isLive, perShard))
  }

  find(hash: KeyHash): Location | undefined {
    return this.#shardOf(hash)?.find(hash)
  }

  set(hash: KeyHash, location: Location): void {
    this.#shardOf(hash)?.set(hash, location)
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

/** Open addressing with linear probing; at least a quarter of the slots is always empty. */
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

  find(hash: KeyHash): Location | undefined {
    const slot = this.#slotOf(hash)
    const segment = this.#slots[slot + 2] ?? EMPTY
    if (segment === EMPTY || !this.#isLive(segment)) return undefined
    return { segment, offset: this.#slots[slot + 3] ?? 0, length: this.#slots[slot + 4] ?? 0 }
  }

  set(hash: KeyHash, location: Location): void {
    let slot = this.#slotOf(hash)
    if (this.#slots[slot + 2] === EMPTY) {
      if ((this.#used + 1) * 4 > (this.#mask + 1) * 3) {
        this.rebuild(1)
        slot = this.#slotOf(hash)
      }
      this.#used++
    }
    this.#fill(slot, hash, location.segment, location.offset, location.length)
  }

  delete(hash: KeyHash): void {
    const slot = this.#slotOf(hash)
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
      const hash = { low: old[at] ?? 0, high: old[at + 1] ?? 0 }
      this.#fill(this.#slotOf(hash), hash, old[at + 2] ?? 0, old[at + 3] ?? 0, old[at + 4] ?? 0)
    }
  }

  /** The first word of the slot that holds the hash, else of the empty slot where it belongs. */
  #slotOf({ low, high }: KeyHash): number {
    for (let index = high & this.#mask; ; index = (index + 1) & this.#mask) {
      const slot = index * WORDS
      if (this.#slots[slot + 2] === EMPTY) return slot
      if (this.#slots[slot] === low && this.#slots[slot + 1] === high) return slot
    }
  }

  #fill(slot: number, { low, high }: KeyHash, segment: number, offset: number, length: number): void {
    this.#slots[slot] = low
    this.#slots[slot + 1] = high
    this.#slots[slot + 2] = segment
    this.#slots[slot + 3] = offset
    this.#slots[slot + 4] = length
  }

  #holdsLive(slots: Uint32Array, at: number): boolean {
    const segment = slots[at + 2] ?? EMPTY
    return segment !== EMPTY && this.#isLive(segment)
  }
}

/** A power of two, at most half full with so many rows. */
function capacityFor(rows: number): number {
  let capacity = 16
  while (capacity < rows * 2) capacity *= 2
  return capacity
}
