import { validateHeaderName, validateHeaderValue } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type AnswerHead, parseAnswerHead } from './answer-head.ts'
import type { BodySource } from './body.ts'
import { type Connection, plainBody } from './plain-body.ts'
import { readBuffers } from './read-buffers.ts'

/** A GET in the clear. */
interface PlainRead {
  readonly origin: URL
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** How long the store may say nothing, in milliseconds. */
  readonly patience: number
}

interface PlainAnswer extends AnswerHead {
  readonly body: BodySource
}

export interface PlainReads {
  /**
   * Asks, and answers what the store says. `undefined`: it answers in a way that node:http has to read.
   * @throws what the connection failed of
   */
  read(request: PlainRead): Promise<PlainAnswer | undefined>
  close(): void
}

const MAX_HEAD_BYTES = 64 * 1024
const MAX_IDLE = 256
const IDLE_MS = 30_000
const END_OF_HEAD = Buffer.from('\r\n\r\n')

/**
 * Reads from stores in the clear without node:http, which copies every body: bytes go from the connection to the client in
 * memory that is used again. Content of a stated length only, one answer at a time on a connection.
 */
export function plainReads(): PlainReads {
  const buffers = readBuffers()
  const idle = new Map<string, Connection[]>()

  const open = ({ hostname, port }: URL): Connection => {
    const socket: Socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
      onread: {
        buffer: buffers.next,
        callback(length, memory) {
          const chunk = buffers.taken(memory, length)
          // Nobody asked: what comes cannot be an answer to the next question either.
          if (connection.listener) connection.listener.bytes(chunk)
          else socket.destroy()
          return true
        },
      },
    })
    const connection: Connection = { socket, listener: undefined }
    const lost = (cause?: Error) => connection.listener?.gone(cause ?? reset())
    socket.on('error', lost).on('close', () => lost())
    socket.on('timeout', () => {
      if (connection.listener && !connection.listener.waits()) socket.setTimeout(socket.timeout ?? 0)
      else socket.destroy(new Error('the store says nothing'))
    })
    return connection
  }

  const take = (origin: URL): Connection => {
    const kept = idle.get(origin.host) ?? []
    for (let last = kept.pop(); last; last = kept.pop()) if (!last.socket.destroyed) return last
    return open(origin)
  }

  const keep = (origin: URL, connection: Connection) => {
    connection.listener = undefined
    const kept = (idle.get(origin.host) ?? []).filter(({ socket }) => !socket.destroyed)
    if (kept.length >= MAX_IDLE) return void connection.socket.destroy()
    connection.socket.setTimeout(IDLE_MS).resume().unref()
    idle.set(origin.host, [...kept, connection])
  }

  return {
    read(request) {
      const connection = take(request.origin)
      const { socket } = connection
      socket.ref().setTimeout(request.patience)
      const { promise, resolve, reject } = Promise.withResolvers<PlainAnswer | undefined>()
      const gone = (error: unknown) => {
        connection.listener = undefined
        socket.destroy()
        reject(error)
      }
      const answered = (answer: AnswerHead, first: Buffer) => {
        connection.listener = undefined
        if (answer.length === undefined) {
          socket.destroy()
          return resolve(undefined)
        }
        const settled = (whole: boolean) => {
          if (whole && answer.keptAlive) keep(request.origin, connection)
          else socket.destroy()
        }
        const body = plainBody(connection, answer.length, first, { settled, release: buffers.release })
        resolve({ ...answer, body })
      }
      connection.listener = { bytes: headReader(answered, gone), gone, waits: () => true }
      try {
        socket.write(requestHead(request), 'latin1')
      } catch (error) {
        gone(error)
      }
      return promise
    },
    close() {
      for (const kept of idle.values()) for (const { socket } of kept) socket.destroy()
      idle.clear()
    },
  }
}

/** Reads up to the end of the head, past those that only announce another (RFC 9110 15.2). */
function headReader(answered: (answer: AnswerHead, first: Buffer) => void, failed: (error: unknown) => void) {
  let read: Buffer = Buffer.alloc(0)
  return (chunk: Buffer) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    try {
      for (;;) {
        const end = read.indexOf(END_OF_HEAD)
        if (end < 0 && read.length <= MAX_HEAD_BYTES) return
        if (end < 0) throw new Error('the store sends a longer head than it may')
        const answer = parseAnswerHead(read.toString('latin1', 0, end))
        read = read.subarray(end + END_OF_HEAD.length)
        if (answer.status >= 200) return answered(answer, read)
      }
    } catch (error) {
      failed(error)
    }
  }
}

const reset = () => Object.assign(new Error('the store closed the connection'), { code: 'ECONNRESET' })

/** @throws TypeError for what would not be one request */
function requestHead({ path, headers }: PlainRead): string {
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw new TypeError('a path must be encoded')
  let text = `GET ${path} HTTP/1.1\r\n`
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    text += `${name}: ${value}\r\n`
  }
  return `${text}\r\n`
}
