import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { freeChunk } from '@daypass/core/http/chunk-memory.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { ClientGone } from '../../functions/s3/port.ts'
import { requestBody } from '../../functions/s3/request-body.ts'

const MIB = 1024 * 1024
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A request whose head has arrived and that announces so many bytes, and its sender. */
async function announced(size: number): Promise<{ req: IncomingMessage; res: ServerResponse; client: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  closers.push(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  client.on('error', () => {})
  client.write(`PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`)
  const [req, res] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  return { req, res, client }
}

const patterned = (size: number) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255))

/** A large chunk that came off the wire. */
async function chunkOfBody(): Promise<Buffer> {
  const { req, client } = await announced(MIB)
  client.write(patterned(MIB))
  for await (const chunk of requestBody(req, () => {})) {
    if (chunk.length === chunk.buffer.byteLength && chunk.length > 4096) return chunk
  }
  throw new Error('no chunk had memory of its own')
}

describe('the body of a request', () => {
  it('comes whole and in order, and is asked for once, when it is first read', async () => {
    const sent = patterned(3 * MIB + 7)
    const { req, client } = await announced(sent.length)
    let asked = 0
    const body = requestBody(req, () => {
      asked++
      client.write(sent)
    })
    expect(asked).toBe(0)
    expect(Buffer.concat(await Array.fromAsync(body)).equals(sent)).toBe(true)
    expect(asked).toBe(1)
    expect(await body.next()).toEqual({ done: true, value: undefined })
  })

  it('comes whole when each chunk is freed once it was looked at', async () => {
    const sent = patterned(3 * MIB + 7)
    const { req, client } = await announced(sent.length)
    client.write(sent)
    let at = 0
    for await (const chunk of requestBody(req, () => {})) {
      expect(chunk.equals(sent.subarray(at, at + chunk.length))).toBe(true)
      at += chunk.length
      freeChunk(chunk)
    }
    expect(at).toBe(sent.length)
  })

  it('ends at once where there is none', async () => {
    const { req } = await announced(0)
    expect(await Array.fromAsync(requestBody(req, () => {}))).toEqual([])
  })

  it('is not read far ahead of who takes it', async () => {
    const { req, client } = await announced(64 * MIB)
    const body = requestBody(req, () => {})
    client.write(patterned(MIB))
    await body.next()
    const socket = req.socket
    client.write(Buffer.alloc(63 * MIB))
    await expect.poll(() => req.isPaused()).toBe(true)
    expect(socket.bytesRead).toBeLessThan(2 * MIB)
    await body.return?.()
  })

  it.each([
    ['in the middle', 1000],
    ['before its first byte', 0],
  ])('fails when the client leaves %s', async (_, sent) => {
    const { req, client } = await announced(2000)
    const body = requestBody(req, () => {
      client.write(Buffer.alloc(sent), () => client.destroy())
    })
    await expect(Array.fromAsync(body)).rejects.toBeInstanceOf(ClientGone)
  })

  it('fails when the client had left before it was asked for', async () => {
    const { req, client } = await announced(2000)
    req.on('error', () => {})
    client.destroy()
    await expect.poll(() => req.destroyed).toBe(true)
    await expect(requestBody(req, () => {}).next()).rejects.toBeInstanceOf(ClientGone)
  })

  it('fails when the host gives the connection up', async () => {
    const { req, client } = await announced(2000)
    const body = requestBody(req, () => {
      client.write(Buffer.alloc(1000))
    })
    await body.next()
    const next = body.next()
    req.destroy()
    await expect(next).rejects.toBeInstanceOf(ClientGone)
  })

  it('leaves the rest to others when its reader has enough', async () => {
    const { req, client } = await announced(3 * MIB)
    const body = requestBody(req, () => {})
    client.write(Buffer.alloc(3 * MIB))
    const { value } = await body.next()
    await body.return?.()
    expect(req.isPaused()).toBe(true)
    expect(await body.next()).toEqual({ done: true, value: undefined })
    let rest = 0
    for await (const chunk of req.iterator({ destroyOnReturn: false })) rest += (chunk as Buffer).length
    expect(rest).toBeGreaterThan(0)
    expect(rest + (value?.length ?? 0)).toBeLessThanOrEqual(3 * MIB)
    expect(req.complete).toBe(true)
  })
})

describe('freeing a chunk that came off the wire', () => {
  it('gives its memory back', async () => {
    const chunk = await chunkOfBody()
    freeChunk(chunk)
    expect(chunk.length).toBe(0)
  })
})
