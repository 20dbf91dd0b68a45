import type { Writable } from 'node:stream'
import type { S3Request, S3Response, S3Service } from './port.ts'
import { writeBody } from './write-body.ts'

/** A Function URL's event (payload 2.0), as far as it is read; the path comes as it was sent. */
export interface FunctionUrlEvent {
  readonly rawPath: string
  readonly rawQueryString: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies?: readonly string[]
  readonly requestContext: {
    readonly requestId: string
    readonly http: { readonly method: string; readonly sourceIp: string }
  }
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** What the Lambda runtime adds to the global scope for streamed answers. */
export interface StreamingRuntime {
  streamifyResponse(handler: (event: FunctionUrlEvent, stream: Writable) => Promise<void>): unknown
  readonly HttpResponseStream: {
    from(stream: Writable, head: { statusCode: number; headers: Readonly<Record<string, string>> }): Writable
  }
}

/**
 * The event as a request. Function URLs speak HTTPS only, and the body is whole by then; its length is stated anew, for the
 * header may be missing although clients sign it.
 */
export function toS3Request(event: FunctionUrlEvent): S3Request {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  const sent = Object.entries(event.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  )
  const headers = new Map(sent)
  if (event.cookies && event.cookies.length > 0) headers.set('cookie', event.cookies.join('; '))
  if (body.length > 0 && !headers.has('content-length')) headers.set('content-length', String(body.length))
  const { http, requestId } = event.requestContext
  return {
    method: http.method,
    rawPath: event.rawPath,
    rawQuery: event.rawQueryString,
    headers: Object.fromEntries(headers),
    sourceIp: http.sourceIp,
    secure: true,
    requestId,
    body: (async function* () {
      if (body.length > 0) yield body
    })(),
  }
}

/** A streaming Lambda handler for the service. */
export function lambdaHandler(service: S3Service, runtime: StreamingRuntime): unknown {
  return runtime.streamifyResponse(async (event, stream) => {
    const { status, headers, body } = await service.handle(toS3Request(event))
    const out = runtime.HttpResponseStream.from(stream, { statusCode: status, headers })
    await send(body, out)
  })
}

async function send(body: S3Response['body'], out: Writable): Promise<void> {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    // Without any write the runtime would not send the head.
    out.write(body ?? '')
    out.end()
    return
  }
  try {
    await writeBody(body, out)
  } catch (error) {
    out.destroy(error instanceof Error ? error : undefined)
    throw error
  }
}
