/** Memory that connections read into, used again once what was read has gone on. */
export interface ReadBuffers {
  /** Memory for the next read. */
  next(): Buffer
  /** What was read into the first bytes of such memory; a little is copied, and the memory is free again. */
  taken(memory: Uint8Array, length: number): Buffer
  /** Takes back the memory of what `taken` gave, when nobody will look at it again; of anything else nothing is taken. */
  release(chunk: Buffer): void
}

/** As much as one look at a busy connection finds there. */
const BUFFER_BYTES = 256 * 1024
/** A read that is this much smaller is copied, so that it does not hold all of the memory. */
const SMALL_BYTES = BUFFER_BYTES / 8
/** Buffers that are kept for later. */
const MAX_SPARE = 32

/**
 * Node.js allocates memory anew for each 64 KiB that it reads, and node:http once more for what is a body. To clear and
 * collect that costs more than to move what was read.
 */
export function readBuffers(): ReadBuffers {
  const spare: Buffer[] = []
  /** How much was read into memory that is out. */
  const out = new WeakMap<ArrayBufferLike, number>()
  const keep = (memory: ArrayBufferLike) => {
    if (spare.length < MAX_SPARE) spare.push(Buffer.from(memory))
  }
  return {
    next: () => spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES),
    taken({ buffer, byteOffset }, length) {
      const read = Buffer.from(buffer, byteOffset, length)
      if (length > SMALL_BYTES) {
        out.set(buffer, length)
        return read
      }
      keep(buffer)
      return Buffer.from(read)
    },
    release({ buffer, byteOffset, length }) {
      // A part of what was read may have been cut off for somebody else.
      if (byteOffset !== 0 || out.get(buffer) !== length) return
      out.delete(buffer)
      keep(buffer)
    },
  }
}
