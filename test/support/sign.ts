import { createHash, createHmac } from 'node:crypto'

export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

interface Signing extends SigningCredentials {
  readonly service: string
  readonly region: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface RequestToSign extends Signing {
  readonly method: string
  /** Absolute; its path and query are signed as they are written here. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** x-amz-content-sha256: `true` sends the body's hash, a string is sent and signed as it is. Default: S3 only. */
  readonly contentSha256?: boolean | string
}

export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Record<string, string>
  readonly body: Buffer
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()
const timestampOf = (now: number) => new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
const rfc3986 = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Signs a request with the Authorization header, as AWS's SDKs do. A second opinion on SigV4, for tests and benchmarks. */
export function signRequest(request: RequestToSign): SignedRequest {
  const { method, path, rawQuery, host, body, timestamp, scope } = prepare(request)
  const headers: Record<string, string> = { host, 'x-amz-date': timestamp }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  if (request.sessionToken !== undefined) headers['x-amz-security-token'] = request.sessionToken
  const stated = request.contentSha256 ?? request.service === 's3'
  if (stated !== false) headers['x-amz-content-sha256'] = stated === true ? sha256(body) : stated
  const signedHeaders = Object.keys(headers).sort().join(';')
  const payload = headers['x-amz-content-sha256'] ?? sha256(body)
  const signature = signatureOf(request, { method, path, rawQuery, headers, signedHeaders, payload, timestamp, scope })
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${request.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  return { method, path, rawQuery, headers, body }
}

/** Signs a request in its query string. `expires` in seconds, null to leave the parameter out. */
export function presign(
  request: Omit<RequestToSign, 'contentSha256'> & { readonly expires?: number | string | null },
): SignedRequest {
  const { method, path, rawQuery: given, host, body, timestamp, scope } = prepare(request)
  const headers: Record<string, string> = { host }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  const signedHeaders = Object.keys(headers).sort().join(';')
  const parameters = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${request.accessKeyId}/${scope}`],
    ['X-Amz-Date', timestamp],
    ...(request.expires === null ? [] : [['X-Amz-Expires', String(request.expires ?? 900)]]),
    ...(request.sessionToken === undefined ? [] : [['X-Amz-Security-Token', request.sessionToken]]),
    ['X-Amz-SignedHeaders', signedHeaders],
  ].map(([name = '', value = '']) => `${name}=${rfc3986(value)}`)
  const unsigned = [...(given === '' ? [] : [given]), ...parameters].join('&')
  const payload = request.service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256(body)
  const signature = signatureOf(request, {
    method,
    path,
    rawQuery: unsigned,
    headers,
    signedHeaders,
    payload,
    timestamp,
    scope,
  })
  return { method, path, rawQuery: `${unsigned}&X-Amz-Signature=${signature}`, headers, body }
}

/** The key that signs within `date/region/service`, by the book and uncached. */
export function signingKeyFor(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`))
}

function prepare({ method, url, body = '', service, region, now }: RequestToSign) {
  const [, host = '', path = '', rawQuery = ''] = /^https?:\/\/([^/?]+)([^?]*)\??(.*)$/s.exec(url) ?? []
  const timestamp = timestampOf(now)
  const scope = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`
  return { method, host, path: path === '' ? '/' : path, rawQuery, body: Buffer.from(body), timestamp, scope }
}

interface Parts {
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Readonly<Record<string, string>>
  readonly signedHeaders: string
  readonly payload: string
  readonly timestamp: string
  readonly scope: string
}

function signatureOf({ secretAccessKey, service }: Signing, parts: Parts): string {
  const names = parts.signedHeaders.split(';')
  const canonical = [
    parts.method,
    service === 's3'
      ? segments(parts.path, (segment) => rfc3986(decodeURIComponent(segment)))
      : segments(new URL(parts.path.replaceAll(/\/{2,}/g, '/'), 'http://h').pathname, rfc3986),
    query(parts.rawQuery),
    ...names.map((name) => `${name}:${(parts.headers[name] ?? '').trim().split(/\s+/).join(' ')}`),
    '',
    parts.signedHeaders,
    parts.payload,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', parts.timestamp, parts.scope, sha256(canonical)].join('\n')
  return hmac(signingKeyFor(secretAccessKey, parts.scope), text).toString('hex')
}

const segments = (path: string, encode: (segment: string) => string) => path.split('/').map(encode).join('/')

function query(rawQuery: string): string {
  return [...new URLSearchParams(rawQuery)]
    .map(([name, value]) => [rfc3986(name), rfc3986(value)] as const)
    .sort(
      (a, b) =>
        Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) || Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])),
    )
    .map((pair) => pair.join('='))
    .join('&')
}

/** The aws-chunked form of a signed streaming request's content, each chunk and the trailers signed in a chain. */
export function signedChunks(
  request: SignedRequest,
  secretAccessKey: string,
  chunks: readonly (string | Uint8Array)[],
  trailers?: Readonly<Record<string, string>>,
): Buffer {
  const [, scope = '', seed = ''] =
    /Credential=[^/]+\/([^,]+),.*Signature=(\w+)/.exec(request.headers.authorization ?? '') ?? []
  const key = signingKeyFor(secretAccessKey, scope)
  const context = `${request.headers['x-amz-date']}\n${scope}`
  let previous = seed
  const sign = (algorithm: string, rest: string) => {
    previous = hmac(key, [algorithm, context, previous, rest].join('\n')).toString('hex')
    return previous
  }
  const parts: (string | Uint8Array)[] = []
  for (const chunk of [...chunks, '']) {
    const signature = sign('AWS4-HMAC-SHA256-PAYLOAD', `${sha256('')}\n${sha256(chunk)}`)
    parts.push(`${Buffer.from(chunk).length.toString(16)};chunk-signature=${signature}\r\n`, chunk)
    if (chunk.length > 0 || trailers === undefined) parts.push('\r\n')
  }
  if (trailers !== undefined) {
    const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}`)
    const signature = sign('AWS4-HMAC-SHA256-TRAILER', sha256(lines.map((line) => `${line}\n`).join('')))
    parts.push(...lines.map((line) => `${line}\r\n`), `x-amz-trailer-signature:${signature}\r\n\r\n`)
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

/** The aws-chunked form of a STREAMING-UNSIGNED-PAYLOAD-TRAILER request's content. */
export function unsignedChunks(
  chunks: readonly (string | Uint8Array)[],
  trailers: Readonly<Record<string, string>>,
): Buffer {
  const parts = chunks.flatMap((chunk) => [`${Buffer.from(chunk).length.toString(16)}\r\n`, chunk, '\r\n'])
  const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}\r\n`)
  return Buffer.concat([...parts, '0\r\n', ...lines, '\r\n'].map((part) => Buffer.from(part)))
}
