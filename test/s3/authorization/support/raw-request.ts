import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { presign, type RequestToSign, type SigningCredentials, signRequest } from '../../../support/sign.ts'

export interface Wish {
  readonly method?: string
  /** Path and query exactly as they go over the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Absent: anonymous. */
  readonly as?: SigningCredentials
  /** Milliseconds since the epoch. */
  readonly now?: number
  readonly presigned?: number
  /** Overrides what is signed. */
  readonly signing?: Partial<RequestToSign>
  /** Changes what goes over the wire after it was signed. */
  readonly tamper?: (sent: Sent) => Sent
}

export interface Sent {
  readonly path: string
  /** Pairs, so that a name may come twice. */
  readonly headers: readonly (readonly [string, string])[]
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The error's code; empty when there is none. */
  readonly code: string
}

/** Sends a request as it is written, signed or not, without any tidying that a client library would do. */
export async function sendRaw(endpoint: string, wish: Wish): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body = '', as, now = Date.now(), presigned, signing, tamper } = wish
  const length: Record<string, string> = body.length > 0 ? { 'content-length': String(Buffer.byteLength(body)) } : {}
  const { hostname, port, host } = new URL(endpoint)
  let sent: Sent = { path, headers: Object.entries({ host, ...headers, ...length }) }
  if (as) {
    const unsigned = {
      method,
      url: endpoint + path,
      headers: { ...headers, ...(presigned === undefined && length) },
      body,
      service: 's3',
      region: 'us-east-1',
      now,
      ...as,
      ...signing,
    }
    const signed = presigned === undefined ? signRequest(unsigned) : presign({ ...unsigned, expires: presigned })
    const query = signed.rawQuery === '' ? '' : `?${signed.rawQuery}`
    const target = presigned === undefined ? path : path.split('?')[0] + query
    sent = {
      path: target,
      headers: Object.entries(presigned === undefined ? signed.headers : { ...signed.headers, ...length }),
    }
  }
  const { path: target, headers: pairs } = tamper ? tamper(sent) : sent
  const outgoing = request({ method, hostname, port, path: target, headers: pairs.flat(), agent: false })
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const pieces = await Array.fromAsync(incoming as AsyncIterable<Buffer>)
  const text = Buffer.concat(pieces).toString()
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? ''
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, code }
}
