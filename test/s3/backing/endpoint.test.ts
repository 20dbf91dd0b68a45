import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRemovalPrecondition } from '../../../functions/s3/preconditions.ts'
import { signRequest } from '../../support/sign.ts'
import { behind } from '../support/backings.ts'
import { type Gateway, KEYS, startGateway } from '../support/gateway.ts'
import { openObject } from '../support/open-object.ts'
import { element, send } from '../support/raw.ts'

let origin: Gateway
let gateway: Gateway
beforeEach(async () => {
  origin = await startGateway()
  gateway = await startGateway(behind(origin.endpoint))
})
afterEach(async () => {
  await gateway.close()
  await origin.close()
})

/** A gateway in front of a store that answers as it is told. */
async function behindServer(answer: RequestListener) {
  const server = createServer((req, res) => {
    req.resume()
    answer(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const started = await startGateway(behind(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  const end = async () => {
    await started.close()
    server.closeAllConnections()
    server.close()
  }
  return { gateway: started, end }
}

const put = (path: string, options = {}) => send(gateway, { method: 'PUT', path, ...options })
const get = (path: string, options = {}) => send(gateway, { path, ...options })

describe('objects in a store behind the gateway', () => {
  it('go in and out with all that belongs to them', async () => {
    await put('/bkt')
    const headers = {
      'content-type': 'text/plain',
      'cache-control': 'no-store',
      'content-encoding': 'gzip',
      expires: 'Fri, 02 Jan 2026 03:04:05 GMT',
      'x-amz-meta-colour': 'blue',
    }
    const stored = await put('/bkt/k', { body: 'hello world', headers })
    expect([stored.status, stored.headers.etag]).toEqual([200, '"5eb63bbbe01eeed093cb22bb8f5acdc3"'])
    const got = await get('/bkt/k')
    expect(got.body).toBe('hello world')
    expect(got.headers).toMatchObject({ ...headers, 'content-security-policy': 'sandbox' })
    const part = await get('/bkt/k', { headers: { range: 'bytes=-5' } })
    expect([part.status, part.body]).toEqual([206, 'world'])
    expect((await get('/bkt/k', { headers: { 'if-none-match': '*' } })).status).toBe(304)
    expect((await send(gateway, { method: 'DELETE', path: '/bkt/k' })).status).toBe(204)
    expect((await get('/bkt/k')).status).toBe(404)
  })

  it.each(['../x', 'a//b', '/lead', '..', 'a b+c%20', 'caf\u00e9', 'cafe\u0301', '\u{1f600}'])(
    'keep the key %j',
    async (key) => {
      await put('/bkt')
      const path = `/bkt/${encodeURIComponent(key)}`
      expect((await put(path, { body: key })).status).toBe(200)
      expect((await get(path)).body).toBe(key)
      const { entries } = await gateway.objects.list((await gateway.buckets.find('bkt')) ?? expect.fail('no bucket'), {
        prefix: '',
        delimiter: '',
        after: '',
        limit: 10,
      })
      expect(entries.map((entry) => entry.kind === 'object' && entry.object.key)).toEqual([key])
    },
  )

  it.each(['GET', 'PUT', 'DELETE'])('are not had by a %s of a key that some stores take for theirs', async (method) => {
    await put('/bkt')
    await put('/bkt/k', { body: 'content' })
    gateway.allow((_caller, { resource }) => resource !== 'arn:aws:s3:::bkt/k')
    for (const key of ['%2Fk', '//k', '/%2F%2Fk']) {
      const refused = await send(gateway, { method, path: `/bkt/${key}` })
      expect([refused.status, element(refused, 'Code')]).toEqual([403, 'AccessDenied'])
    }
    const copy = await put('/bkt/copy', { headers: { 'x-amz-copy-source': '/bkt//k' } })
    expect([copy.status, element(copy, 'Code')]).toEqual([403, 'AccessDenied'])
    expect((await put('/bkt//other', { body: 'x' })).status).toBe(200)
    expect((await put('/bkt//', { body: 'x' })).status).toBe(200)
  })

  it('are listed in pages, common prefixes once', async () => {
    await put('/bkt')
    for (const key of ['a', 'd/1', 'd/2', 'd0', 'z']) await put(`/bkt/${key}`, { body: key })
    const names: string[] = []
    let token = ''
    do {
      const page = await get(`/bkt?list-type=2&delimiter=%2F&max-keys=1${token && `&continuation-token=${token}`}`)
      names.push(element(page, 'Key') ?? /<CommonPrefixes><Prefix>([^<]*)/.exec(page.body)?.[1] ?? '')
      token = element(page, 'NextContinuationToken') ?? ''
    } while (token !== '')
    expect(names).toEqual(['a', 'd/', 'd0', 'z'])
    // Stores differ in whether a start at a common prefix lists it again: the one behind is asked to start behind it.
    const starts = origin.asked.map(({ head }) => new URLSearchParams(head.rawQuery).get('start-after'))
    expect(starts).toContainEqual(expect.stringMatching(/^d\/\u{10ffff}+$/u))
  })

  it('stay as they were when an upload turns out wrong at its end', async () => {
    await put('/bkt')
    await put('/bkt/k', { body: 'old' })
    for (const body of ['x', 'x'.repeat(300_000)]) {
      const wrong = await put('/bkt/k', { body, headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' } })
      expect([wrong.status, element(wrong, 'Code')]).toEqual([400, 'BadDigest'])
    }
    const empty = await put('/bkt/k', { body: '', headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' } })
    expect(empty.status).toBe(400)
    expect((await get('/bkt/k')).body).toBe('old')
    expect((await put('/bkt/k', { body: '', headers: { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' } })).status).toBe(200)
    expect((await get('/bkt/k')).body).toBe('')
  })

  it('are never described as one version and read as another', async () => {
    await put('/bkt')
    await put('/bkt/k', { body: 'old' })
    const bucket = (await gateway.buckets.find('bkt')) ?? expect.fail('no bucket')
    const opened = await openObject(gateway.objects, bucket, 'k')
    await put('/bkt/k', { body: 'new' })
    await expect(opened?.read()).rejects.toMatchObject({ code: 'SlowDown' })
  })

  it('are written and removed on the store’s own preconditions', async () => {
    await put('/bkt')
    expect((await put('/bkt/k', { body: 'a', headers: { 'if-none-match': '*' } })).status).toBe(200)
    expect((await put('/bkt/k', { body: 'b', headers: { 'if-none-match': '*' } })).status).toBe(412)
    const wrong = { 'if-match': '"00000000000000000000000000000000"' }
    expect((await put('/bkt/k', { body: 'b', headers: wrong })).status).toBe(412)
    expect((await send(gateway, { method: 'DELETE', path: '/bkt/k', headers: wrong })).status).toBe(412)
    expect((await get('/bkt/k')).body).toBe('a')
  })
})

describe('a transfer that breaks off', () => {
  const MIB = 1024 * 1024

  it('because the store dies ends the client’s connection, and is never a short answer', async () => {
    const server = createServer((req, res) => {
      if (req.method === 'HEAD') return res.end()
      res.writeHead(200, { 'content-length': 8 * MIB, etag: '"0"' }).write(Buffer.alloc(MIB), () => res.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const dying = await startGateway(behind(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
    const [message, ended] = await download(dying)
    expect(message.headers['content-length']).toBe(String(8 * MIB))
    await expect(ended).rejects.toThrow('aborted')
    await dying.close()
    server.closeAllConnections()
    server.close()
  })

  it('because the client leaves ends the read of the store', async () => {
    await put('/bkt')
    await put('/bkt/k', { body: 'x'.repeat(32 * MIB) })
    const [message] = await download(gateway)
    await once(message, 'data')
    message.destroy()
    await once(message, 'close')
    const connections = () =>
      new Promise<number>((resolve) => origin.server.getConnections((_e, count) => resolve(count)))
    const bucket = (await gateway.buckets.find('bkt')) ?? expect.fail('no bucket')
    // The connection that carried the object is gone, not kept; those of other requests may be.
    await expect.poll(connections).toBeLessThanOrEqual(2)
    expect(await gateway.objects.find(bucket, 'k')).toMatchObject({ size: 32 * MIB })
  })

  it('because the client leaves its upload leaves the object as it was', async () => {
    await put('/bkt')
    await put('/bkt/k', { body: 'old' })
    const signed = signRequest({
      method: 'PUT',
      url: `${gateway.endpoint}/bkt/k`,
      service: 's3',
      region: 'us-east-1',
      now: Date.now(),
      accessKeyId: 'AKIDALICE',
      secretAccessKey: KEYS.AKIDALICE.secretAccessKey,
      contentSha256: 'UNSIGNED-PAYLOAD',
    })
    const headers = { ...signed.headers, 'content-length': String(8 * MIB) }
    const outgoing = request(`${gateway.endpoint}/bkt/k`, { method: 'PUT', headers })
    outgoing.on('error', () => undefined)
    outgoing.write(Buffer.alloc(4 * MIB))
    await expect.poll(() => origin.asked.filter(({ head }) => head.method === 'PUT').length).toBeGreaterThan(2)
    outgoing.destroy()
    await expect.poll(() => gateway.logged.some(({ event }) => event === 's3.client-gone')).toBe(true)
    await expect.poll(() => readdir(`${origin.folder}/incoming`)).toEqual([])
    expect((await get('/bkt/k')).body).toBe('old')
  })

  /** What a reader of `/bkt/k` gets, and how it ends. */
  async function download(from: Gateway): Promise<readonly [IncomingMessage, Promise<unknown>]> {
    const { headers } = signRequest({
      method: 'GET',
      url: `${from.endpoint}/bkt/k`,
      service: 's3',
      region: 'us-east-1',
      now: Date.now(),
      accessKeyId: 'AKIDALICE',
      secretAccessKey: KEYS.AKIDALICE.secretAccessKey,
    })
    const [message] = (await once(request(`${from.endpoint}/bkt/k`, { headers }).end(), 'response')) as [
      IncomingMessage,
    ]
    const ended = new Promise((resolve, reject) => message.on('end', resolve).on('error', reject).resume())
    ended.catch(() => undefined)
    return [message, ended]
  }
})

describe('buckets in a store behind the gateway', () => {
  it('belong to who made them through the gateway', async () => {
    await put('/bobs', { as: 'AKIDBOB' })
    expect((await put('/bobs')).status).toBe(409)
    expect((await get('/bobs')).status).toBe(403)
    expect((await get('/bobs', { as: 'AKIDBOB' })).status).toBe(200)
    expect((await get('/', { as: 'AKIDBOB' })).body).toContain('<Name>bobs</Name>')
    expect((await get('/')).body).not.toContain('<Name>')
  })

  it('belong to the default account when they were made in the store', async () => {
    for (const name of ['older', 'yet-older']) await send(origin, { method: 'PUT', path: `/${name}`, as: 'AKIDBOB' })
    await put('/newer')
    await put('/zz-last')
    expect((await get('/')).body.match(/<Name>[^<]*/g)).toEqual(
      ['newer', 'older', 'yet-older', 'zz-last'].map((name) => `<Name>${name}`),
    )
    expect((await get('/older')).status).toBe(200)
    expect((await get('/older', { as: 'AKIDBOB' })).status).toBe(403)
    const taken = await put('/older', { as: 'AKIDBOB' })
    expect([taken.status, element(taken, 'Code')]).toEqual([409, 'BucketAlreadyExists'])
    expect((await put('/older')).status).toBe(200)
    expect((await send(gateway, { method: 'DELETE', path: '/yet-older' })).status).toBe(204)
    expect((await get('/yet-older')).status).toBe(404)
  })

  it('go only when they are empty, and can be made again', async () => {
    await put('/bkt')
    await put('/bkt/k', { body: 'x' })
    const full = await send(gateway, { method: 'DELETE', path: '/bkt' })
    expect([full.status, element(full, 'Code')]).toEqual([409, 'BucketNotEmpty'])
    await send(gateway, { method: 'DELETE', path: '/bkt/k' })
    expect((await send(gateway, { method: 'DELETE', path: '/bkt' })).status).toBe(204)
    expect((await get('/bkt')).status).toBe(404)
    expect((await put('/bkt', { as: 'AKIDBOB' })).status).toBe(200)
  })

  it('that the store refuses to make leave no claim on the name', async () => {
    origin.allow((_caller, { action }) => action !== 's3:CreateBucket')
    expect((await put('/refused')).status).toBe(500)
    origin.allow((caller) => caller !== undefined)
    expect((await put('/refused', { as: 'AKIDBOB' })).status).toBe(200)
  })

  it('are not had by making one that the store does not let the gateway see', async () => {
    await send(origin, { method: 'PUT', path: '/unseen', as: 'AKIDBOB' })
    origin.allow((_caller, { action }) => action !== 's3:ListBucket')
    for (const as of ['AKIDBOB', 'AKIDALICE'] as const) {
      const answer = await put('/unseen', { as })
      expect([answer.status, element(answer, 'Code')]).toEqual([409, 'BucketAlreadyExists'])
    }
    origin.allow((caller) => caller !== undefined)
    expect((await get('/unseen', { as: 'AKIDBOB' })).status).toBe(403)
    expect((await get('/unseen')).status).toBe(200)
  })

  it('are never claimed for as long as the store takes to refuse the name', async () => {
    const seen: string[] = []
    const broken = await behindServer((req, res) => {
      seen.push(`${req.method} ${req.url}`)
      res.writeHead(403).end()
    })
    const answer = await send(broken.gateway, { method: 'PUT', path: '/minio' })
    expect([answer.status, element(answer, 'Code')]).toEqual([409, 'BucketAlreadyExists'])
    expect(seen).toEqual(['HEAD /minio'])
    await broken.end()
  })

  it('are listed from the table alone when the store lists none to the gateway', async () => {
    await put('/mine')
    await send(origin, { method: 'PUT', path: '/unseen', as: 'AKIDBOB' })
    origin.allow((_caller, { action }) => !action.startsWith('s3:List'))
    const { body } = await get('/')
    expect(body).toContain('<Name>mine</Name>')
    expect(body).not.toContain('unseen')
  })
})

describe('a removal that asks what no store is known to check', () => {
  it('is refused, and removes nothing', async () => {
    await put('/bkt')
    await put('/bkt/k', { body: 'content' })
    const bucket = (await gateway.buckets.find('bkt')) ?? expect.fail('no bucket')
    const precondition = parseRemovalPrecondition({ 'x-amz-if-match-size': '8' })
    await expect(gateway.objects.remove(bucket, 'k', precondition)).rejects.toMatchObject({ code: 'NotImplemented' })
    expect((await get('/bkt/k')).body).toBe('content')
    await gateway.objects.remove(bucket, 'k', parseRemovalPrecondition({}))
    expect((await get('/bkt/k')).status).toBe(404)
  })
})

describe('a store that fails', () => {
  it('is told as ours, never as the caller’s credentials being wrong', async () => {
    await put('/bkt')
    origin.allow(() => false)
    const answer = await get('/bkt?list-type=2')
    expect([answer.status, element(answer, 'Code')]).toEqual([500, 'InternalError'])
    expect((await put('/bkt/k', { body: 'x' })).status).toBe(500)
  })

  const content = 'HTTP/1.1 200 OK'
  it.each([
    ['the whole for a range', 'bytes=0-3', { 'content-length': '15' }, content],
    ['the whole for a range of all but a byte', 'bytes=1-', { 'content-length': '15' }, content],
    ['a range without a word', 'bytes=1-4', { 'content-length': '4' }, 'TTP/'],
    ['another range', 'bytes=1-4', { 'content-length': '4', 'content-range': 'bytes 2-5/15' }, 'TP/1'],
    ['a longer range', 'bytes=1-4', { 'content-length': '5', 'content-range': 'bytes 1-5/15' }, 'TTP/1'],
    ['a length that is not told', 'bytes=1-4', { 'content-range': 'bytes 1-4/15' }, content],
    ['less than it said before', undefined, { 'content-length': '4' }, 'HTTP'],
  ])('with %s is not passed on', async (_what, range, headers, body) => {
    const lying = await behindServer((req, res) => {
      const head = { etag: '"x"', 'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT' }
      if (req.method === 'HEAD') res.writeHead(200, { ...head, 'content-length': '15' }).end()
      else res.writeHead(200, { ...head, ...headers }).end(body)
    })
    const asked = range === undefined ? { 'if-match': '"x"' } : { range }
    const answer = await send(lying.gateway, { path: '/bkt/k', headers: asked })
    expect([answer.status, element(answer, 'Code')]).toEqual([503, 'ServiceUnavailable'])
    await lying.end()
  })

  it('and does not say how long an object is keeps no connection', async () => {
    const closed = Promise.withResolvers<void>()
    const lying = await behindServer((req, res) => {
      if (req.method === 'HEAD') return void res.writeHead(200).end()
      res.once('close', closed.resolve)
      res.writeHead(200, { etag: '"x"' }).write('endless')
    })
    expect((await send(lying.gateway, { path: '/bkt/k' })).status).toBe(503)
    await closed.promise
    await lying.end()
  })

  it.each([503, 500])('with %i is told as unavailable', async (status) => {
    const broken = await behindServer((_req, res) => void res.writeHead(status).end())
    const answer = await send(broken.gateway, { path: '/bkt/k' })
    expect([answer.status, element(answer, 'Code')]).toEqual([503, 'ServiceUnavailable'])
    await broken.end()
  })
})
