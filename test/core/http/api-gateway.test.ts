import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import {
  fromHttpResponse,
  isHttpEvent,
  lambdaHandler,
  toHttpRequest,
} from '../../../functions/core/http/api-gateway.ts'
import type { HttpRequest } from '../../../functions/core/http/request.ts'

const http = { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '198.51.100.7', userAgent: 'a' }

const context = {
  accountId: '1',
  apiId: 'a',
  domainName: 'd',
  domainPrefix: 'p',
  http,
  requestId: 'JKJaXmPLvHcESHA=',
  routeKey: '$default',
  stage: '$default',
  time: '',
  timeEpoch: 0,
}

const event: APIGatewayProxyEventV2 = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/AssumeRole',
  rawQueryString: 'a=%2B',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '203.0.113.9' },
  requestContext: context,
  body: Buffer.from('Action=é').toString('base64'),
  isBase64Encoded: true,
}

const read = (changes: Partial<APIGatewayProxyEventV2> = {}) => toHttpRequest({ ...event, ...changes }, () => 'made-id')

describe('toHttpRequest', () => {
  it('reads an event', () =>
    expect(read()).toEqual({
      method: 'POST',
      path: '/AssumeRole',
      rawQuery: 'a=%2B',
      headers: Object.assign(Object.create(null), {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': '203.0.113.9',
        'content-length': '9',
      }),
      body: Buffer.from('Action=é'),
      sourceIp: '198.51.100.7',
      secure: true,
      requestId: 'JKJaXmPLvHcESHA=',
    }))

  it('reads a body that is plain text', () => {
    const request = read({ body: 'Action=é', isBase64Encoded: false })
    expect(request.body).toEqual(Buffer.from('Action=é'))
    expect(request.headers['content-length']).toBe('9')
  })

  it('keeps the content-length that was sent', () =>
    expect(read({ headers: { 'content-length': '3' } }).headers['content-length']).toBe('3'))

  it.each([
    ['POST', undefined, '0'],
    ['PUT', undefined, '0'],
    ['GET', undefined, undefined],
    ['GET', 'YQ==', '1'],
  ])('rebuilds the content-length of %s with body %s as %s', (method, body, expected) => {
    const { body: _, ...bare } = event
    const changed = { ...bare, requestContext: { ...context, http: { ...http, method } }, ...(body ? { body } : {}) }
    expect(toHttpRequest(changed, () => '').headers['content-length']).toBe(expected)
  })

  it('puts cookies back', () => {
    expect(read({ cookies: ['a=1', 'b=2'] }).headers.cookie).toBe('a=1; b=2')
    expect(read({ cookies: [] }).headers.cookie).toBeUndefined()
  })

  it('takes headers for plain names', () => {
    const headers: Record<string, string> = JSON.parse('{"__proto__": "x"}')
    expect(Object.keys(read({ headers }).headers)).toContain('__proto__')
    expect(read().headers.constructor).toBeUndefined()
  })

  it.each(['', 'short', 'a b c d e f', 'line\nfeed-line', 'x'.repeat(65), undefined])(
    'makes a request id when the event has %j',
    (requestId) =>
      expect(read({ requestContext: { ...context, requestId: requestId as string } }).requestId).toBe('made-id'),
  )

  it('takes a client certificate from the context only', () => {
    const clientCertPem = '-----BEGIN CERTIFICATE-----'
    const clientCert = {
      clientCertPem,
      issuerDN: '',
      serialNumber: '',
      subjectDN: '',
      validity: { notAfter: '', notBefore: '' },
    }
    expect(read({ requestContext: { ...context, authentication: { clientCert } } }).clientCertificate).toBe(
      clientCertPem,
    )
    expect(read({ headers: { 'x-amzn-mtls-clientcert': clientCertPem } })).not.toHaveProperty('clientCertificate')
    const empty = { clientCert: { ...clientCert, clientCertPem: '' } }
    expect(read({ requestContext: { ...context, authentication: empty } })).not.toHaveProperty('clientCertificate')
  })
})

describe('isHttpEvent', () => {
  it('knows an event, with a body, without one and with null', () => {
    const { body: _, ...bare } = event
    expect([event, bare, { ...event, body: null }].map(isHttpEvent)).toEqual([true, true, true])
  })

  it.each([
    ['null', null],
    ['a text', 'event'],
    ['nothing of an event', {}],
    ['payload format 1.0', { ...event, version: '1.0' }],
    ['no path', { ...event, rawPath: undefined }],
    ['no query string', { ...event, rawQueryString: null }],
    ['no headers', { ...event, headers: null }],
    ['a header that is no text', { ...event, headers: { a: 1 } }],
    ['a body that is no text', { ...event, body: {} }],
    ['no word on base64', { ...event, isBase64Encoded: 'false' }],
    ['no context', { ...event, requestContext: undefined }],
    ['no http', { ...event, requestContext: {} }],
    ['no method', { ...event, requestContext: { http: { sourceIp: '1' } } }],
    ['no address', { ...event, requestContext: { http: { method: 'GET' } } }],
  ])('refuses %s', (_flaw, value) => expect(isHttpEvent(value)).toBe(false))
})

describe('lambdaHandler', () => {
  const seen: HttpRequest[] = []
  const handler = lambdaHandler(
    'iam',
    async (request) => {
      seen.push(request)
      return { status: 201, headers: { 'content-type': 'text/xml' }, body: '<ok/>' }
    },
    () => 'made-id',
  )

  it('hands the request to the service and its answer to API Gateway', async () => {
    expect(await handler(event)).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'text/xml' },
      body: '<ok/>',
      isBase64Encoded: false,
    })
    expect(seen).toEqual([toHttpRequest(event, () => '')])
  })

  it('answers what is no event with a clean refusal in the form of the service', async () => {
    const answer = await handler({ Records: [] })
    expect(answer).toMatchObject({ statusCode: 400, headers: { 'x-amzn-RequestId': 'made-id' } })
    expect(answer.body).toContain('<Code>MalformedInput</Code>')
    expect(answer.body).toContain('https://iam.amazonaws.com/')
    expect(seen).toHaveLength(1)
  })
})

describe('fromHttpResponse', () => {
  it('keeps status, headers and body', () =>
    expect(fromHttpResponse({ status: 403, headers: { a: 'b' }, body: 'é' })).toEqual({
      statusCode: 403,
      headers: { a: 'b' },
      body: 'é',
      isBase64Encoded: false,
    }))
})
