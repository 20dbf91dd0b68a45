import type { IncomingMessage } from 'node:http'
import { ownChunk } from '@daypass/core/http/chunk-memory.ts'
import { ClientGone } from './port.ts'

/** What is read ahead of whoever takes the body, in bytes. */
const READ_AHEAD_BYTES = 256 * 1024

/**
 * The body of a request as chunks come off the wire, a little of it read ahead. `start` is called when the first is asked for.
 * Its `return` leaves the rest unread, for others to read.
 * @throws ClientGone when the client ends it early
 */
export function requestBody(req: IncomingMessage, start: () => void): AsyncIterableIterator<Buffer, undefined> {
  const ready: Buffer[] = []
  let ahead = 0
  let begun = false
  let outcome: { readonly failure?: ClientGone } | undefined
  let wake = () => {}

  const take = (chunk: Buffer) => {
    ready.push(ownChunk(chunk))
    ahead += chunk.length
    if (ahead >= READ_AHEAD_BYTES) req.pause()
    wake()
  }
  const settle = (failure?: ClientGone) => {
    outcome ??= failure ? { failure } : {}
    wake()
  }
  const begin = () => {
    begun = true
    start()
    if (req.destroyed) return settle(new ClientGone())
    req.on('error', (cause) => settle(new ClientGone({ cause })))
    req.on('close', () => settle(new ClientGone()))
    req.on('end', () => settle())
    req.on('data', take)
  }

  return {
    async next() {
      if (!begun) begin()
      while (ready.length === 0 && !outcome) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
      const value = ready.shift()
      if (!value) {
        if (outcome?.failure) throw outcome.failure
        return { done: true, value: undefined }
      }
      ahead -= value.length
      if (ahead === 0) req.resume()
      return { done: false, value }
    },
    async return() {
      if (begun && !outcome) req.off('data', take).pause()
      begun = true
      outcome = {}
      ready.length = 0
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
