import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { endLocalHosts, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { signRequest } from '../../support/sign.ts'
import { ACCOUNT, ROOT, s3Client } from './clients.ts'

const bootstrap = { accounts: [{ id: ACCOUNT, rootAccessKey: ROOT }] }
const agent = new Agent({ keepAlive: true })
afterEach(async () => {
  agent.destroy()
  await endLocalHosts()
})

/** A signed S3 request whose body the test writes as slowly as it likes. */
function begin(url: string, method: string, path: string, body?: Buffer) {
  const { headers } = signRequest({
    accessKeyId: ROOT.AccessKeyId,
    secretAccessKey: ROOT.SecretAccessKey,
    method,
    url: url + path,
    ...(body ? { body } : {}),
    service: 's3',
    region: 'us-east-1',
    now: Date.now(),
  })
  return httpRequest(url + path, {
    method,
    agent,
    headers: { ...headers, ...(body ? { 'content-length': body.length, expect: '100-continue' } : {}) },
  })
}

/** Connects until the host takes no more connections. */
async function untilRefused(url: string): Promise<void> {
  const { port, hostname } = new URL(url)
  for (;;) {
    const socket: Socket = connect(Number(port), hostname)
    const outcome = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    socket.destroy()
    if (outcome === 'ECONNREFUSED') return
  }
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('lets a slow upload and a slow download end, takes nothing new, and waits for no idle connection', async () => {
    const dataDir = temporaryFolder()
    const host = await startLocalHost({ dataDir, bootstrap })
    const s3 = s3Client(host.url, ROOT)
    const large = randomBytes(16 * 1024 * 1024)
    await s3.send(new CreateBucketCommand({ Bucket: 'slow' }))
    await s3.send(new PutObjectCommand({ Bucket: 'slow', Key: 'large', Body: large }))

    const idle = connect(Number(new URL(host.url).port), '127.0.0.1')
    await once(idle, 'connect')
    const upload = begin(host.url, 'PUT', '/slow/upload', large)
    upload.flushHeaders()
    await once(upload, 'continue')
    upload.write(large.subarray(0, 1_000_000))
    const download = begin(host.url, 'GET', '/slow/large').end()
    const [body] = (await once(download, 'response')) as [IncomingMessage] // held back: nothing reads it yet
    expect(body.statusCode).toBe(200)

    host.signal(signal)
    await untilRefused(host.url)
    upload.end(large.subarray(1_000_000))
    const [stored] = (await once(upload, 'response')) as [IncomingMessage]
    expect({ status: stored.statusCode, connection: stored.headers.connection }).toEqual({
      status: 200,
      connection: 'close',
    })
    stored.resume()
    expect(large.equals(await buffer(body))).toBe(true)
    expect(await host.exited).toEqual({ code: 0, signal: null })
    expect(host.stderr()).not.toContain('connections-cut')
    expect(idle.destroyed || (await once(idle, 'close'))).toBeTruthy()

    const again = await startLocalHost({ dataDir, bootstrap })
    const { Body } = await s3Client(again.url, ROOT).send(new GetObjectCommand({ Bucket: 'slow', Key: 'upload' }))
    expect(large.equals(Buffer.from((await Body?.transformToByteArray()) ?? []))).toBe(true)
  })

  it('ends an idle host at once, open connections or not', async () => {
    const host = await startLocalHost({ bootstrap })
    const used = httpRequest(`${host.url}/_daypass/health`, { agent }).end()
    const [answer] = (await once(used, 'response')) as [IncomingMessage]
    await buffer(answer)
    expect(await host.stop(signal)).toEqual({ code: 0, signal: null })
    expect(host.stderr()).toBe('')
  })
})
