import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { signRequest } from '../test/support/sign.ts'

/** Somebody who answers S3, and the host and key that requests to it are signed for. */
export interface S3Subject {
  readonly name: string
  readonly port: number
  /** The host that is signed and sent: the store's own behind a pipe. */
  readonly host: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const CHUNK = Buffer.alloc(256 * 1024, 'daypass ')

/** So many bytes, made as they are read. */
function bytes(size: number): Readable {
  let left = size
  return new Readable({
    highWaterMark: 1024 * 1024,
    read() {
      const length = Math.min(left, CHUNK.length)
      left -= length
      this.push(length === 0 ? null : CHUNK.subarray(0, length))
    },
  })
}

/** A client of one subject, with connections that it keeps. */
export function s3Client({ port, host, accessKeyId, secretAccessKey }: S3Subject) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })

  /** Answers how many bytes came back. */
  const send = async (method: string, path: string, size = 0): Promise<number> => {
    const signed = signRequest({
      method,
      url: `http://${host}${path}`,
      service: 's3',
      region: 'us-east-1',
      now: Date.now(),
      accessKeyId,
      secretAccessKey,
      contentSha256: 'UNSIGNED-PAYLOAD',
    })
    const headers = { ...signed.headers, ...(method === 'PUT' && { 'content-length': String(size) }) }
    const outgoing = request({ agent, method, host: '127.0.0.1', port, path, headers })
    if (size > CHUNK.length) bytes(size).pipe(outgoing)
    else outgoing.end(CHUNK.subarray(0, size))
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    let received = 0
    incoming.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    await once(incoming, 'end')
    if (incoming.statusCode !== 200 && incoming.statusCode !== 204) {
      throw new Error(`${method} ${path} was answered with ${incoming.statusCode}`)
    }
    return received
  }

  return {
    put: (path: string, size: number) => send('PUT', path, size),
    get: (path: string) => send('GET', path),
    remove: (path: string) => send('DELETE', path),
    close: () => agent.destroy(),
  }
}
