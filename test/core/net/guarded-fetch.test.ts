import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { FetchFailed } from '@daypass/core/net/fetch-failed.ts'
import { type GuardedFetchSettings, guardedFetch, type ResolvedAddress } from '@daypass/core/net/guarded-fetch.ts'
import { afterEach, describe, expect, it } from 'vitest'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(listener: RequestListener): Promise<{ url: URL; port: number; requests: () => number }> {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    listener(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: new URL(`http://127.0.0.1:${port}/`), port, requests: () => requests }
}

const http = { allowHttp: true }
const anywhere = (settings: Partial<GuardedFetchSettings> = {}) => guardedFetch({ addresses: 'any', ...settings })
const failure = (reason: FetchFailed['reason']) => expect.objectContaining({ name: 'FetchFailed', reason })

describe('the guarded fetch', () => {
  it.each(['application/json', 'application/jwk-set+json', 'text/plain'])(
    'takes documents of the media type %s',
    async (type) => {
      // As Kubernetes chooses: 406 unless the type is among those that are asked for.
      const { url } = await serve((request, response) => {
        const asked = (request.headers.accept ?? '').split(',').map((each) => each.trim().split(';')[0])
        response.writeHead(asked.includes(type) || asked.includes('*/*') ? 200 : 406).end()
      })
      expect((await anywhere()(url, http)).status).toBe(200)
    },
  )

  it('asks for key sets by their own media type', async () => {
    const { url } = await serve((request, response) => response.end(request.headers.accept))
    expect(String((await anywhere()(url, http)).body)).toMatch(/^application\/json, application\/jwk-set\+json,/)
  })

  it('answers status, headers and body, and sends neither cookies nor credentials', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(418, { 'cache-control': 'max-age=60' }).end(JSON.stringify(request.headers))
    })
    const answer = await anywhere()(url, http)
    expect(answer.status).toBe(418)
    expect(answer.headers['cache-control']).toBe('max-age=60')
    expect(Object.keys(JSON.parse(String(answer.body))).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
  })

  it('sends a method, headers and a body that were asked for', async () => {
    const { url } = await serve((request, response) => {
      request.pipe(response.writeHead(200, { 'x-method': request.method, 'x-type': request.headers['content-type'] }))
    })
    const headers = { 'content-type': 'text/plain' }
    const answer = await anywhere()(url, { ...http, method: 'POST', headers, body: 'hello' })
    expect([String(answer.body), answer.headers['x-method'], answer.headers['x-type']]).toEqual([
      'hello',
      'POST',
      'text/plain',
    ])
  })

  it.each([
    ['plain http without the choice', 'http://127.0.0.1/', false],
    ['a file', 'file:///etc/passwd', true],
    ['data', 'data:application/json,{}', true],
    ['ftp', 'ftp://127.0.0.1/', true],
    ['a user name', 'https://user@127.0.0.1/', true],
    ['a password', 'https://:secret@127.0.0.1/', true],
  ])('refuses %s', async (_what, url, allowHttp) => {
    await expect(anywhere()(new URL(url), { allowHttp })).rejects.toEqual(failure('url'))
  })

  describe('where only public addresses may be called', () => {
    const resolveTo =
      (...addresses: string[]) =>
      async (): Promise<ResolvedAddress[]> =>
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

    it.each([
      ['loopback', 'https://127.0.0.1/'],
      ['loopback in decimal', 'https://2130706433/'],
      ['loopback in hex', 'https://0x7f000001/'],
      ['loopback in octal', 'https://0177.0.0.1/'],
      ['loopback, short', 'https://127.1/'],
      ['zero', 'https://0/'],
      ['metadata', 'https://169.254.169.254/latest/meta-data/'],
      ['loopback in IPv6', 'https://[::1]/'],
      ['v4-mapped metadata', 'https://[::ffff:169.254.169.254]/'],
      ['metadata in IPv6', 'https://[fd00:ec2::254]/'],
      ['NAT64', 'https://[64:ff9b::169.254.169.254]/'],
    ])('refuses the literal address of %s without calling it', async (_what, url) => {
      await expect(guardedFetch({ addresses: 'public-only' })(new URL(url), http)).rejects.toEqual(failure('address'))
    })

    it.each([
      ['a private address', ['10.0.0.8']],
      ['loopback', ['127.0.0.1']],
      ['a public and a private address', ['93.184.216.34', '192.168.0.1']],
      ['a private IPv6 address beside a public one', ['93.184.216.34', 'fd00::1']],
    ])('refuses a name that resolves to %s', async (_what, addresses) => {
      const fetch = guardedFetch({ addresses: 'public-only', resolve: resolveTo(...addresses) })
      await expect(fetch(new URL('https://issuer.example/'), http)).rejects.toEqual(failure('address'))
    })

    it('refuses the name localhost, which the system resolves', async () => {
      const fetch = guardedFetch({ addresses: 'public-only' })
      await expect(fetch(new URL('http://localhost:1/'), http)).rejects.toEqual(failure('address'))
    })

    it('tries a public address', async () => {
      // Nothing answers there within the time; what matters is that the address was not the reason.
      const fetch = guardedFetch({ addresses: 'public-only', resolve: resolveTo('2606:4700::1'), timeoutMs: 50 })
      const error = await fetch(new URL('https://issuer.example/'), http).catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(FetchFailed)
      expect((error as FetchFailed).reason).toMatch(/^(time|network)$/)
    })
  })

  it('connects to the address that was checked and resolves the name once', async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host))
    let asked = 0
    const fetch = anywhere({
      resolve: async () => {
        asked += 1
        return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
      },
    })
    const answer = await fetch(new URL(`http://issuer.example:${port}/`), http)
    expect([String(answer.body), asked]).toEqual([`issuer.example:${port}`, 1])
  })

  it('fails when a name has no address', async () => {
    const fetch = anywhere({ resolve: async () => [] })
    await expect(fetch(new URL('http://issuer.example/'), http)).rejects.toThrow(/no address/)
  })

  it('fails when the name cannot be resolved, or the connection is cut', async () => {
    const fetch = anywhere({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    await expect(fetch(new URL('http://issuer.example/'), http)).rejects.toEqual(failure('network'))
    const { url } = await serve((request) => request.socket.destroy())
    await expect(anywhere()(url, http)).rejects.toEqual(failure('network'))
  })

  describe('redirects', () => {
    const bouncing = (times: number) =>
      serve((request, response) => {
        const step = Number(request.url?.slice(1) || 0)
        if (step < times) response.writeHead(302, { location: `/${step + 1}` }).end()
        else response.end(`after ${step}`)
      })

    it('follows three on the same origin', async () => {
      const { url } = await bouncing(3)
      expect(String((await anywhere()(url, http)).body)).toBe('after 3')
    })

    it('refuses a fourth', async () => {
      const { url, requests } = await bouncing(4)
      await expect(anywhere()(url, http)).rejects.toEqual(failure('redirect'))
      expect(requests()).toBe(4)
    })

    it('never goes to another origin', async () => {
      const other = await serve((_, response) => response.end('{}'))
      for (const location of [other.url.href, `//127.0.0.1:${other.port}/`, 'file:///etc/passwd', 'http://[broken']) {
        const { url } = await serve((_, response) => response.writeHead(301, { location }).end())
        await expect(anywhere()(url, http)).rejects.toEqual(failure('redirect'))
      }
      expect(other.requests()).toBe(0)
    })

    it('takes another scheme for another origin', async () => {
      const { url, port } = await serve((_, response) => {
        response.writeHead(307, { location: `https://127.0.0.1:${port}/` }).end()
      })
      await expect(anywhere()(url, http)).rejects.toEqual(failure('redirect'))
    })

    it('checks the address again', async () => {
      const { url, port } = await serve((_, response) => response.writeHead(302, { location: '/again' }).end())
      let asked = 0
      const fetch = anywhere({
        resolve: async () => {
          asked += 1
          return [{ address: '127.0.0.1', family: 4 }]
        },
      })
      url.hostname = 'issuer.example'
      await expect(fetch(url, http)).rejects.toEqual(failure('redirect'))
      expect([port > 0, asked]).toEqual([true, 4])
    })

    it('does not follow one with a POST', async () => {
      const { url, requests } = await serve((_, response) => response.writeHead(307, { location: '/again' }).end())
      await expect(anywhere()(url, { ...http, method: 'POST', body: 'x' })).rejects.toEqual(failure('redirect'))
      expect(requests()).toBe(1)
    })

    it('leaves an answer like 304, which is none, to the caller', async () => {
      const { url } = await serve((_, response) => response.writeHead(304).end())
      expect((await anywhere()(url, http)).status).toBe(304)
    })
  })

  describe('the size of an answer', () => {
    const maxBytes = 1000
    const encodings: [string, (body: string) => Buffer | string][] = [
      ['identity', (body) => body],
      ['gzip', (body) => gzipSync(body)],
      ['GZIP', (body) => gzipSync(body)],
      ['deflate', (body) => deflateSync(body)],
      ['br', (body) => brotliCompressSync(body)],
    ]

    it.each(encodings)('may be the limit exactly, %s', async (encoding, encode) => {
      const { url } = await serve((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(encode('x'.repeat(maxBytes)))
      })
      expect((await anywhere({ maxBytes })(url, http)).body).toHaveLength(maxBytes)
    })

    it.each(encodings)('may not be one byte more after decoding, %s', async (encoding, encode) => {
      const { url } = await serve((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(encode('x'.repeat(maxBytes + 1)))
      })
      await expect(anywhere({ maxBytes })(url, http)).rejects.toEqual(failure('size'))
    })

    it('is bounded on the wire as well', async () => {
      // A thousand empty gzip members decode to nothing.
      const { url } = await serve((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.concat(Array(1000).fill(gzipSync(''))))
      })
      await expect(anywhere({ maxBytes })(url, http)).rejects.toEqual(failure('size'))
    })

    it('is 1 MiB unless said otherwise, also when it never ends', async () => {
      const { url } = await serve((_, response) => {
        const more = () => {
          while (response.write('x'.repeat(65_536)));
        }
        response.on('drain', more)
        more()
      })
      await expect(anywhere()(url, http)).rejects.toEqual(failure('size'))
    })

    it.each([['zstd'], ['gzip, gzip'], ['compress'], ['constructor']])(
      'cannot be known when encoded as %s',
      async (encoding) => {
        const { url } = await serve((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end('x'))
        await expect(anywhere()(url, http)).rejects.toEqual(failure('encoding'))
      },
    )

    it('cannot be known when the encoding is broken', async () => {
      const { url } = await serve((_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
      )
      await expect(anywhere()(url, http)).rejects.toEqual(failure('network'))
    })
  })

  describe('the time of a call', () => {
    const timeoutMs = 40

    it('ends while nothing is answered', async () => {
      const { url } = await serve(() => {})
      await expect(anywhere({ timeoutMs })(url, http)).rejects.toEqual(failure('time'))
    })

    it('ends in the middle of a body', async () => {
      const { url } = await serve((_, response) => response.writeHead(200).write('{'))
      await expect(anywhere({ timeoutMs })(url, http)).rejects.toEqual(failure('time'))
    })

    it('ends while the name is being resolved', async () => {
      const fetch = anywhere({ timeoutMs, resolve: () => new Promise(() => {}) })
      await expect(fetch(new URL('http://issuer.example/'), http)).rejects.toEqual(failure('time'))
    })
  })
})
