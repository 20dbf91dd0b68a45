import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { joinedHeaders } from '@daypass/core/http/raw-headers.ts'
import { parseSignature } from '@daypass/core/sigv4/parse.ts'
import { verifySignature } from '@daypass/core/sigv4/verify.ts'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  type EndpointSettings,
  endpointClient,
  type StoreRequest,
} from '../../../functions/s3/backing/endpoint/client.ts'
import { ContentFailure, StoreFailure } from '../../../functions/s3/backing/endpoint/failures.ts'
import { storeTransport, type Transport } from '../../../functions/s3/backing/endpoint/transport.ts'

const KEY = { accessKeyId: 'AKIDSTORE', secretAccessKey: 'store-secret' }
const NOW = Date.parse('2026-01-02T03:04:05Z')

const open: { close(): void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

/** Connections that clients in this process have begun, the latest last. */
const begun: Socket[] = []
const note = (message: unknown) => void begun.push((message as { readonly socket: Socket }).socket)
subscribe('net.client.socket', note)
afterAll(() => unsubscribe('net.client.socket', note))

/** Settles when nothing has come or gone over the latest connection for twice its client's patience, or it was given up. */
async function silentTwice(): Promise<void> {
  const connection = begun.at(-1) ?? expect.fail('no connection')
  for (let i = 0; i < 2; i++) await Promise.race([once(connection, 'timeout'), once(connection, 'close')])
}

interface Options {
  readonly host?: string
  readonly settings?: Partial<EndpointSettings>
  readonly patience?: number
}

/** A client of a server on a port of its own, and how often it waited before it tried again. */
function clientOf(port: number, { host = '127.0.0.1', settings = {}, patience = 10_000 }: Options = {}) {
  const waits: number[] = []
  const client = endpointClient(
    { endpoint: `http://${host}:${port}`, credentials: KEY, ...settings },
    { now: () => NOW, pause: async (attempt) => void waits.push(attempt), patience },
  )
  open.push(client)
  return { client, waits }
}

/** An answer that states its length. */
function say(res: ServerResponse, status: number, body = '', headers = {}) {
  res.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}

type Handler = (req: IncomingMessage, res: ServerResponse, nth: number) => void

async function store(handler: Handler, options: Options & { readonly invites?: boolean } = {}) {
  const asked: IncomingMessage[] = []
  const server = createServer((req, res) => handler(req, res, asked.push(req)))
  if (options.invites === false) server.on('checkContinue', (req, res) => handler(req, res, asked.push(req)))
  server.listen(0, options.host === '[::1]' ? '::1' : '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close() {
      server.closeAllConnections()
      server.close()
    },
  })
  return { asked, server, ...clientOf((server.address() as AddressInfo).port, options) }
}

