import type { FileHandle } from 'node:fs/promises'
import type { ByteRange } from '../../range.ts'

const CHUNK = 256 * 1024

/**
 * The bytes of a range, read as they are asked for, one chunk in memory. Closes the file at its end, on failure, and on
 * `return`, also when nothing was read: a generator would skip its `finally` then.
 */
export function fileRange(file: FileHandle, { first, last }: ByteRange): AsyncIterableIterator<Buffer> {
  let position = first
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    await file.close()
  }
  const done = { done: true, value: undefined } as const

  return {
    async next() {
      if (!open) return done
      if (position > last) {
        await close()
        return done
      }
      try {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK, last - position + 1))
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
        if (bytesRead === 0) throw new Error('a content file is shorter than its record says')
        position += bytesRead
        return { done: false, value: buffer.subarray(0, bytesRead) }
      } catch (error) {
        await close()
        throw error
      }
    },
    async return() {
      await close()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
