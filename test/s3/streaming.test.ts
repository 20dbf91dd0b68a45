import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveS3 } from '../../functions/s3/node-adapter.ts'
import type { S3Request, S3Response } from '../../functions/s3/port.ts'
import { type Gateway, startGateway } from './support/gateway.ts'
import { send } from './support/raw.ts'

const MIB = 1024 * 1024

describe('64 MiB', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway()
    await send(gateway, { method: 'PUT', path: '/bkt' })
  })
  afterAll(() => gateway.close())

  it('go in and come out again', async () => {
    const s3 = gateway.client()
    const total = 64
    const sent = createHash('md5')
    const chunks = function* () {
      for (let i = 0; i < total; i++) {
        const chunk = Buffer.alloc(MIB, i)
        sent.update(chunk)
        yield chunk
      }
    }
    const Body = Readable.from(chunks(), { objectMode: false })
    const put = await s3.send(new PutObjectCommand({ Bucket: 'bkt', Key: 'big', Body, ContentLength: total * MIB }))
    const digest = sent.digest('hex')
    expect(put.ETag).toBe(`"${digest}"`)
    const got = await s3.send(new GetObjectCommand({ Bucket: 'bkt', Key: 'big' }))
    const received = createHash('md5')
    for await (const chunk of got.Body as Readable) received.update(chunk)
    expect(received.digest('hex')).toBe(digest)
  })

  it('are written before more is read: never more than two chunks are in memory', async () => {
    gateway.allow(() => true)
    const total = 64
    let furthestAhead = 0
    const written = async () => {
      const sizes = await readdir(`${gateway.folder}/incoming`).then((names) =>
        Promise.all(names.map((name) => stat(`${gateway.folder}/incoming/${name}`))),
      )
      return sizes.reduce((sum, { size }) => sum + size, 0)
    }
    const body = async function* () {
      for (let i = 0; i < total; i++) {
        furthestAhead = Math.max(furthestAhead, i * MIB - (await written()))
        yield Buffer.alloc(MIB, i)
      }
    }
    const { status } = await gateway.service.handle({
      method: 'PUT',
      rawPath: '/bkt/paced',
      rawQuery: '',
      headers: { 'content-length': String(total * MIB) },
      sourceIp: '127.0.0.1',
      secure: false,
      requestId: 'r',
      body: body(),
    })
    expect(status).toBe(200)
    expect(furthestAhead).toBeLessThanOrEqual(2 * MIB)
  })
})

/** The adapter in front of one answer, to see how it reads and frees it. */
async function serving(handle: (request: S3Request) => Promise<S3Response>, continueOnRead = false) {
  const facts = { requestId: 'r', sourceIp: '127.0.0.1', secure: false, continueOnRead }
  const server = createServer((req, res) => serveS3({ handle }, req, res, facts))
  if (continueOnRead) server.on('checkContinue', (req, res) => serveS3({ handle }, req, res, facts))
  let accepted: Socket | undefined
  server.on('connection', (socket) => {
    accepted = socket
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return {
    socket,
    /** Bytes that the server has read, once the connection is closed. */
    async received() {
      if (accepted && !accepted.closed) await once(accepted, 'close')
      return accepted?.bytesRead ?? 0
    },
    /** All that the server says until it, or we, hang up. */
    async said() {
      return Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString()
    },
    close() {
      socket.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('the host’s adapter', () => {
  it('reads a body no faster than the client takes it, and frees it when the client leaves', async () => {
    let given = 0
    let freed = false
    const endless: AsyncIterableIterator<Buffer> = {
      async next() {
        given++
        return { done: false, value: Buffer.alloc(MIB) }
      },
      async return() {
        freed = true
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    const host = await serving(async () => ({ status: 200, headers: {}, body: endless }))
    host.socket.pause()
    host.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    let stalledAt = -1
    await expect
      .poll(
        () => {
          const stalled = given === stalledAt
          stalledAt = given
          return stalled && given > 0
        },
        { interval: 100 },
      )
      .toBe(true)
    expect(given).toBeLessThan(64)
    host.socket.destroy()
    await expect.poll(() => freed).toBe(true)
    host.close()
  })

  it('cuts the connection when a body fails half-way, so that nobody takes the half for the whole', async () => {
    const failing = async function* () {
      yield Buffer.from('half')
      throw new Error('the disk is gone')
    }
    const host = await serving(async () => ({ status: 200, headers: {}, body: failing() }))
    host.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const said = await host.said().catch(() => '')
    expect(said.endsWith('0\r\n\r\n')).toBe(false)
    expect(said).not.toContain('the disk is gone')
    host.close()
  })

  it('frees a body that it cannot even begin', async () => {
    let freed = false
    const body: AsyncIterableIterator<Buffer> = {
      next: async () => ({ done: true, value: undefined }),
      async return() {
        freed = true
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    const host = await serving(async () => ({ status: 200, headers: { broken: 'a\nb' }, body }))
    host.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await host.said().catch(() => '')
    expect(freed).toBe(true)
    host.close()
  })

  it('reads what is left of a refused upload, so that its sender gets to read the answer', async () => {
    const host = await serving(async () => ({ status: 403, headers: {}, body: 'no' }))
    host.socket.write('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n')
    const [answer] = await once(host.socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 403.*Connection: close.*no$/is)
    host.socket.resume().write(Buffer.alloc(600_000))
    expect(await host.received()).toBeGreaterThan(600_000)
    host.close()
  })

  it('gives paths, queries and repeated headers as they came', async () => {
    let seen: S3Request | undefined
    const host = await serving(async (request) => {
      seen = request
      return { status: 204, headers: {} }
    })
    host.socket.write(
      'GET http://elsewhere/b/..%2F./%41//x?a=%20&b?c HTTP/1.1\r\nHost: x\r\nX-Amz-Date: 1\r\nX-Amz-Date: 2\r\nAuthorization: a\r\nAuthorization: b\r\nX-Forwarded-For: 9.9.9.9\r\nConnection: close\r\n\r\n',
    )
    expect(await host.said()).toMatch(/^HTTP\/1.1 204/)
    expect(seen).toMatchObject({
      method: 'GET',
      rawPath: '/b/..%2F./%41//x',
      rawQuery: 'a=%20&b?c',
      sourceIp: '127.0.0.1',
      headers: { 'x-amz-date': '1,2', authorization: 'a,b' },
    })
    host.close()
  })

  it('asks for a body only when it is read', async () => {
    const answers = async ({ body, rawPath }: S3Request): Promise<S3Response> => {
      if (rawPath === '/read') await Array.fromAsync(body)
      return { status: rawPath === '/read' ? 200 : 403, headers: { connection: 'close' }, body: 'done' }
    }
    const head = 'HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n'
    const wanted = await serving(answers, true)
    wanted.socket.write(`PUT /read ${head}`)
    const [first] = await once(wanted.socket, 'data')
    expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    wanted.socket.write('body')
    expect(await wanted.said()).toMatch(/^HTTP\/1.1 200/)
    wanted.close()

    const unwanted = await serving(answers, true)
    unwanted.socket.write(`PUT /refused ${head}`)
    expect(await unwanted.said()).toMatch(/^HTTP\/1.1 403.*done$/s)
    unwanted.close()
  })
})