/** A server that says what it is told to, byte for byte. */
async function talker(talk: (socket: Socket, nth: number) => void, options: Options = {}) {
  let connections = 0
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => {
    sockets.push(socket)
    const nth = ++connections
    socket.on('error', () => undefined)
    socket.once('data', () => talk(socket, nth))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return { connections: () => connections, ...clientOf((server.address() as AddressInfo).port, options) }
}

type Signed = readonly [string, string, Partial<StoreRequest>, Partial<EndpointSettings>]

const READ = { method: 'GET', bucket: 'bkt', key: 'k' } as const
const text = async (body: AsyncIterable<Buffer>) => Buffer.concat(await Array.fromAsync(body)).toString()
const errorDocument = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`
const content = (size: number, bytes: AsyncIterable<Buffer>) => ({ size, bytes, begun: false })
const chunks = async function* (count: number, size: number) {
  for (let i = 0; i < count; i++) yield Buffer.alloc(size, i)
}
const LARGE = 3 * 1024 * 1024
const large = () => content(LARGE, chunks(48, 64 * 1024))

describe('a request to the store', () => {
  it.each<Signed>([
    ['a plain key', 'k', {}, {}],
    ['a key of odd characters', "a b+c%20/..//!'()*~é\u{1f600}?&=#", {}, {}],
    ['a query', 'k', { query: { partNumber: 7, uploadId: 'a/b+c=' } }, {}],
    ['an empty parameter', 'k', { query: { tagging: '' } }, {}],
    [
      'metadata beyond ASCII',
      'k',
      { headers: { 'x-amz-meta-a': 'caf\u00e9 \u4e2d', 'x-amz-meta-b': 'two  spaces' } },
      {},
    ],
    ['a session', 'k', {}, { credentials: { ...KEY, sessionToken: 'token/+=' } }],
    ['a body', 'k', { method: 'PUT', body: Buffer.from('hello') }, {}],
  ])('is signed with %s', async (_what, key, about, settings) => {
    const { client, asked } = await store((req, res) => req.resume().on('end', () => res.end('')), { settings })
    await client.headers({ method: 'GET', bucket: 'bkt', key, ...about })
    const [sent] = asked
    const [path = '', rawQuery = ''] = (sent?.url ?? '').split('?')
    const request = { method: sent?.method ?? '', path, rawQuery, headers: joinedHeaders(sent?.rawHeaders ?? []) }
    const claimed = parseSignature(request, { service: 's3' }) ?? expect.fail('no signature')
    expect(() => verifySignature(claimed, KEY.secretAccessKey, { now: NOW, body: 'streamed' })).not.toThrow()
    expect(() => verifySignature(claimed, 'another', { now: NOW, body: 'streamed' })).toThrow()
    expect(decodeURIComponent(path)).toBe(`/bkt/${key}`)
  })

  it('goes to an address of IPv6, and to a path of the endpoint', async () => {
    const { client, asked, server } = await store((_req, res) => res.end('x'), { host: '[::1]' })
    expect(await text((await client.open(READ)).body)).toBe('x')
    await client.headers({ method: 'HEAD', bucket: 'bkt' })
    const { port } = server.address() as AddressInfo
    const below = clientOf(port, { settings: { endpoint: `http://[::1]:${port}/below/` } })
    await below.client.headers({ ...READ, method: 'HEAD' })
    expect(asked.map(({ url, headers }) => [url, headers.host])).toEqual([
      ['/bkt/k', `[::1]:${port}`],
      ['/bkt', `[::1]:${port}`],
      ['/below/bkt/k', `[::1]:${port}`],
    ])
  })

  it('uses a connection again, and no longer than its store keeps it', async () => {
    const sockets = new Set<unknown>()
    const { client } = await store((req, res, nth) => {
      sockets.add(req.socket)
      if (nth === 3) res.setHeader('connection', 'close')
      res.end('x')
    })
    for (let i = 0; i < 4; i++) expect(await text((await client.open(READ)).body)).toBe('x')
    expect(sockets.size).toBe(2)
  })

  it('is never two requests', async () => {
    const { client, asked } = await store((_req, res) => res.end('x'))
    for (const headers of [{ range: 'a\r\nx: y' }, { 'a\r\nb': 'c' }]) {
      await expect(client.open({ ...READ, headers })).rejects.toThrow()
    }
    expect(asked).toEqual([])
  })
})

describe('a request that fails', () => {
  it.each([500, 502, 503, 504, 429])('with %i is made three times at most', async (status) => {
    const { client, asked, waits } = await store((_req, res) => void say(res, status, errorDocument('X')))
    await expect(client.headers(READ)).rejects.toMatchObject({ status, code: 'X' })
    expect([asked.length, waits]).toEqual([3, [1, 2]])
  })

  it('fares better when the store does', async () => {
    const { client } = await store((_req, res, nth) => void (nth < 3 ? say(res, 503) : res.end('good')))
    expect(await text((await client.open(READ)).body)).toBe('good')
  })

  it.each([400, 403, 404, 409, 412, 416])('with %i is not made again', async (status) => {
    const { client, asked } = await store((_req, res) => void say(res, status, errorDocument('Y')))
    await expect(client.headers(READ)).rejects.toMatchObject({ status, code: 'Y' })
    expect(asked.length).toBe(1)
  })

  it.each(['GET', 'PUT', 'DELETE', 'POST'] as const)(
    'by a reset before any answer is made again: %s',
    async (method) => {
      const { client, asked } = await store(
        (req, res, nth) => void (nth === 1 ? req.socket.resetAndDestroy() : res.end('x')),
      )
      await client.headers({ method, bucket: 'bkt', key: 'k' })
      expect(asked.length).toBe(2)
    },
  )

  it.each([
    [500, 1],
    [503, 3],
  ])('and counts when it happens twice is made again only when nothing was done: %i', async (status, times) => {
    const { client, asked } = await store((_req, res) => void say(res, status))
    await expect(client.headers({ method: 'POST', bucket: 'bkt', key: 'k', once: true })).rejects.toThrow(StoreFailure)
    expect(asked.length).toBe(times)
  })

  it('and counts when it happens twice is not made again after a reset', async () => {
    const { client, asked } = await store((req) => void req.socket.resetAndDestroy())
    await expect(client.headers({ method: 'POST', bucket: 'bkt', once: true })).rejects.toMatchObject({
      code: 'ECONNRESET',
    })
    expect(asked.length).toBe(1)
  })

  it('behind an answer of success has failed', async () => {
    const { client, asked } = await store((_req, res) => void res.end(`\n${errorDocument('InternalError')}\n`))
    await expect(client.document({ method: 'PUT', bucket: 'bkt', key: 'k' })).rejects.toMatchObject({ status: 503 })
    expect(asked.length).toBe(3)
  })

  it('by an answer without the document that is due has failed', async () => {
    const { client } = await store((_req, res) => void res.end())
    await expect(client.document(READ)).rejects.toThrow(StoreFailure)
  })

  it('in words that are not S3’s is told by its status', async () => {
    const { client } = await store((_req, res) => void say(res, 404, '<html>nothing here'))
    await expect(client.headers(READ)).rejects.toMatchObject({ status: 404, code: '' })
  })

  it.each(['GET', 'HEAD'] as const)('by silence ends: %s', async (method) => {
    const { client, asked } = await store(() => undefined, { patience: 50 })
    await expect(client.headers({ ...READ, method })).rejects.toThrow('says nothing')
    expect(asked.length).toBe(1)
  })
})

