import { connect, type Socket } from 'node:net'

/** What came of some load. Loads may be added to one another, for slices of a longer run. */
export class Measured {
  /** Milliseconds of each request. */
  readonly times: number[] = []
  seconds = 0
  errors = 0

  get perSecond(): number {
    return this.times.length / this.seconds
  }

  /** The latency in milliseconds that this share of the requests did not exceed. */
  latency(share: number): number {
    const sorted = Float64Array.from(this.times).sort()
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  }
}

export interface LoadOptions {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly next: () => Buffer
  /** Count what is answered with anything but a 200, rather than end there. */
  readonly tolerant?: boolean
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
export async function load(options: LoadOptions, measured: Measured = new Measured()): Promise<Measured> {
  const began = performance.now()
  const end = began + options.seconds * 1000
  await Promise.all(Array.from({ length: options.connections }, () => oneConnection(options, end, measured)))
  measured.seconds += (performance.now() - began) / 1000
  return measured
}

function oneConnection({ port, next, tolerant }: LoadOptions, end: number, measured: Measured): Promise<void> {
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
        measured.errors += 1
        if (!tolerant) {
          socket.destroy()
          return reject(new Error(`the server answered ${received.toString('utf8', 0, 800)}`))
        }
      }
      received = received.subarray(length)
      const now = performance.now()
      measured.times.push(now - sentAt)
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
