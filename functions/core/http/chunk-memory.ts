/** Memory of chunks that nobody has but who was given the chunk. */
const owned = new WeakSet<ArrayBufferLike>()

/** Says of a chunk that nobody but its taker will look at its memory again; of one that shares its memory nothing is said. */
export function ownChunk(chunk: Buffer): Buffer {
  if (chunk.length === chunk.buffer.byteLength) owned.add(chunk.buffer)
  return chunk
}

/**
 * Frees the memory of a chunk that `ownChunk` was told of; of any other buffer, and of a part of a chunk, nothing happens. To be
 * called by whoever was given the chunk and has no more use for it. Memory that waits for the collector costs more than to
 * move what is in it: V8 marks the whole heap for each few dozen megabytes of it.
 */
export function freeChunk({ buffer, length }: Buffer): void {
  if (length !== buffer.byteLength || !owned.delete(buffer)) return
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