describe('an answer in the clear', () => {
  it.each([
    ['in pieces', ['HTTP/1.1 200 OK\r\nContent-', 'Length: 5\r\n\r', '\nhe', 'llo']],
    [
      'behind one that announces it',
      ['HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
    ],
  ])('is read when it comes %s', async (_how, pieces) => {
    const { client } = await talker(async (socket) => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    expect(await text((await client.open(READ)).body)).toBe('hello')
  })

  it('of parts of unknown length is read, and so is the next', async () => {
    const { client, asked } = await store((_req, res) => {
      res.write('un')
      res.end('known')
    })
    for (let i = 0; i < 2; i++) expect(await text((await client.open(READ)).body)).toBe('unknown')
    // Once more than was asked: what could not be read was asked for again.
    expect(asked.length).toBe(3)
  })

  it.each([
    ['ends early', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello', true, 'closed the connection'],
    ['is longer than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello', false, 'more than it said'],
  ])('that %s is not taken for whole', async (_what, bytes, ends, message) => {
    const { client } = await talker((socket) => void (ends ? socket.end(bytes) : socket.write(bytes)))
    const { body } = await client.open(READ)
    await expect(text(body)).rejects.toThrow(message)
  })

  it('that nobody asked for is not taken for the next', async () => {
    const heard: Socket[] = []
    const { client } = await talker((socket, nth) => {
      heard.push(socket)
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${nth}`)
    })
    expect(await text((await client.open(READ)).body)).toBe('1')
    const [first = expect.fail('no connection')] = heard
    first.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    await once(first, 'close')
    expect(await text((await client.open(READ)).body)).toBe('2')
  })

  it.each([
    ['of another protocol', 'SSH-2.0-x\r\n\r\n'],
    ['without an end of its head', 'HTTP/1.1 200 OK\r\nA: '.padEnd(70_000, 'b')],
  ])('%s is refused', async (_what, bytes) => {
    const { client, connections } = await talker((socket) => void socket.write(bytes))
    await expect(client.open(READ)).rejects.toThrow(/the store/)
    expect(connections()).toBe(1)
  })

  it('that falls silent fails, but not because its reader rests', async () => {
    const { client } = await talker(
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'),
      { patience: 50 },
    )
    const { body } = await client.open(READ)
    await silentTwice()
    expect(String((await body.next()).value)).toBe('hello')
    await expect(body.next()).rejects.toThrow('says nothing')
  })

  it('ends its connection when its reader leaves', async () => {
    const left = Promise.withResolvers<void>()
    const { client } = await talker((socket) => {
      socket.on('close', () => left.resolve())
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello')
    })
    await (await client.open(READ)).body.return?.()
    await left.promise
  })
})

describe('content on its way to the store', () => {
  it('arrives, announced at its length', async () => {
    let received = 0
    const { client, asked } = await store((req, res) =>
      req.on('data', (chunk: Buffer) => (received += chunk.length)).on('end', () => res.end()),
    )
    await client.headers({ method: 'PUT', bucket: 'bkt', key: 'k', body: large() })
    expect([received, asked[0]?.headers['content-length'], asked[0]?.headers['transfer-encoding']]).toEqual([
      LARGE,
      String(LARGE),
      undefined,
    ])
  })

  it('is not sent to a store that refuses it, and is there for another attempt', async () => {
    const { client, asked } = await store(
      (req, res, nth) => {
        if (nth === 1) return void say(res, 503, errorDocument('SlowDown'), { connection: 'close' })
        res.writeContinue()
        req.resume().on('end', () => res.end())
      },
      { invites: false },
    )
    await client.headers({ method: 'PUT', bucket: 'bkt', key: 'k', body: large() })
    expect(asked.length).toBe(2)
  })

  it('that was begun is not sent again', async () => {
    const { client, asked } = await store((req) => void req.once('data', () => req.socket.destroy()))
    await expect(client.headers({ method: 'PUT', bucket: 'bkt', key: 'k', body: large() })).rejects.toThrow()
    expect(asked.length).toBe(1)
  })

  it('that fails ends the connection short of its length, and is told as its own failure', async () => {
    const ended = Promise.withResolvers<boolean>()
    const { client } = await store((req) => void req.resume().on('close', () => ended.resolve(req.complete)))
    const flaw = new Error('altered')
    const failing = async function* () {
      yield* chunks(10, 64 * 1024)
      throw flaw
    }
    const sent = client.headers({ method: 'PUT', bucket: 'bkt', key: 'k', body: content(LARGE, failing()) })
    const failure = await sent.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ContentFailure)
    expect(failure).toMatchObject({ cause: flaw })
    expect(await ended.promise).toBe(false)
  })

  it('is not taken for stored by a store that has not read it', async () => {
    const { client } = await store((_req, res) => void res.end('fine'), { invites: false })
    const sent = client.headers({ method: 'PUT', bucket: 'bkt', key: 'k', body: large() })
    await expect(sent).rejects.toThrow('before it had all')
  })

  it('waits for a slow sender longer than for the store', async () => {
    const slow = async function* () {
      yield* chunks(24, 64 * 1024)
      await silentTwice()
      yield* chunks(24, 64 * 1024)
    }
    const { client } = await store((req, res) => void req.resume().on('end', () => res.end()), { patience: 50 })
    await client.headers({ method: 'PUT', bucket: 'bkt', key: 'k', body: content(LARGE, slow()) })
  })
})

describe('AWS’s own S3', () => {
  /** Every host of AWS's at one port. */
  async function aws(handler: Handler) {
    const { server, asked } = await store(handler)
    const { port } = server.address() as AddressInfo
    const inner = storeTransport()
    const hosts: string[] = []
    const transport: Transport = {
      send(request) {
        hosts.push(request.origin.href)
        return inner.send({ ...request, origin: new URL(`http://127.0.0.1:${port}`) })
      },
      close: inner.close,
    }
    const client = endpointClient({ region: 'eu-west-1', credentials: KEY }, { now: () => NOW, transport })
    open.push(client)
    return { client, hosts, asked }
  }

  it('has buckets as hosts where a name can be one', async () => {
    const { client, hosts, asked } = await aws((_req, res) => void res.end('x'))
    await client.headers({ ...READ, bucket: 'my-bucket' })
    await client.headers({ ...READ, bucket: 'my.bucket' })
    await client.headers({ method: 'HEAD', bucket: 'my-bucket' })
    expect(hosts).toEqual([
      'https://my-bucket.s3.eu-west-1.amazonaws.com/',
      'https://s3.eu-west-1.amazonaws.com/',
      'https://my-bucket.s3.eu-west-1.amazonaws.com/',
    ])
    expect(asked.map(({ url }) => url)).toEqual(['/k', '/my.bucket/k', '/'])
    const url = await client.presignedRead('my-bucket', 'k', new Map(), 60)
    expect(url).toMatch(/^https:\/\/my-bucket\.s3\.eu-west-1\.amazonaws\.com\/k\?X-Amz-Algorithm=/)
  })

  it('tells where a bucket is, and is asked there from then on', async () => {
    const { client, hosts, asked } = await aws((_req, res, nth) =>
      nth === 1
        ? void say(res, 301, errorDocument('PermanentRedirect'), { 'x-amz-bucket-region': 'ap-south-1' })
        : void res.end('x'),
    )
    for (let i = 0; i < 2; i++) await client.headers({ ...READ, bucket: 'my-bucket' })
    expect(hosts.map((host) => /s3\.([^.]+)/.exec(host)?.[1])).toEqual(['eu-west-1', 'ap-south-1', 'ap-south-1'])
    expect(asked[2]?.headers.authorization).toContain('/ap-south-1/s3/')
  })
})
