import { connect, type Socket } from 'node:net'

export interface LoadResult {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly requests: number
}

/** A request as bytes, ready to be written to a connection. */
export function rawRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer = '',
): Buffer {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), Buffer.from(body)])
}

/**
 * Sends requests over so many kept connections for so long, one at a time on each, and checks that every answer is a 200.
 * Written on sockets, so that the generator takes little of the CPU that it shares with what it measures.
 */
export async function load(
  port: number,
  connections: number,
  seconds: number,
  next: () => Buffer,
): Promise<LoadResult> {
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  const began = performance.now()
  await Promise.all(Array.from({ length: connections }, () => oneConnection(port, end, next, times)))
  const elapsed = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), requests: times.length }
}

function oneConnection(port: number, end: number, next: () => Buffer, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let sentAt = 0
    let received = Buffer.alloc(0)
    const send = () => {
      sentAt = performance.now()
      socket.write(next())
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const length = answerLength(received)
      if (length === undefined || received.length < length) return
      if (!received.subarray(0, 12).equals(OK)) {
        socket.destroy()
        return reject(new Error(`the server answered ${received.toString('utf8', 0, 800)}`))
      }
      received = received.subarray(length)
      const now = performance.now()
      times.push(now - sentAt)
      if (now < end) return send()
      socket.end()
      resolve()
    })
  })
}

const OK = Buffer.from('HTTP/1.1 200')

function answerLength(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n')
  if (head === -1) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1]
  if (length === undefined) throw new Error('the answer does not say how long it is')
  return head + 4 + Number(length)
}
