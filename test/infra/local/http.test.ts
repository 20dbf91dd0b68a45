import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../../support/local-host.ts'
import { ACCOUNT, ROOT } from './clients.ts'

let host: LocalHostProcess
beforeAll(async () => {
  host = await startLocalHost({ bootstrap: { accounts: [{ id: ACCOUNT, rootAccessKey: ROOT }] } })
})
afterAll(endLocalHosts)

/** Sends the bytes as they are and answers all that came until the host closed the connection. */
async function converse(...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1')
  for (const part of parts) socket.write(part)
  return (await buffer(socket)).toString()
}

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const UNKNOWN = 'Action=Nonsense&Version=2011-06-15'
const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`

describe('the local host over HTTP', () => {
  it.each([
    [256 * 1024 + 1, 'just over the limit'],
    [1024 * 1024 + 1, 'over what is read at all'],
    [2 * 1024 * 1024, 'far over it'],
  ])('answers a body of %i bytes, %s, with RequestEntityTooLarge', async (size) => {
    const lines = ['POST / HTTP/1.1', 'Host: h', FORM, `Content-Length: ${size}`, 'Connection: close']
    const answer = await converse(head(...lines), Buffer.alloc(size, 'x'))
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toContain('<Code>RequestEntityTooLarge</Code>')
  })

  it('closes the connection behind a body that it did not read to its end', async () => {
    const size = 3 * 1024 * 1024
    const answer = await converse(
      head('POST / HTTP/1.1', 'Host: h', FORM, `Content-Length: ${size}`),
      Buffer.alloc(size - 1, 'x'),
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*\r\nconnection: close\r\n/i)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })

  it('reads on behind its refusal, so that a client that sends everything before it listens gets to hear it', async () => {
    const size = 2 * 1024 * 1024
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1').pause()
    socket.write(head('POST / HTTP/1.1', 'Host: h', FORM, `Content-Length: ${size}`, 'Connection: close'))
    for (let sent = 0; sent < size; sent += 1024) {
      await new Promise<void>((resolve, reject) => {
        socket.write(Buffer.alloc(1024, 'x'), (error) => (error ? reject(error) : resolve()))
      })
    }
    expect((await buffer(socket)).toString()).toMatch(/^HTTP\/1.1 413 /)
  })

  it('takes a body of exactly the limit', async () => {
    const body = `${UNKNOWN}&Pad=`.padEnd(256 * 1024, 'x')
    const lines = ['POST / HTTP/1.1', 'Host: h', FORM, `Content-Length: ${body.length}`, 'Connection: close']
    expect(await converse(head(...lines), body)).toContain('<Code>InvalidAction</Code>')
  })

  it('answers several requests on one connection', async () => {
    const request = head('POST / HTTP/1.1', 'Host: h', FORM, `Content-Length: ${UNKNOWN.length}`) + UNKNOWN
    const answer = await converse(request, head('GET /_daypass/health HTTP/1.1', 'Host: h', 'Connection: close'))
    expect(answer).toMatch(/InvalidAction[\s\S]*HTTP\/1.1 200 OK[\s\S]*{"status":"ready"}$/)
  })

  it.each(['/', '/bucket/key'])(
    'tells a client that waits before sending to %s to go on or what is wrong',
    async (path) => {
      const socket = connect(Number(new URL(host.url).port), '127.0.0.1')
      const method = path === '/' ? 'POST' : 'PUT'
      const lines = ['Host: h', FORM, `Content-Length: ${UNKNOWN.length}`, 'Expect: 100-continue', 'Connection: close']
      socket.write(head(`${method} ${path} HTTP/1.1`, ...lines))
      const [first] = await once(socket, 'data')
      if (path === '/') {
        expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
        socket.write(UNKNOWN)
        expect(String(await buffer(socket))).toContain('<Code>InvalidAction</Code>')
      } else {
        expect(String(first)).toMatch(/^HTTP\/1.1 (403|404) /)
        socket.destroy()
      }
    },
  )

  it.each(['', '200', '200-ok'])('passes over the expectation %j, which is none of HTTP’s', async (expectation) => {
    const lines = ['Host: h', FORM, `Content-Length: ${UNKNOWN.length}`, `Expect: ${expectation}`, 'Connection: close']
    const answer = await converse(head('POST / HTTP/1.1', ...lines), UNKNOWN)
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*<Code>InvalidAction<\/Code>/)
    const put = await converse(head('PUT /bucket/key HTTP/1.1', ...lines), UNKNOWN)
    expect(put).toMatch(/^HTTP\/1.1 404 [\s\S]*<Code>NoSuchBucket<\/Code>/)
  })

  it.each(['/_daypass/health', '/.well-known/openid-configuration', '/.well-known/jwks.json'])(
    'answers HEAD %s as GET, without the body',
    async (path) => {
      const get = await fetch(host.url + path)
      const whole = await get.text()
      const headers = await fetch(host.url + path, { method: 'HEAD' })
      expect([get.status, headers.status]).toEqual([200, 200])
      expect(headers.headers.get('content-length')).toBe(String(Buffer.byteLength(whole)))
      expect(await headers.text()).toBe('')
    },
  )

  it('serves its own issuer document by the name that it was asked by, over the scheme in use', async () => {
    expect(await (await fetch(`${host.url}/.well-known/openid-configuration`)).json()).toMatchObject({
      issuer: host.url,
      jwks_uri: `${host.url}/.well-known/jwks.json`,
    })
    const { keys } = (await (await fetch(`${host.url}/.well-known/jwks.json`)).json()) as { keys: object[] }
    expect(keys.map((key) => Object.keys(key).filter((name) => ['d', 'p', 'q', 'k'].includes(name)))).toEqual([[], []])
  })

  it('takes the absolute form of a request target, as a proxy sends it', async () => {
    const lines = ['Host: h', FORM, `Content-Length: ${UNKNOWN.length}`, 'Connection: close']
    const answer = await converse(head('POST http://h/ HTTP/1.1', ...lines), UNKNOWN)
    expect(answer).toContain('<Code>InvalidAction</Code>')
  })

  it('answers S3 in the words of S3 on the same port', async () => {
    const answer = await fetch(`${host.url}/bucket/key`)
    expect(await answer.text()).toMatch(/^<\?xml[\s\S]*<Error><Code>(NoSuchBucket|AccessDenied)<\/Code>/)
  })

  it('outlives a client that goes away in the middle of its body', async () => {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1')
    socket.write(head('POST / HTTP/1.1', 'Host: h', FORM, 'Content-Length: 100'))
    socket.write('Action=')
    socket.destroy()
    await once(socket, 'close')
    expect((await fetch(`${host.url}/_daypass/health`)).status).toBe(200)
  })
})
