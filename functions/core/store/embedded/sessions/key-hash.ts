/** 64 bits in two unsigned halves. */
export interface KeyHash {
  readonly low: number
  readonly high: number
}

/**
 * A hash of a partition key, for finding its row. Not cryptographic: whoever finds a row by it compares the whole key.
 * It is part of the file format (the segments' index files hold it).
 */
export function hashKey(pk: string): KeyHash {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let i = 0; i < pk.length; i++) {
    const unit = pk.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x85ebca77)
    low ^= low >>> 15
    high = Math.imul(high ^ unit, 0xc2b2ae3d)
    high ^= high >>> 13
  }
  return { low: mix(low ^ high), high: mix(high) }
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the answer. */
function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
