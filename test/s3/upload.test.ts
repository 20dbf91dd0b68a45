import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { crc32 } from 'node:zlib'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalUserId } from '../../functions/s3/owner.ts'
import { type Gateway, startGateway } from './support/gateway.ts'
import { element, send } from './support/raw.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
  await send(gateway, { method: 'PUT', path: '/bkt' })
})
afterAll(() => gateway.close())

const base64 = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('base64')
const crcOf = (text: string) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return bytes.toString('base64')
}

/** `aws-chunked` in one chunk with a trailing checksum, unsigned. */
const chunked = (content: string, checksum: string, { size = content.length } = {}) => ({
  body: `${size.toString(16)}\r\n${content}\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`,
  contentSha256: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  headers: {
    'content-encoding': 'aws-chunked,gzip',
    'x-amz-trailer': 'x-amz-checksum-crc32',
    'x-amz-decoded-content-length': String(content.length),
  },
})

describe('an upload', () => {
  it.each([
    ['its MD5', { body: 'hello', headers: { 'content-md5': base64('md5', 'hello') } }],
    ['its CRC32', { body: 'hello', headers: { 'x-amz-checksum-crc32': crcOf('hello') } }],
    ['its SHA-256', { body: 'hello', headers: { 'x-amz-checksum-sha256': base64('sha256', 'hello') } }],
    ['a trailing checksum', chunked('hello', crcOf('hello'))],
    ['no hash at all', { body: 'hello', contentSha256: 'UNSIGNED-PAYLOAD' }],
  ])('with %s is kept', async (_what, upload) => {
    const put = await send(gateway, { method: 'PUT', path: '/bkt/good', ...upload })
    expect([put.status, put.headers.etag]).toEqual([200, '"5d41402abc4b2a76b9719d911017c592"'])
    expect((await send(gateway, { path: '/bkt/good' })).body).toBe('hello')
  })

  it.each([
    ['deflate, gzip', 'deflate, gzip'],
    ['gzip, aws-chunked', 'gzip'],
    ['AWS-Chunked , deflate, gzip', 'deflate, gzip'],
    ['aws-chunked, aws-chunked', undefined],
    ['aws-chunked-too', 'aws-chunked-too'],
  ])('encoded as %j is kept as %j', async (sent, kept) => {
    await send(gateway, { method: 'PUT', path: '/bkt/encoded', body: 'x', headers: { 'content-encoding': sent } })
    expect((await send(gateway, { path: '/bkt/encoded' })).headers['content-encoding']).toBe(kept)
  })

  it('loses its transfer framing, and keeps its own encoding and checksum', async () => {
    await send(gateway, { method: 'PUT', path: '/bkt/framed', ...chunked('hello', crcOf('hello')) })
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    const got = await send(gateway, { path: '/bkt/framed', headers })
    expect(got.body).toBe('hello')
    expect(got.headers).toMatchObject({
      'content-encoding': 'gzip',
      'x-amz-checksum-crc32': crcOf('hello'),
      'x-amz-checksum-type': 'FULL_OBJECT',
    })
    const part = await send(gateway, { path: '/bkt/framed', headers: { ...headers, range: 'bytes=0-1' } })
    expect(part.headers['x-amz-checksum-crc32']).toBeUndefined()
  })

  it.each([
    ['a wrong MD5', { headers: { 'content-md5': base64('md5', 'other') } }, 400, 'BadDigest'],
    ['an MD5 that is none', { headers: { 'content-md5': 'rubbish' } }, 400, 'InvalidDigest'],
    ['a wrong checksum', { headers: { 'x-amz-checksum-crc32': crcOf('other') } }, 400, 'BadDigest'],
    ['a checksum of the wrong length', { headers: { 'x-amz-checksum-crc32': 'AAAA' } }, 400, 'InvalidRequest'],
    [
      'two checksums',
      { headers: { 'x-amz-checksum-crc32': crcOf('hello'), 'x-amz-checksum-sha1': base64('sha1', 'hello') } },
      400,
      'InvalidRequest',
    ],
    [
      'an announced checksum that does not come',
      { headers: { 'x-amz-sdk-checksum-algorithm': 'CRC32' } },
      400,
      'InvalidRequest',
    ],
    [
      'another hash than was signed',
      { contentSha256: createHash('sha256').update('other').digest('hex') },
      400,
      'XAmzContentSHA256Mismatch',
    ],
    ['a wrong trailing checksum', chunked('hello', crcOf('other')), 400, 'BadDigest'],
    ['a chunk that runs short', chunked('hello', crcOf('hello'), { size: 9 }), 400, 'IncompleteBody'],
    ['framing that ends early', { ...chunked('hello', crcOf('hello')), body: '5\r\nhello\r\n' }, 400, 'IncompleteBody'],
    ['too much metadata', { headers: { 'x-amz-meta-a': 'v'.repeat(2048) } }, 400, 'MetadataTooLarge'],
    [
      'a customer’s encryption key',
      { headers: { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' } },
      501,
      'NotImplemented',
    ],
    ['server-side encryption', { headers: { 'x-amz-server-side-encryption': 'aws:kms' } }, 501, 'NotImplemented'],
    ['tags that are none', { headers: { 'x-amz-tagging': 'a=b&a=c' } }, 400, 'InvalidTag'],
    ['tags of a broken form', { headers: { 'x-amz-tagging': 'a=%zz' } }, 400, 'InvalidArgument'],
    ['a legal hold', { headers: { 'x-amz-object-lock-legal-hold': 'ON' } }, 501, 'NotImplemented'],
    ['a copy source that is none', { headers: { 'x-amz-copy-source': '/bkt' } }, 400, 'InvalidArgument'],
    ['a public ACL', { headers: { 'x-amz-acl': 'public-read' } }, 400, 'AccessControlListNotSupported'],
    ['a grant', { headers: { 'x-amz-grant-read': 'id="x"' } }, 400, 'AccessControlListNotSupported'],
    ['another storage class', { headers: { 'x-amz-storage-class': 'GLACIER' } }, 400, 'InvalidStorageClass'],
    ['a precondition that fails', { headers: { 'if-none-match': '*' } }, 412, 'PreconditionFailed'],
  ])('with %s is refused, and the old object stays', async (_flaw, flaw, status, code) => {
    await send(gateway, { method: 'PUT', path: '/bkt/kept', body: 'old' })
    const answer = await send(gateway, { method: 'PUT', path: '/bkt/kept', body: 'hello', ...flaw })
    expect([answer.status, element(answer, 'Code')]).toEqual([status, code])
    expect((await send(gateway, { path: '/bkt/kept' })).body).toBe('old')
  })

  it.each([
    [{ 'x-amz-acl': 'bucket-owner-full-control' }, 200],
    [{ 'x-amz-grant-full-control': `id="${canonicalUserId('111111111111')}"` }, 200],
    [{ 'x-amz-grant-read': `id="${canonicalUserId('111111111111')}"` }, 400],
    [{ 'x-amz-acl': 'private' }, 200],
    [{ 'x-amz-acl': 'private, private' }, 400],
    [{ 'x-amz-acl': 'bucket-owner-read' }, 400],
  ])('with the ACL %j, where ACLs are off by default, is answered by %i', async (acl, status) => {
    const headers = { ...acl, 'x-amz-storage-class': 'STANDARD' }
    expect((await send(gateway, { method: 'PUT', path: '/bkt/acl', body: 'x', headers })).status).toBe(status)
  })

  it.each([
    ['false', 200],
    ['FALSE', 200],
    ['true', 501],
    ['', 501],
    ['falsely', 501],
  ])('of a bucket that says "%s" of locking objects is answered with %i', async (lock, status) => {
    const headers = { 'x-amz-bucket-object-lock-enabled': lock }
    const path = `/lock-${lock.toLowerCase() || 'empty'}`
    expect((await send(gateway, { method: 'PUT', path, headers })).status).toBe(status)
    expect((await send(gateway, { path })).status).toBe(status === 200 ? 200 : 404)
  })

  it('without a length is refused', async () => {
    const { hostname, port } = new URL(gateway.endpoint)
    gateway.allow(() => true)
    const outgoing = request({ method: 'PUT', hostname, port, path: '/bkt/unknown', agent: false })
    outgoing.write('hello')
    outgoing.end()
    const [incoming] = await once(outgoing, 'response')
    expect(incoming.statusCode).toBe(411)
    incoming.resume()
  })

  it.each([
    ['create-only', 'missing', { 'if-none-match': '*' }, 200],
    ['the version it knows', 'known', { 'if-match': '"5d41402abc4b2a76b9719d911017c592"' }, 200],
    ['a version that is gone', 'known', { 'if-match': '"00000000000000000000000000000000"' }, 412],
    ['a version of nothing', 'nothing', { 'if-match': '"5d41402abc4b2a76b9719d911017c592"' }, 404],
  ])('on %s answers as the condition says', async (_what, key, headers, status) => {
    await send(gateway, { method: 'PUT', path: '/bkt/known', body: 'hello' })
    await send(gateway, { method: 'DELETE', path: '/bkt/missing' })
    expect((await send(gateway, { method: 'PUT', path: `/bkt/${key}`, body: 'new', headers })).status).toBe(status)
  })
})

describe('an upload that its adapter has whole', () => {
  const uploadOf = (content: string, length: number) =>
    gateway.service.handle({
      method: 'PUT',
      rawPath: '/bkt/whole',
      rawQuery: '',
      headers: { 'content-length': String(length), 'x-amz-meta-smile': '\u{1f600}' },
      sourceIp: '127.0.0.1',
      secure: true,
      requestId: 'r',
      body: (async function* () {
        yield Buffer.from(content)
      })(),
    })

  it.each([
    [4, 400],
    [5, 200],
    [6, 400],
  ])('of 5 bytes for a stated length of %i answers %i', async (length, status) => {
    gateway.allow(() => true)
    expect((await uploadOf('hello', length)).status).toBe(status)
  })

  it('of more than 5 GiB is refused before any of it is read', async () => {
    gateway.allow(() => true)
    const { status, body } = await uploadOf('hello', 5 * 1024 ** 3 + 1)
    expect(status).toBe(400)
    expect(body).toContain('<Code>EntityTooLarge</Code>')
  })

  it('may have metadata that no header can hold, which is answered encoded', async () => {
    gateway.allow(() => true)
    await uploadOf('hello', 5)
    const { headers } = await send(gateway, { path: '/bkt/whole' })
    expect(headers['x-amz-meta-smile']).toBe('=?UTF-8?B?8J+YgA==?=')
  })
})

describe('a removal', () => {
  it.each([
    ['"00000000000000000000000000000000"', 412],
    ['"5d41402abc4b2a76b9719d911017c592"', 204],
  ])('on condition of %s answers %i', async (etag, status) => {
    await send(gateway, { method: 'PUT', path: '/bkt/doomed', body: 'hello' })
    const answer = await send(gateway, { method: 'DELETE', path: '/bkt/doomed', headers: { 'if-match': etag } })
    expect(answer.status).toBe(status)
    expect((await send(gateway, { path: '/bkt/doomed' })).status).toBe(status === 204 ? 404 : 200)
  })

  it('of one version is not taken for a removal of the object', async () => {
    await send(gateway, { method: 'PUT', path: '/bkt/versioned', body: 'x' })
    expect((await send(gateway, { method: 'DELETE', path: '/bkt/versioned?versionId=1' })).status).toBe(400)
    expect((await send(gateway, { path: '/bkt/versioned?versionId=1' })).status).toBe(400)
    expect((await send(gateway, { path: '/bkt/versioned' })).status).toBe(200)
  })
})

describe('a document in a request', () => {
  const configuration = (inner: string) => `<CreateBucketConfiguration>${inner}</CreateBucketConfiguration>`

  it.each([
    ['is no XML', 'rubbish', 400, 'MalformedXML'],
    ['is another one', '<Other/>', 400, 'MalformedXML'],
    ['declares entities', `<!DOCTYPE x [<!ENTITY e "eu">]>${configuration('')}`, 400, 'MalformedXML'],
    ['names an impossible region', configuration('<LocationConstraint>a/b</LocationConstraint>'), 400, 'MalformedXML'],
    ['asks for more than is built', configuration('<Tags/>'), 501, 'NotImplemented'],
    ['is too long', configuration(' '.repeat(128 * 1024)), 400, 'MaxMessageLengthExceeded'],
  ])('that %s is refused', async (_flaw, body, status, code) => {
    const answer = await send(gateway, { method: 'PUT', path: '/documents', body })
    expect([answer.status, element(answer, 'Code')]).toEqual([status, code])
    expect((await send(gateway, { method: 'HEAD', path: '/documents' })).status).toBe(404)
  })

  it('is read with its namespace', async () => {
    const inner = '<LocationConstraint>eu-west-1</LocationConstraint>'
    const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</CreateBucketConfiguration>`
    expect((await send(gateway, { method: 'PUT', path: '/namespaced', body })).status).toBe(200)
    const { body: location } = await send(gateway, { path: '/namespaced?location' })
    expect(location).toContain('>eu-west-1</LocationConstraint>')
  })
})

describe('a client that goes away', () => {
  it('in the middle of an upload leaves the old object and no scrap', async () => {
    await send(gateway, { method: 'PUT', path: '/bkt/cut', body: 'old' })
    gateway.allow(() => true)
    gateway.logged.length = 0
    const { hostname, port } = new URL(gateway.endpoint)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write('PUT /bkt/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf of it')
    await expect.poll(() => readdir(`${gateway.folder}/incoming`)).toHaveLength(1)
    socket.destroy()
    await expect.poll(() => gateway.logged).toContainEqual(expect.objectContaining({ event: 's3.client-gone' }))
    expect(await readdir(`${gateway.folder}/incoming`)).toEqual([])
    expect((await send(gateway, { path: '/bkt/cut' })).body).toBe('old')
  })

  it('is let go when its upload is refused before it has sent it', async () => {
    gateway.allow((_caller, { action }) => action !== 's3:PutObject')
    const s3 = gateway.client()
    const Body = Buffer.alloc(512 * 1024)
    const upload = s3.send(new PutObjectCommand({ Bucket: 'bkt', Key: 'refused', Body }))
    await expect(upload).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})
