import type { IncomingMessage, ServerResponse } from 'node:http'
import { joinedHeaders } from '@daypass/core/http/raw-headers.ts'
import type { S3Request, S3Response, S3Service } from './port.ts'
import { requestBody } from './request-body.ts'
import { writeBody } from './write-body.ts'

/** What the host knows of a request beside the request itself. */
export interface ConnectionFacts {
  readonly requestId: string
  /** The peer's address. */
  readonly sourceIp: string
  /** Whether the peer speaks TLS to us. */
  readonly secure: boolean
  /** `1.3` */
  readonly tlsVersion?: string
  /**
   * Set by a host that handles `checkContinue` itself: the client is told to send its body when the body is first read,
   * so that a refused upload never travels.
   */
  readonly continueOnRead?: boolean
}

/** What is read of a body that no operation wanted, so that its sender gets to read the answer. */
const MAX_DRAINED_BYTES = 1024 * 1024
const LONGEST_DRAIN_MS = 10_000

/**
 * Answers one request of `node:http`. Bodies stream both ways at the pace of the slower side; a client that goes away
 * ends the work. Never rejects.
 */
export async function serveS3(
  service: S3Service,
  req: IncomingMessage,
  res: ServerResponse,
  facts: ConnectionFacts,
): Promise<void> {
  const upload = { announced: facts.continueOnRead === true }
  const response = await service.handle(toS3Request(req, facts, () => begin(upload, res)))
  try {
    await send(response, req, res, upload)
  } catch {
    // The status line is out: only a cut connection still tells the client that the body is not whole.
    res.destroy()
    await free(response.body)
  }
}

/** A body whose sender still waits to be asked for it. */
interface Upload {
  announced: boolean
}

function begin(upload: Upload, res: ServerResponse): void {
  if (upload.announced) res.writeContinue()
  upload.announced = false
}

async function free(body: S3Response['body']): Promise<void> {
  if (typeof body === 'object' && Symbol.asyncIterator in body) await body[Symbol.asyncIterator]().return?.()
}

function toS3Request(req: IncomingMessage, facts: ConnectionFacts, beforeBody: () => void): S3Request {
  const [rawPath = '', ...query] = originForm(req.url ?? '').split('?')
  return {
    method: req.method ?? '',
    rawPath,
    rawQuery: query.join('?'),
    headers: joinedHeaders(req.rawHeaders),
    sourceIp: facts.sourceIp,
    secure: facts.secure,
    ...(facts.tlsVersion !== undefined && { tlsVersion: facts.tlsVersion }),
    requestId: facts.requestId,
    body: requestBody(req, beforeBody),
  }
}

/** The path and query of a request target, which a proxy's client sends with scheme and host (RFC 9112 3.2.2). */
const originForm = (target: string) => target.replace(/^https?:\/\/[^/?]*/i, '') || '/'

async function send(
  { status, headers, body }: S3Response,
  req: IncomingMessage,
  res: ServerResponse,
  upload: Upload,
): Promise<void> {
  const whole = typeof body === 'string' ? Buffer.from(body) : Buffer.isBuffer(body) ? body : undefined
  const length = whole && { 'content-length': String(whole.length) }
  const unread = !req.complete
  res.writeHead(status, { ...headers, ...length, ...(unread && { connection: 'close' }) })
  if (body === undefined || whole) {
    if (whole) res.write(whole)
    else res.flushHeaders()
    if (unread && !upload.announced) await drain(req)
    res.end()
    return
  }
  await writeBody(body as AsyncIterable<Buffer>, res)
}

/** Reads on for a little: closing a socket with unread input would reset it and take the answer along. */
async function drain(req: IncomingMessage): Promise<void> {
  let left = MAX_DRAINED_BYTES
  const deadline = setTimeout(() => req.destroy(), LONGEST_DRAIN_MS)
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      left -= (chunk as Buffer).length
      if (left <= 0) return
    }
  } catch {
    // The client is gone: it has its answer, or does not want it.
  } finally {
    clearTimeout(deadline)
  }
}
