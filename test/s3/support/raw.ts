import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { signRequest } from '../../support/sign.ts'
import { type Gateway, KEYS, type KeyId } from './gateway.ts'

interface RawRequest {
  readonly method?: string
  /** Path and query exactly as they go over the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** `null`: anonymous. */
  readonly as?: KeyId | null
  /** Sent and signed as x-amz-content-sha256 in place of the body's hash. */
  readonly contentSha256?: string
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Sends a request as it is written, without any tidying that a client library would do. */
export async function send(gateway: Gateway, wish: RawRequest): Promise<RawAnswer> {
  const { method = 'GET', path, headers = {}, body = '', as = 'AKIDALICE', contentSha256 } = wish
  const length: Record<string, string> =
    body.length > 0 || method === 'PUT' ? { 'content-length': String(Buffer.byteLength(body)) } : {}
  const sent =
    as === null
      ? { ...headers, ...length }
      : signRequest({
          method,
          url: gateway.endpoint + signedPath(path),
          headers: { ...headers, ...length },
          body,
          service: 's3',
          region: 'us-east-1',
          now: Date.now(),
          accessKeyId: as,
          secretAccessKey: KEYS[as].secretAccessKey,
          ...(contentSha256 !== undefined && { contentSha256 }),
        }).headers
  const { hostname, port } = new URL(gateway.endpoint)
  const outgoing = request({ method, hostname, port, path, headers: sent, agent: false })
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const pieces = await Array.fromAsync(incoming as AsyncIterable<Buffer>)
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(pieces).toString() }
}

/** S3 signs the path as it reads once decoded, with every slash bare. */
const signedPath = (path: string) => {
  const [bare = '', ...query] = path.split('?')
  return [bare.replaceAll('%2F', '/'), ...query].join('?')
}

/** The text of an element of an answer. */
export const element = (answer: RawAnswer, name: string) =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.body)?.[1]
