import type { Writable } from 'node:stream'
import type { StreamedBody } from './port.ts'

/** Settles when the stream takes more, or takes nothing any more. */
export function writable(out: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      out.off('drain', settle).off('close', settle)
      resolve()
    }
    out.on('drain', settle).on('close', settle)
  })
}

/**
 * Writes a body as fast as its reader takes it, one chunk at a time, and ends the stream. Frees the body at its end, on
 * failure, and when the reader is gone. Rejects with the body's own failure, the stream then unended.
 */
export async function writeBody(body: AsyncIterable<Buffer> | StreamedBody, out: Writable): Promise<void> {
  if ('writeTo' in body) {
    await body.writeTo(out)
    if (!out.destroyed) out.end()
    return
  }
  const iterator = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      if (out.destroyed) return
      const { done, value } = await iterator.next()
      if (done) break
      if (!out.write(value) && !out.destroyed) await writable(out)
    }
    out.end()
  } finally {
    await iterator.return?.()
  }
}
