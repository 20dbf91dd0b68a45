import type { FileHandle } from 'node:fs/promises'
import { freeChunk } from '@daypass/core/http/chunk-memory.ts'

/** What is written at once, because each write costs a way to another thread and back. */
const MOST_BYTES = 256 * 1024
const MOST_CHUNKS = 64

/** Writes all of a content behind what the file holds, several chunks at a time, and frees each once it is written. */
export async function writeChunks(file: Pick<FileHandle, 'writev'>, content: AsyncIterable<Buffer>): Promise<void> {
  let waiting: Buffer[] = []
  let length = 0
  const write = async () => {
    for (let left = waiting; left.length > 0; ) left = behind(left, (await file.writev(left)).bytesWritten)
    waiting.forEach(freeChunk)
    waiting = []
    length = 0
  }
  for await (const chunk of content) {
    waiting.push(chunk)
    length += chunk.length
    if (length >= MOST_BYTES || waiting.length >= MOST_CHUNKS) await write()
  }
  await write()
}

/** What of the chunks lies behind so many bytes. */
function behind(chunks: readonly Buffer[], bytes: number): Buffer[] {
  let written = bytes
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(written)
    written -= chunk.length - rest.length
    return rest.length > 0 ? [rest] : []
  })
}
