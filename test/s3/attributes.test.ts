import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BACKINGS } from './support/backings.ts'
import type { Gateway } from './support/gateway.ts'
import { element, type RawAnswer, send } from './support/raw.ts'

const outcome = (answer: RawAnswer) => [answer.status, element(answer, 'Code')]
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('base64')
const BIG = Buffer.alloc(5 * 1024 * 1024, 'x')

describe.each(BACKINGS)('the properties of objects and buckets in %s', (_backing, start) => {
  let gateway: Gateway
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    await send(gateway, { method: 'PUT', path: '/bkt' })
    const headers = { 'x-amz-checksum-sha256': sha256('hello') }
    await send(gateway, { method: 'PUT', path: '/bkt/k', body: 'hello', headers })
    const begun = { 'x-amz-checksum-algorithm': 'SHA256' }
    const id = element(await send(gateway, { method: 'POST', path: '/bkt/parts?uploads', headers: begun }), 'UploadId')
    const parts: string[] = []
    for (const [index, body] of [BIG, Buffer.from('end')].entries()) {
      const answer = await send(gateway, {
        method: 'PUT',
        path: `/bkt/parts?partNumber=${index + 1}&uploadId=${id}`,
        body,
        headers: { 'x-amz-checksum-sha256': sha256(body) },
      })
      parts.push(
        `<Part><PartNumber>${index + 1}</PartNumber><ETag>${answer.headers.etag}</ETag><ChecksumSHA256>${sha256(body)}</ChecksumSHA256></Part>`,
      )
    }
    const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
    expect((await send(gateway, { method: 'POST', path: `/bkt/parts?uploadId=${id}`, body })).status).toBe(200)
  })
  afterAll(() => end())
  beforeEach(() => {
    gateway.allow((caller) => caller !== undefined)
    gateway.asked.splice(0)
  })

  const attributes = (key: string, names: string, headers = {}) =>
    send(gateway, { path: `/bkt/${key}?attributes`, headers: { 'x-amz-object-attributes': names, ...headers } })

  it('are told as they are asked for', async () => {
    const all = await attributes('k', 'ETag,Checksum,ObjectParts,StorageClass,ObjectSize')
    expect(all.body).toContain(
      `<ETag>${createHash('md5').update('hello').digest('hex')}</ETag><Checksum><ChecksumSHA256>${sha256('hello')}</ChecksumSHA256><ChecksumType>FULL_OBJECT</ChecksumType></Checksum><StorageClass>STANDARD</StorageClass><ObjectSize>5</ObjectSize>`,
    )
    expect(all.headers['last-modified']).toBeDefined()
    const size = await attributes('k', 'ObjectSize')
    expect(size.body).toMatch(
      /<GetObjectAttributesResponse [^>]*><ObjectSize>5<\/ObjectSize><\/GetObjectAttributesResponse>/,
    )
  })

  it('are told of each part, page by page', async () => {
    const first = await attributes('parts', 'ObjectParts, Checksum', { 'x-amz-max-parts': '1' })
    expect(
      ['PartsCount', 'IsTruncated', 'NextPartNumberMarker', 'PartNumber', 'Size'].map((name) => element(first, name)),
    ).toEqual(['2', 'true', '1', '1', String(BIG.length)])
    expect(element(first, 'ChecksumType')).toBe('COMPOSITE')
    const second = await attributes('parts', 'ObjectParts', { 'x-amz-part-number-marker': '1' })
    expect([element(second, 'PartNumber'), element(second, 'ChecksumSHA256'), element(second, 'IsTruncated')]).toEqual([
      '2',
      sha256('end'),
      'false',
    ])
  })

  it.each([
    ['an unknown one', 'k', { 'x-amz-object-attributes': 'ETag,Colour' }, 400, 'InvalidArgument'],
    ['none', 'k', { 'x-amz-object-attributes': '' }, 400, 'InvalidArgument'],
    ['those of nothing', 'none', {}, 404, 'NoSuchKey'],
    ['those of another version', 'k', { 'if-match': '"x"' }, 412, 'PreconditionFailed'],
  ])('are not told when %s is asked for', async (_flaw, key, headers, status, code) => {
    expect(outcome(await attributes(key, 'ETag', headers))).toEqual([status, code])
  })

  it.each(['s3:GetObject', 's3:GetObjectAttributes'])('are told only with %s', async (action) => {
    gateway.allow((_caller, request) => request.action !== action)
    expect(outcome(await attributes('k', 'ETag'))).toEqual([403, 'AccessDenied'])
  })

  it('say nothing of versions where a bucket never kept any', async () => {
    const told = await send(gateway, { path: '/bkt?versioning' })
    expect(told.body).toMatch(/<VersioningConfiguration [^>]*><\/VersioningConfiguration>$/)
  })

  it.each(['/bkt?acl', '/bkt/k?acl'])(
    'give the owner every right by the ACL at %s, which nobody changes',
    async (path) => {
      const told = await send(gateway, { path })
      expect(told.body).toContain('xsi:type="CanonicalUser"><ID>')
      expect(element(told, 'Permission')).toBe('FULL_CONTROL')
      const changed = await send(gateway, { method: 'PUT', path, headers: { 'x-amz-acl': 'public-read' } })
      expect(outcome(changed)).toEqual([400, 'AccessControlListNotSupported'])
    },
  )

  it.each([
    ['GET', '/bkt?acl', 's3:GetBucketAcl'],
    ['PUT', '/bkt?acl', 's3:PutBucketAcl'],
    ['GET', '/bkt/k?acl', 's3:GetObjectAcl'],
    ['PUT', '/bkt/k?acl', 's3:PutObjectAcl'],
    ['GET', '/bkt?versioning', 's3:GetBucketVersioning'],
    ['PUT', '/bkt?versioning', 's3:PutBucketVersioning'],
  ])('are for %s of %s behind %s', async (method, path, action) => {
    gateway.allow((_caller, request) => request.action !== action)
    expect(outcome(await send(gateway, { method, path }))).toEqual([403, 'AccessDenied'])
  })

  it.each(['encryption', 'lifecycle', 'replication', 'website', 'logging', 'notification', 'inventory'])(
    'of %s cannot be set up, and the answer says so',
    async (name) => {
      const answer = await send(gateway, { method: 'PUT', path: `/bkt?${name}` })
      expect(outcome(answer)).toEqual([501, 'NotImplemented'])
      expect(element(answer, 'Message')).toMatch(/^The operation Put\w+ is not implemented\.$/)
    },
  )

  it.each([
    ['null', [200]],
    ['1', [400, 501]],
  ])('are read of the version %s with one of the answers %j', async (version, statuses) => {
    expect(statuses).toContain((await send(gateway, { path: `/bkt/k?versionId=${version}` })).status)
  })

  it('are read of an object put at once as of its first part', async () => {
    const first = await send(gateway, { path: '/bkt/k?partNumber=1' })
    expect([first.status, first.body, first.headers['x-amz-mp-parts-count']]).toEqual([206, 'hello', undefined])
    expect(outcome(await send(gateway, { path: '/bkt/k?partNumber=2' }))).toEqual([416, 'InvalidPartNumber'])
  })
})
