import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { joinedHeaders } from '@daypass/core/http/raw-headers.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { Slots } from './slots.ts'

/** No limit of ours is above IAM's 1 MiB: one byte more is enough for the handler to refuse. */
const MOST_BODY_BYTES = 1024 * 1024 + 1

/** A form is sent in one go: whoever takes longer holds a connection for nothing. */
const LONGEST_BODY_MS = 60_000
const LONGEST_DRAIN_MS = 10_000

/**
 * Reads a request's body, up to one byte more than any handler takes; rejects when the connection breaks. By events,
 * because an async iterator costs as much as the rest of node:http's work on a request.
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let body: Buffer = Buffer.alloc(0)
    let length = 0
    let settled = false
    const place = awaitBody(request)
    // The listeners stay: taking each away costs more than a second call, which settles nothing.
    const settle = (error?: Error) => {
      if (!settled) awaited.remove(place)
      settled = true
      if (error) return reject(error)
      const whole = Math.min(length, MOST_BODY_BYTES)
      resolve(body.length === whole ? body : body.subarray(0, whole))
    }
    const take = (chunk: Buffer) => {
      body = length === 0 ? chunk : appended(body, length, chunk)
      length += chunk.length
      if (length < MOST_BODY_BYTES) return
      request.off('data', take).pause()
      settle()
    }
    const cut = () => {
      if (!settled) settle(new Error('the connection broke before the body had come'))
    }
    request.on('data', take).on('end', settle).on('error', settle).on('close', cut)
  })
}

/**
 * The first `length` bytes of `body` and the chunk behind them, with room for as much again. Chunks are not kept as they
 * came: one of a single byte takes five hundred in memory, and a client chooses how many there are.
 */
function appended(body: Buffer, length: number, chunk: Buffer): Buffer {
  const needed = length + chunk.length
  const roomy = needed <= body.length ? body : Buffer.allocUnsafeSlow(2 * needed)
  if (roomy !== body) body.copy(roomy, 0, 0, length)
  chunk.copy(roomy, length)
  return roomy
}

/** Requests whose bodies are being read, with the time when each must be there. */
const awaited = new Slots<{ readonly request: IncomingMessage; readonly end: number }>()
let watching = false

/** One timer for all bodies: one for each would cost as much as the rest of the reading, and nearly all come at once. */
function awaitBody(request: IncomingMessage): number {
  if (!watching) watchBodies(LONGEST_BODY_MS)
  return awaited.add({ request, end: performance.now() + LONGEST_BODY_MS })
}

function watchBodies(milliseconds: number): void {
  watching = true
  setTimeout(() => {
    watching = false
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    for (const { request, end } of awaited) {
      if (end > now) next = Math.min(next, end)
      else request.destroy()
    }
    if (next < Number.POSITIVE_INFINITY) watchBodies(next - now)
  }, milliseconds).unref()
}

/** Reads on for a little behind the answer: closing a connection with unread input would reset it and take the answer along. */
export async function drain(request: IncomingMessage): Promise<void> {
  let left = MOST_BODY_BYTES
  const deadline = setTimeout(() => request.destroy(), LONGEST_DRAIN_MS)
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      left -= chunk.length
      if (left <= 0) return
    }
  } finally {
    clearTimeout(deadline)
  }
}

/**
 * The request as the core sees it: the same as is read from `toEvent`'s event (a test demands it), without making one, which
 * would carry the body to base64 and back.
 */
export function toRequest(
  request: IncomingMessage,
  body: Buffer,
  newRequestId: () => string = randomUUID,
): HttpRequest {
  const { method = '', socket } = request
  const target = originForm(request)
  const mark = target.indexOf('?')
  const secure = socket instanceof TLSSocket
  const headers = joinedHeaders(request.rawHeaders)
  headers['x-forwarded-proto'] = secure ? 'https' : 'http'
  if (body.length > 0 || method === 'POST' || method === 'PUT') headers['content-length'] ??= String(body.length)
  const certificate = secure ? clientCertificate(socket).authentication?.clientCert.clientCertPem : undefined
  return {
    method,
    path: decodedPath(mark === -1 ? target : target.slice(0, mark)),
    rawQuery: mark === -1 ? '' : target.slice(mark + 1),
    headers,
    body,
    sourceIp: sourceIp(request),
    secure,
    requestId: newRequestId(),
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
  }
}

/**
 * The event that API Gateway's HTTP API would have made of the request (payload format 2.0): path percent-decoded, header
 * names in lower case, body in base64, `x-forwarded-proto` as the listener knows it.
 */
export function toEvent(
  request: IncomingMessage,
  body: Buffer,
  newRequestId: () => string = randomUUID,
): APIGatewayProxyEventV2 {
  const target = originForm(request)
  const mark = target.indexOf('?')
  const rawPath = decodedPath(mark === -1 ? target : target.slice(0, mark))
  const { method = '', socket } = request
  const now = Date.now()
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: mark === -1 ? '' : target.slice(mark + 1),
    headers: {
      ...joinedHeaders(request.rawHeaders),
      'x-forwarded-proto': socket instanceof TLSSocket ? 'https' : 'http',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: request.headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIp(request),
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: newRequestId(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
      ...clientCertificate(socket),
    },
    body: body.toString('base64'),
    isBase64Encoded: true,
  }
}

/** The path and query that were asked for; a proxy's client sends them behind scheme and host (RFC 9112 3.2.2). */
export const originForm = ({ url = '/' }: IncomingMessage): string =>
  url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '') || '/'

/** An IPv4 peer of a dual-stack listener is told as IPv4, as policies write it. */
export function sourceIp({ socket }: IncomingMessage): string {
  const { remoteAddress = '' } = socket
  return remoteAddress.startsWith(':') ? remoteAddress.replace(/^::ffff:(?=\d+\.)/, '') : remoteAddress
}

/** API Gateway gives the path percent-decoded; what cannot be decoded stays as it was sent. */
function decodedPath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/**
 * Only a certificate that the TLS layer has verified against the configured authorities; alone, as API Gateway has it: what
 * the client sent along with it is not told by node:tls.
 */
function clientCertificate(
  socket: IncomingMessage['socket'],
): Pick<APIGatewayProxyEventV2['requestContext'], 'authentication'> {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {}
  const pem = socket.getPeerX509Certificate()?.toString()
  if (pem === undefined) return {}
  const unread = { issuerDN: '', serialNumber: '', subjectDN: '', validity: { notAfter: '', notBefore: '' } }
  return { authentication: { clientCert: { ...unread, clientCertPem: pem } } }
}
