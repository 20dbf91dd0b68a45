import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { StsError } from '../errors.ts'
import type { Service } from '../model/types.ts'
import { renderError, toResponse } from './envelope.ts'
import type { HttpHandler } from './query-service.ts'
import type { HttpRequest, HttpResponse } from './request.ts'

export type ApiGatewayHandler = (event: unknown) => Promise<APIGatewayProxyStructuredResultV2>

/**
 * Makes a Lambda handler of a service. What is no API Gateway event at all gets a clean refusal in the service's form.
 * `newRequestId` makes the id when the event has none that could stand in a header.
 */
export function lambdaHandler(service: Service, handle: HttpHandler, newRequestId: () => string): ApiGatewayHandler {
  return async (event) => {
    if (!isHttpEvent(event)) {
      const refusal = new StsError(
        'MalformedInput',
        'The event is no HTTP request of API Gateway in payload format 2.0',
      )
      const requestId = newRequestId()
      const body = renderError(service, refusal, requestId, 'xml')
      return fromHttpResponse(toResponse(refusal.status, body, requestId, 'xml'))
    }
    return fromHttpResponse(await handle(toHttpRequest(event, newRequestId)))
  }
}

/** The shape that HTTP APIs and Function URLs send (AWS: payload format version 2.0); the parts that we read are checked. */
export function isHttpEvent(event: unknown): event is APIGatewayProxyEventV2 {
  if (typeof event !== 'object' || event === null) return false
  const { version, rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext } =
    event as Partial<APIGatewayProxyEventV2>
  const http: Partial<APIGatewayProxyEventV2['requestContext']['http']> | undefined = requestContext?.http
  return (
    version === '2.0' &&
    typeof rawPath === 'string' &&
    typeof rawQueryString === 'string' &&
    typeof headers === 'object' &&
    headers !== null &&
    Object.keys(headers).every((name) => headers[name] === undefined || typeof headers[name] === 'string') &&
    (body === undefined || body === null || typeof body === 'string') &&
    typeof isBase64Encoded === 'boolean' &&
    typeof http?.method === 'string' &&
    typeof http.sourceIp === 'string'
  )
}

/** Reads an event. The peer's address and certificate come from `requestContext`, which no caller can write. */
export function toHttpRequest(event: APIGatewayProxyEventV2, newRequestId: () => string): HttpRequest {
  const { requestContext } = event
  const method = requestContext.http.method.toUpperCase()
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  const certificate = clientCertificatePem(requestContext)
  const headers = signableHeaders(event, method, body)
  return {
    method,
    path: event.rawPath,
    rawQuery: event.rawQueryString,
    headers,
    body,
    sourceIp: requestContext.http.sourceIp,
    // The gateway writes this header over whatever a caller sent; in AWS it never answers on plain HTTP.
    secure: headers['x-forwarded-proto'] !== 'http',
    requestId: saneRequestId(requestContext.requestId) ?? newRequestId(),
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
  }
}

/** An id that can stand in a header and a log line. */
const saneRequestId = (id: unknown) => (typeof id === 'string' && /^[A-Za-z0-9_=+/-]{8,64}$/.test(id) ? id : undefined)

/** Headers as their sender signed them: API Gateway takes cookies out, and may take out a content-length that was signed. */
function signableHeaders(event: APIGatewayProxyEventV2, method: string, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const name of Object.keys(event.headers)) {
    const value = event.headers[name]
    if (value !== undefined) headers[name.toLowerCase()] = value
  }
  if (event.cookies && event.cookies.length > 0) headers.cookie ??= event.cookies.join('; ')
  if (body.length > 0 || method === 'POST' || method === 'PUT') headers['content-length'] ??= String(body.length)
  return headers
}

/** Present with mutual TLS only (AWS: "Configuring mutual TLS authentication for an HTTP API"). */
function clientCertificatePem(context: APIGatewayProxyEventV2['requestContext']): string | undefined {
  const pem: unknown = context.authentication?.clientCert?.clientCertPem
  return typeof pem === 'string' && pem !== '' ? pem : undefined
}

export function fromHttpResponse({ status, headers, body }: HttpResponse): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: headers as Record<string, string>, body, isBase64Encoded: false }
}
