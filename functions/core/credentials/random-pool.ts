import { randomFillSync } from 'node:crypto'

/** A call to the generator costs more than the bytes that it gives, so they are fetched this many at a time. */
const POOL_BYTES = 4096

const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** Bytes of the operating system's cryptographic generator, at most 1,024. Each is given out once and wiped from the pool. */
export function randomPoolBytes(count: number): Buffer {
  if (count > 1024) throw new RangeError('the pool gives at most 1,024 bytes at once')
  if (used + count > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.allocUnsafe(count)
  pool.copy(bytes, 0, used, used + count)
  pool.fill(0, used, used + count)
  used += count
  return bytes
}
