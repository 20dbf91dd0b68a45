import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { toHttpRequest } from '@daypass/core/http/api-gateway.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { readBody, toEvent, toRequest } from '../../../infra/local/event.ts'

/** The event that a request makes, byte for byte as it is written here; it says the same as the request itself. */
async function eventOf(head: readonly string[], body = ''): Promise<APIGatewayProxyEventV2> {
  let event: APIGatewayProxyEventV2 | undefined
  let read: HttpRequest | undefined
  const newRequestId = () => 'the-request-id'
  const server = createServer(async (request, response) => {
    const bytes = await readBody(request)
    event = toEvent(request, bytes, newRequestId)
    read = toRequest(request, bytes, newRequestId)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.end([...head, '', body].join('\r\n')).resume()
  await once(socket, 'close')
  server.close()
  if (!event) throw new Error('no request arrived')
  expect(read).toEqual(toHttpRequest(event, newRequestId))
  return event
}

const HOST = 'Host: sts.example:9500'

describe('an event of the local host', () => {
  it('is what an HTTP API sends: body in base64, header names in lower case, the caller address', async () => {
    const event = await eventOf(['POST /?a=%2F&b HTTP/1.1', HOST, 'Content-Length: 4', 'User-Agent: probe'], 'A=%0')
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/',
      rawQueryString: 'a=%2F&b',
      headers: { host: 'sts.example:9500', 'content-length': '4', 'user-agent': 'probe' },
      body: Buffer.from('A=%0').toString('base64'),
      isBase64Encoded: true,
      requestContext: {
        requestId: 'the-request-id',
        domainName: 'sts.example:9500',
        http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'probe' },
      },
    })
  })

  it.each([
    ['/a%20b%2Fc', '/a b/c'],
    ['/%D0%B0', '/а'],
    ['/50%', '/50%'],
    ['/%ff', '/%ff'],
    ['http://sts.example/Path?q', '/Path'],
    ['http://sts.example', '/'],
  ])('has the path %s decoded as %s', async (target, rawPath) => {
    expect(await eventOf([`GET ${target} HTTP/1.1`, HOST])).toMatchObject({ rawPath })
  })

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'says the same as the request for %s',
    async (method) => {
      expect((await eventOf([`${method} /?x=%41 HTTP/1.1`, HOST])).requestContext.http.method).toBe(method)
    },
  )

  it('joins a header that came twice, so that neither value vanishes', async () => {
    const head = ['GET / HTTP/1.1', HOST, 'Authorization: one', 'authorization: two', 'X-Amz-Date: a', 'x-amz-date: b']
    expect((await eventOf(head)).headers).toMatchObject({ authorization: 'one,two', 'x-amz-date': 'a,b' })
  })

  it('tells the scheme as the listener knows it, whatever the caller claims', async () => {
    const { headers } = await eventOf(['GET / HTTP/1.1', HOST, 'X-Forwarded-Proto: https'])
    expect(headers['x-forwarded-proto']).toBe('http')
  })

  it('takes the address from the connection and no certificate from a header', async () => {
    const head = ['GET / HTTP/1.1', HOST, 'X-Forwarded-For: 192.0.2.7', 'X-Amzn-Mtls-Clientcert: forged']
    const { requestContext } = await eventOf(head)
    expect(requestContext.http.sourceIp).toBe('127.0.0.1')
    expect(requestContext.authentication).toBeUndefined()
  })

  it('keeps a header named like a member of every object', async () => {
    const { headers } = await eventOf(['GET / HTTP/1.1', HOST, '__proto__: x', 'constructor: y'])
    expect(Object.entries(headers)).toEqual(
      expect.arrayContaining([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    )
  })

  it('takes no more of a body than the largest limit and one byte', async () => {
    const size = 1024 * 1024 + 1000
    const event = await eventOf(['POST / HTTP/1.1', HOST, `Content-Length: ${size}`], 'x'.repeat(size))
    expect(Buffer.from(event.body ?? '', 'base64').length).toBe(1024 * 1024 + 1)
  })
})
