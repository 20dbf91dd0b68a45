import { createHash } from 'node:crypto'
import { startChecksum } from '@daypass/core/checksum/checksum.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BACKINGS } from './support/backings.ts'
import type { Gateway } from './support/gateway.ts'
import { element, type RawAnswer, send } from './support/raw.ts'

const tagOf = (content: string) => `"${createHash('md5').update(content).digest('hex')}"`
const checksum = (algorithm: 'crc32' | 'sha256', content: string) => {
  const running = startChecksum(algorithm)
  running.update(Buffer.from(content))
  return running.digest()
}
const outcome = (answer: RawAnswer) => [answer.status, element(answer, 'Code')]

describe.each(BACKINGS)('a copy in %s', (_backing, start) => {
  let gateway: Gateway
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    for (const path of ['/bkt', '/other']) await send(gateway, { method: 'PUT', path })
  })
  afterAll(() => end())
  beforeEach(async () => {
    gateway.allow((caller) => caller !== undefined)
    await send(gateway, {
      method: 'PUT',
      path: '/bkt/source',
      body: 'hello',
      headers: {
        'content-type': 'text/plain',
        'x-amz-meta-colour': 'blue',
        'x-amz-tagging': 'team=red&b%20c=d%2Be',
        'x-amz-checksum-crc32': checksum('crc32', 'hello'),
      },
    })
    gateway.asked.splice(0)
  })

  const copy = (target: string, source: string, headers: Record<string, string> = {}) =>
    send(gateway, { method: 'PUT', path: target, headers: { 'x-amz-copy-source': source, ...headers } })
  const get = (path: string) => send(gateway, { path, headers: { 'x-amz-checksum-mode': 'ENABLED' } })
  const tags = async (path: string) =>
    (await send(gateway, { path: `${path}?tagging` })).body.match(/<TagSet>.*<\/TagSet>/)?.[0]

  it.each(['/bkt/source', 'bkt/source', '/bkt/source?versionId=null', '%2Fbkt%2Fsource'])(
    'of %s has its content, metadata, checksum and tags',
    async (source) => {
      const made = await copy('/other/target', source)
      expect(made.body).toContain('<CopyObjectResult')
      expect([element(made, 'ETag'), element(made, 'ChecksumCRC32')]).toEqual([
        tagOf('hello').replaceAll('"', '&quot;'),
        checksum('crc32', 'hello'),
      ])
      const got = await get('/other/target')
      expect(got.body).toBe('hello')
      expect(got.headers).toMatchObject({
        etag: tagOf('hello'),
        'content-type': 'text/plain',
        'x-amz-meta-colour': 'blue',
        'x-amz-checksum-crc32': checksum('crc32', 'hello'),
        'x-amz-tagging-count': '2',
      })
      expect(await tags('/other/target')).toBe(await tags('/bkt/source'))
    },
  )

  it('has metadata and tags of its own when it says so', async () => {
    await copy('/bkt/own', '/bkt/source', {
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-tagging-directive': 'REPLACE',
      'x-amz-tagging': 'only=this',
      'x-amz-meta-shape': 'round',
      'content-type': 'text/html',
    })
    const { headers } = await get('/bkt/own')
    expect(headers).toMatchObject({
      'content-type': 'text/html',
      'x-amz-meta-shape': 'round',
      'x-amz-tagging-count': '1',
    })
    expect(headers['x-amz-meta-colour']).toBeUndefined()
    expect(await tags('/bkt/own')).toBe('<TagSet><Tag><Key>only</Key><Value>this</Value></Tag></TagSet>')
    await copy('/bkt/own', '/bkt/source', { 'x-amz-meta-shape': 'ignored', 'x-amz-tagging-directive': 'REPLACE' })
    expect((await get('/bkt/own')).headers['x-amz-meta-shape']).toBeUndefined()
    expect(await tags('/bkt/own')).toBe('<TagSet></TagSet>')
  })

  it('has the checksum that it asks for', async () => {
    const made = await copy('/bkt/hashed', '/bkt/source', { 'x-amz-checksum-algorithm': 'SHA256' })
    expect(element(made, 'ChecksumSHA256')).toBe(checksum('sha256', 'hello'))
    expect((await get('/bkt/hashed')).headers['x-amz-checksum-sha256']).toBe(checksum('sha256', 'hello'))
  })

  it('of a multipart object is an object put at once', async () => {
    const id = element(await send(gateway, { method: 'POST', path: '/bkt/parts?uploads' }), 'UploadId')
    const part = await send(gateway, { method: 'PUT', path: `/bkt/parts?partNumber=1&uploadId=${id}`, body: 'part' })
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`
    expect((await send(gateway, { method: 'POST', path: `/bkt/parts?uploadId=${id}`, body })).status).toBe(200)
    await copy('/bkt/flat', '/bkt/parts')
    const got = await get('/bkt/flat')
    expect([got.body, got.headers.etag]).toEqual(['part', tagOf('part')])
  })

  it.each(['../x', 'a//b', 'a b+c%20', 'café', 'cafe\u0301', 'question?mark', '\u{1f600}'])(
    'takes the key %j',
    async (key) => {
      const path = encodeURIComponent(key)
      await send(gateway, { method: 'PUT', path: `/bkt/${path}`, body: key })
      expect((await copy(`/other/${path}`, `/bkt/${path}`)).status).toBe(200)
      expect((await get(`/other/${path}`)).body).toBe(key)
    },
  )

  it('over itself is refused unless it changes something', async () => {
    expect(outcome(await copy('/bkt/source', '/bkt/source'))).toEqual([400, 'InvalidRequest'])
    const changed = await copy('/bkt/source', '/bkt/source', {
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-meta-colour': 'green',
    })
    expect(changed.status).toBe(200)
    const got = await get('/bkt/source')
    expect([got.body, got.headers['x-amz-meta-colour']]).toEqual(['hello', 'green'])
  })

  const yesterday = new Date(Date.now() - 86_400_000).toUTCString()
  const tomorrow = new Date(Date.now() + 86_400_000).toUTCString()
  it.each([
    ['nothing', '/bkt/nothing', {}, 404, 'NoSuchKey'],
    ['a bucket that is not there', '/nowhere/k', {}, 404, 'NoSuchBucket'],
    ['no key', '/bkt/', {}, 400, 'InvalidArgument'],
    ['a bucket that no bucket can be called', '/bkt%3flocation/source', {}, 400, 'InvalidBucketName'],
    ['a bucket with an escaped slash', '/bkt%252fsource/x', {}, 400, 'InvalidBucketName'],
    ['a key longer than keys are', `/bkt/${'x'.repeat(1025)}`, {}, 400, 'KeyTooLongError'],
    ['a broken escape', '/bkt/%zz', {}, 400, 'InvalidArgument'],
    ['an access point', 'arn:aws:s3:us-east-1:1:accesspoint/x/object/k', {}, 501, 'NotImplemented'],
    ['another version', '/bkt/source', { 'x-amz-copy-source-if-match': '"x"' }, 412, 'PreconditionFailed'],
    [
      'the same version',
      '/bkt/source',
      { 'x-amz-copy-source-if-none-match': tagOf('hello') },
      412,
      'PreconditionFailed',
    ],
    [
      'what did not change',
      '/bkt/source',
      { 'x-amz-copy-source-if-modified-since': tomorrow },
      412,
      'PreconditionFailed',
    ],
    [
      'what did change',
      '/bkt/source',
      { 'x-amz-copy-source-if-unmodified-since': yesterday },
      412,
      'PreconditionFailed',
    ],
    ['an unknown directive', '/bkt/source', { 'x-amz-metadata-directive': 'MOVE' }, 400, 'InvalidArgument'],
    ['an unknown tagging directive', '/bkt/source', { 'x-amz-tagging-directive': 'MOVE' }, 400, 'InvalidArgument'],
    ['an unknown checksum', '/bkt/source', { 'x-amz-checksum-algorithm': 'XX' }, 400, 'InvalidRequest'],
    ['another owner', '/bkt/source', { 'x-amz-source-expected-bucket-owner': '222222222222' }, 403, 'AccessDenied'],
    ['encryption', '/bkt/source', { 'x-amz-server-side-encryption': 'aws:kms' }, 501, 'NotImplemented'],
  ])('of %s is refused, and the old object stays', async (_flaw, source, headers, status, code) => {
    await send(gateway, { method: 'PUT', path: '/bkt/kept', body: 'old' })
    expect(outcome(await copy('/bkt/kept', source, headers))).toEqual([status, code])
    expect((await get('/bkt/kept')).body).toBe('old')
  })

  it.each([
    { 'x-amz-copy-source-if-match': tagOf('hello'), 'x-amz-copy-source-if-unmodified-since': yesterday },
    { 'x-amz-copy-source-if-none-match': '"x"', 'x-amz-copy-source-if-modified-since': tomorrow },
  ])('heeds a tag before a date: %j', async (headers) => {
    expect((await copy('/bkt/conditional', '/bkt/source', headers)).status).toBe(200)
  })

  it.each([
    ['s3:PutObject', '/other/target'],
    ['s3:GetObject', '/bkt/source'],
    ['s3:GetObjectTagging', '/bkt/source'],
    ['s3:PutObjectTagging', '/other/target'],
  ])('needs %s on %s', async (action, path) => {
    const resource = `arn:aws:s3:::${path.slice(1)}`
    gateway.allow((_caller, request) => request.action !== action || request.resource !== resource)
    expect(outcome(await copy('/other/target', '/bkt/source'))).toEqual([403, 'AccessDenied'])
    expect(gateway.asked.map((request) => [request.action, request.resource])).toContainEqual([action, resource])
  })

  it('needs no right over tags where there are none', async () => {
    await send(gateway, { method: 'PUT', path: '/bkt/bare', body: 'x' })
    gateway.allow((_caller, { action }) => !action.endsWith('Tagging'))
    expect((await copy('/other/target', '/bkt/bare')).status).toBe(200)
  })

  it('tells policies where it comes from and what it brings', async () => {
    const headers = {
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-tagging-directive': 'REPLACE',
      'x-amz-tagging': 'team=blue',
    }
    await copy('/other/target', '/bkt/source', headers)
    const asked = gateway.asked.find(({ action }) => action === 's3:PutObject')
    expect(Object.fromEntries(asked?.context ?? [])).toMatchObject({
      's3:x-amz-copy-source': ['bkt/source'],
      's3:x-amz-metadata-directive': ['REPLACE'],
      's3:RequestObjectTag/team': ['blue'],
      's3:RequestObjectTagKeys': ['team'],
    })
  })
})
