import type { Socket } from 'node:net'
import type { BodySource, Taker } from './body.ts'

/** A kept connection and who listens to it. */
export interface Connection {
  readonly socket: Socket
  listener: Listener | undefined
}

interface Listener {
  bytes(chunk: Buffer): void
  gone(error: unknown): void
  /** Whether it is the store's turn to say something. */
  waits(): boolean
}

/** So many bytes of a connection, of which `first` have come already. */
export function plainBody(
  connection: Connection,
  length: number,
  first: Buffer,
  { settled, release }: { readonly settled: (whole: boolean) => void; readonly release: (chunk: Buffer) => void },
): BodySource {
  const { socket } = connection
  let left = length
  let taker: Taker | undefined
  let paused = true
  let early: Buffer | undefined = first.length > 0 ? first : undefined

  const give = (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) return fail(new Error('the store sends more than it said'))
    taker?.chunk(chunk)
    if (left === 0) finish()
  }
  const finish = () => {
    connection.listener = undefined
    settled(true)
    taker?.end()
  }
  const fail = (error: unknown) => {
    connection.listener = undefined
    settled(false)
    taker?.fail(error)
  }
  socket.pause()
  connection.listener = {
    bytes(chunk) {
      if (paused) early = early ? Buffer.concat([early, chunk]) : chunk
      else give(chunk)
    },
    gone: fail,
    waits: () => !paused,
  }

  return {
    start(to) {
      taker = to
    },
    pause() {
      paused = true
      if (connection.listener) socket.pause()
    },
    resume() {
      if (!connection.listener) return
      paused = false
      const chunk = early
      early = undefined
      if (chunk) give(chunk)
      else if (left === 0) finish()
      if (!paused && connection.listener) socket.resume()
    },
    destroy() {
      if (connection.listener) fail(new Error('nobody reads on'))
    },
    release,
  }
}
