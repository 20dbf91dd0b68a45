import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { startChecksum } from '@daypass/core/checksum/checksum.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BACKINGS } from './support/backings.ts'
import type { Gateway } from './support/gateway.ts'
import { element, type RawAnswer, send } from './support/raw.ts'

const MIB = 1024 * 1024
const BIG = Buffer.alloc(5 * MIB, 'a')
const SMALL = Buffer.from('the end')

const md5 = (content: Uint8Array) => createHash('md5').update(content).digest()
const tagOf = (...parts: Uint8Array[]) => `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-${parts.length}"`
const crc = (algorithm: 'crc32' | 'crc64nvme' | 'sha256', ...parts: Uint8Array[]) => {
  const checksum = startChecksum(algorithm)
  for (const part of parts) checksum.update(part)
  return checksum.digest()
}

describe.each(BACKINGS)('a multipart upload to %s', (_backing, start) => {
  let gateway: Gateway
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    await send(gateway, { method: 'PUT', path: '/bkt' })
  })
  afterAll(() => end())
  beforeEach(() => gateway.asked.splice(0))

  const begin = async (key: string, headers: Record<string, string> = {}) => {
    const answer = await send(gateway, { method: 'POST', path: `/bkt/${key}?uploads`, headers })
    expect(answer.status).toBe(200)
    return element(answer, 'UploadId') ?? ''
  }
  const putPart = (key: string, id: string, number: number | string, body: Uint8Array, headers = {}) =>
    send(gateway, {
      method: 'PUT',
      path: `/bkt/${key}?partNumber=${number}&uploadId=${id}`,
      body,
      headers,
      contentSha256: 'UNSIGNED-PAYLOAD',
    })
  type Named = readonly [number: number, etag: string, extra?: string]
  const complete = (key: string, id: string, parts: readonly Named[], headers: Record<string, string> = {}) =>
    send(gateway, {
      method: 'POST',
      path: `/bkt/${key}?uploadId=${id}`,
      headers,
      body: `<CompleteMultipartUpload>${parts
        .map(([n, etag, extra = '']) => `<Part><PartNumber>${n}</PartNumber><ETag>${etag}</ETag>${extra}</Part>`)
        .join('')}</CompleteMultipartUpload>`,
    })
  const etagOf = (answer: RawAnswer) => answer.headers.etag ?? ''
  const head = (key: string, query = '') =>
    send(gateway, { method: 'HEAD', path: `/bkt/${key}${query}`, headers: { 'x-amz-checksum-mode': 'ENABLED' } })
  const outcome = (answer: RawAnswer) => [answer.status, element(answer, 'Code')]

  it('makes one object of its parts, with what was said of it at the beginning', async () => {
    const id = await begin('whole', {
      'content-type': 'text/plain',
      'x-amz-meta-colour': 'blue',
      'x-amz-tagging': 'a=b',
    })
    const two = etagOf(await putPart('whole', id, 7, SMALL))
    const one = etagOf(await putPart('whole', id, 2, BIG))
    expect([one, two]).toEqual([`"${md5(BIG).toString('hex')}"`, `"${md5(SMALL).toString('hex')}"`])
    expect((await head('whole')).status).toBe(404)
    const made = await complete('whole', id, [
      [2, one],
      [7, two.replaceAll('"', '')],
    ])
    expect([made.status, element(made, 'ETag'), element(made, 'Location')]).toEqual([
      200,
      tagOf(BIG, SMALL).replaceAll('"', '&quot;'),
      `${gateway.endpoint}/bkt/whole`,
    ])
    const got = await send(gateway, { path: '/bkt/whole' })
    expect(got.body).toBe(`${BIG}${SMALL}`)
    expect(got.headers).toMatchObject({
      etag: tagOf(BIG, SMALL),
      'content-type': 'text/plain',
      'x-amz-meta-colour': 'blue',
      'x-amz-tagging-count': '1',
    })
    expect(
      (await send(gateway, { path: '/bkt/whole', headers: { range: `bytes=${5 * MIB - 2}-${5 * MIB + 2}` } })).body,
    ).toBe('aathe')
    expect((await send(gateway, { path: '/bkt/whole', headers: { range: 'bytes=-3' } })).body).toBe('end')
    expect((await send(gateway, { path: '/bkt?uploads' })).body).not.toContain(id)
  })

  it('is read part by part', async () => {
    const second = await head('whole', '?partNumber=2')
    expect(second.status).toBe(206)
    expect(second.headers).toMatchObject({
      'content-length': String(SMALL.length),
      'content-range': `bytes ${BIG.length}-${BIG.length + SMALL.length - 1}/${BIG.length + SMALL.length}`,
      'x-amz-mp-parts-count': '2',
    })
    expect((await send(gateway, { path: '/bkt/whole?partNumber=2' })).body).toBe(String(SMALL))
    expect((await head('whole', '?partNumber=1')).headers['content-length']).toBe(String(BIG.length))
    const third = await send(gateway, { path: '/bkt/whole?partNumber=3' })
    expect(outcome(third)).toEqual([416, 'InvalidPartNumber'])
    const both = await send(gateway, { path: '/bkt/whole?partNumber=1', headers: { range: 'bytes=0-1' } })
    expect(outcome(both)).toEqual([400, 'InvalidRequest'])
    expect(outcome(await send(gateway, { path: '/bkt/whole?partNumber=0' }))).toEqual([400, 'InvalidArgument'])
  })

  it('is completed again with the same answer', async () => {
    const id = await begin('twice')
    const one = etagOf(await putPart('twice', id, 1, SMALL))
    const first = await complete('twice', id, [[1, one]])
    const second = await complete('twice', id, [[1, one]])
    expect([second.status, element(second, 'ETag')]).toEqual([200, element(first, 'ETag')])
    await send(gateway, { method: 'PUT', path: '/bkt/twice', body: 'newer' })
    expect(outcome(await complete('twice', id, [[1, one]]))).toEqual([404, 'NoSuchUpload'])
    expect((await send(gateway, { path: '/bkt/twice' })).body).toBe('newer')
  })

  it('takes the last of several parts of one number, and drops those that are not named', async () => {
    const id = await begin('again')
    await putPart('again', id, 1, Buffer.from('first'))
    const one = etagOf(await putPart('again', id, 1, Buffer.from('second')))
    await putPart('again', id, 2, Buffer.from('unnamed'))
    expect((await complete('again', id, [[1, one]])).status).toBe(200)
    expect((await send(gateway, { path: '/bkt/again' })).body).toBe('second')
  })

  it.each<[string, readonly (number | string)[], number, string]>([
    ['a part that is not there', [1, 3], 400, 'InvalidPart'],
    ['another tag than the part has', [1, 'x2'], 400, 'InvalidPart'],
    ['parts out of order', [2, 1], 400, 'InvalidPartOrder'],
    ['a part twice', [1, 1], 400, 'InvalidPartOrder'],
    ['a part before the last that is too small', [2, 4], 400, 'EntityTooSmall'],
    ['no part', [], 400, 'MalformedXML'],
  ])('that is completed with %s is refused, and goes on', async (_flaw, named, status, code) => {
    const id = await begin('flawed')
    const etags = new Map<number, string>()
    for (const [number, body] of [
      [1, BIG],
      [2, SMALL],
      [4, SMALL],
    ] as const) {
      etags.set(number, etagOf(await putPart('flawed', id, number, body)))
    }
    const parts = named.map((each): Named => {
      if (typeof each === 'string') return [Number(each.slice(1)), md5(Buffer.from('other')).toString('hex')]
      return [each, etags.get(each) ?? md5(SMALL).toString('hex')]
    })
    expect(outcome(await complete('flawed', id, parts))).toEqual([status, code])
    expect((await head('flawed')).status).toBe(404)
    expect((await send(gateway, { path: `/bkt/flawed?uploadId=${id}` })).status).toBe(200)
    expect((await send(gateway, { method: 'DELETE', path: `/bkt/flawed?uploadId=${id}` })).status).toBe(204)
  })

  it.each([
    ['no XML', 'rubbish'],
    ['no number', '<CompleteMultipartUpload><Part><ETag>x</ETag></Part></CompleteMultipartUpload>'],
    ['another element', '<CompleteMultipartUpload><Other/></CompleteMultipartUpload>'],
    [
      'another element beside a part',
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part><Other/></CompleteMultipartUpload>',
    ],
  ])('is not completed by a document with %s', async (_flaw, body) => {
    const id = await begin('malformed')
    const answer = await send(gateway, { method: 'POST', path: `/bkt/malformed?uploadId=${id}`, body })
    expect(outcome(answer)).toEqual([400, 'MalformedXML'])
    await send(gateway, { method: 'DELETE', path: `/bkt/malformed?uploadId=${id}` })
  })

  it.each(['0', '10001', '-1', 'x', ''])('takes no part number %j', async (number) => {
    const id = await begin('numbers')
    expect(outcome(await putPart('numbers', id, number, SMALL))).toEqual([400, 'InvalidArgument'])
    await send(gateway, { method: 'DELETE', path: `/bkt/numbers?uploadId=${id}` })
  })

  it('is known by both of its names alone', async () => {
    const id = await begin('mine')
    const one = etagOf(await putPart('mine', id, 1, SMALL))
    await send(gateway, { method: 'PUT', path: '/another' })
    for (const [key, name] of [
      ['other', id],
      ['mine', 'f'.repeat(44)],
      ['mine', '..%2F..%2Fetc'],
      ['mine', 'f'.repeat(3000)],
    ] as const) {
      expect(outcome(await putPart(key, name, 1, SMALL))).toEqual([404, 'NoSuchUpload'])
      expect(outcome(await complete(key, name, [[1, one]]))).toEqual([404, 'NoSuchUpload'])
      expect(outcome(await send(gateway, { path: `/bkt/${key}?uploadId=${name}` }))).toEqual([404, 'NoSuchUpload'])
      const aborted = await send(gateway, { method: 'DELETE', path: `/bkt/${key}?uploadId=${name}` })
      expect(outcome(aborted)).toEqual([404, 'NoSuchUpload'])
    }
    const elsewhere = await send(gateway, { path: `/another/mine?uploadId=${id}` })
    expect(outcome(elsewhere)).toEqual([404, 'NoSuchUpload'])
    await send(gateway, { method: 'DELETE', path: `/bkt/mine?uploadId=${id}` })
    expect(outcome(await putPart('mine', id, 1, SMALL))).toEqual([404, 'NoSuchUpload'])
  })

  it('keeps the former part when a new one turns out wrong', async () => {
    const id = await begin('part')
    const one = etagOf(await putPart('part', id, 1, Buffer.from('good')))
    const wrong = await putPart('part', id, 1, Buffer.from('evil'), { 'content-md5': md5(SMALL).toString('base64') })
    expect(outcome(wrong)).toEqual([400, 'BadDigest'])
    expect((await complete('part', id, [[1, one]])).status).toBe(200)
    expect((await send(gateway, { path: '/bkt/part' })).body).toBe('good')
  })

  it('heeds preconditions when it is completed', async () => {
    await send(gateway, { method: 'PUT', path: '/bkt/there', body: 'old' })
    const id = await begin('there')
    const one = etagOf(await putPart('there', id, 1, SMALL))
    expect(outcome(await complete('there', id, [[1, one]], { 'if-none-match': '*' }))).toEqual([
      412,
      'PreconditionFailed',
    ])
    expect((await send(gateway, { path: '/bkt/there' })).body).toBe('old')
    const old = `"${md5(Buffer.from('old')).toString('hex')}"`
    expect((await complete('there', id, [[1, one]], { 'if-match': old })).status).toBe(200)
  })

  describe('with checksums', () => {
    it('has a composite one of those of its parts', async () => {
      const id = await begin('composite', { 'x-amz-checksum-algorithm': 'SHA256' })
      const parts: Named[] = []
      for (const [index, body] of [BIG, SMALL].entries()) {
        const value = crc('sha256', body)
        const put = await putPart('composite', id, index + 1, body, { 'x-amz-checksum-sha256': value })
        expect(put.headers['x-amz-checksum-sha256']).toBe(value)
        parts.push([index + 1, etagOf(put), `<ChecksumSHA256>${value}</ChecksumSHA256>`])
      }
      const bare = await complete(
        'composite',
        id,
        parts.map(([n, etag]) => [n, etag]),
      )
      expect(outcome(bare)).toEqual([400, 'InvalidRequest'])
      const wrong = parts.map(([n, etag]): Named => [n, etag, `<ChecksumSHA256>${crc('sha256')}</ChecksumSHA256>`])
      expect(outcome(await complete('composite', id, wrong))).toEqual([400, 'InvalidPart'])
      const listed = await send(gateway, { path: `/bkt/composite?uploadId=${id}` })
      expect(element(listed, 'ChecksumAlgorithm')).toBe('SHA256')
      expect(element(listed, 'ChecksumSHA256')).toBe(crc('sha256', BIG))
      const value = `${crc('sha256', ...[BIG, SMALL].map((body) => Buffer.from(crc('sha256', body), 'base64')))}-2`
      const made = await complete('composite', id, parts)
      expect([element(made, 'ChecksumSHA256'), element(made, 'ChecksumType')]).toEqual([value, 'COMPOSITE'])
      expect((await head('composite')).headers).toMatchObject({
        'x-amz-checksum-sha256': value,
        'x-amz-checksum-type': 'COMPOSITE',
      })
    })

    it('has one of the whole, which the sender may state', async () => {
      const id = await begin('full', { 'x-amz-checksum-algorithm': 'CRC64NVME' })
      const parts: Named[] = []
      for (const [index, body] of [BIG, SMALL].entries()) {
        const value = crc('crc64nvme', body)
        const put = await putPart('full', id, index + 1, body, { 'x-amz-checksum-crc64nvme': value })
        parts.push([index + 1, etagOf(put), `<ChecksumCRC64NVME>${value}</ChecksumCRC64NVME>`])
      }
      const type = { 'x-amz-checksum-type': 'FULL_OBJECT' }
      const wrong = await complete('full', id, parts, { ...type, 'x-amz-checksum-crc64nvme': crc('crc64nvme', SMALL) })
      expect(outcome(wrong)).toEqual([400, 'BadDigest'])
      expect(outcome(await complete('full', id, parts, { 'x-amz-checksum-type': 'COMPOSITE' }))).toEqual([
        400,
        'InvalidRequest',
      ])
      expect(outcome(await complete('full', id, parts, { 'x-amz-mp-object-size': '7' }))).toEqual([
        400,
        'InvalidRequest',
      ])
      const value = crc('crc64nvme', BIG, SMALL)
      const size = { 'x-amz-mp-object-size': String(BIG.length + SMALL.length) }
      const made = await complete('full', id, parts, { ...type, ...size, 'x-amz-checksum-crc64nvme': value })
      expect([made.status, element(made, 'ChecksumCRC64NVME')]).toEqual([200, value])
      expect((await head('full')).headers).toMatchObject({
        'x-amz-checksum-crc64nvme': value,
        'x-amz-checksum-type': 'FULL_OBJECT',
      })
    })

    it('takes no part with another checksum than it promised', async () => {
      const id = await begin('mixed', { 'x-amz-checksum-algorithm': 'SHA256' })
      const other = await putPart('mixed', id, 1, SMALL, { 'x-amz-checksum-crc32': crc('crc32', SMALL) })
      expect(other.status).toBe(400)
      await send(gateway, { method: 'DELETE', path: `/bkt/mixed?uploadId=${id}` })
    })

    it.each([
      { 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'FULL_OBJECT' },
      { 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'COMPOSITE' },
      { 'x-amz-checksum-algorithm': 'XXHASH' },
      { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'HALF' },
      { 'x-amz-checksum-type': 'COMPOSITE' },
    ])('does not begin with %j', async (headers) => {
      const answer = await send(gateway, { method: 'POST', path: '/bkt/never?uploads', headers })
      expect(outcome(answer)).toEqual([400, 'InvalidRequest'])
    })
  })

  describe('with parts of other objects', () => {
    const copyPart = (id: string, number: number, source: string, headers = {}) =>
      send(gateway, {
        method: 'PUT',
        path: `/bkt/copied?partNumber=${number}&uploadId=${id}`,
        headers: { 'x-amz-copy-source': source, ...headers },
      })

    it('has bytes of theirs', async () => {
      await send(gateway, { method: 'PUT', path: '/bkt/big', body: BIG, contentSha256: 'UNSIGNED-PAYLOAD' })
      await send(gateway, { method: 'PUT', path: '/bkt/a%20b', body: 'hello world' })
      const id = await begin('copied')
      const one = await copyPart(id, 1, '/bkt/big')
      const two = await copyPart(id, 2, 'bkt/a%20b', { 'x-amz-copy-source-range': 'bytes=6-10' })
      expect(two.body).toContain('CopyPartResult')
      const etags = [one, two].map((part) => element(part, 'ETag') ?? '')
      expect(
        (
          await complete('copied', id, [
            [1, etags[0] ?? ''],
            [2, etags[1] ?? ''],
          ])
        ).status,
      ).toBe(200)
      expect((await send(gateway, { path: '/bkt/copied' })).body).toBe(`${BIG}world`)
      expect((await head('copied')).headers.etag).toBe(tagOf(BIG, Buffer.from('world')))
    })

    it.each([
      ['a range that is none', '/bkt/a%20b', { 'x-amz-copy-source-range': 'bytes=6-' }, 400, 'InvalidArgument'],
      ['a range beyond its end', '/bkt/a%20b', { 'x-amz-copy-source-range': 'bytes=6-11' }, 400, 'InvalidArgument'],
      ['a source that is not there', '/bkt/nothing', {}, 404, 'NoSuchKey'],
      ['a bucket that is not there', '/nowhere/k', {}, 404, 'NoSuchBucket'],
      ['a source that has changed', '/bkt/a%20b', { 'x-amz-copy-source-if-match': '"x"' }, 412, 'PreconditionFailed'],
    ])('takes none from %s', async (_flaw, source, headers, status, code) => {
      const id = await begin('copied')
      expect(outcome(await copyPart(id, 1, source, headers))).toEqual([status, code])
      expect(outcome(await copyPart('f'.repeat(44), 1, '/bkt/a%20b'))).toEqual([404, 'NoSuchUpload'])
      await send(gateway, { method: 'DELETE', path: `/bkt/copied?uploadId=${id}` })
    })

    it('needs the right to read them', async () => {
      const id = await begin('copied')
      gateway.allow((_caller, { action }) => action !== 's3:GetObject')
      expect(outcome(await copyPart(id, 1, '/bkt/big'))).toEqual([403, 'AccessDenied'])
      gateway.allow((caller) => caller !== undefined)
      await send(gateway, { method: 'DELETE', path: `/bkt/copied?uploadId=${id}` })
    })
  })

  describe('in lists', () => {
    it('is shown with its parts, page by page', async () => {
      const id = await begin('listed')
      for (const number of [1, 2, 10]) await putPart('listed', id, number, Buffer.from(`part ${number}`))
      const first = await send(gateway, { path: `/bkt/listed?uploadId=${id}&max-parts=2` })
      expect(first.body.match(/<PartNumber>\d+/g)).toEqual(['<PartNumber>1', '<PartNumber>2'])
      expect(['IsTruncated', 'NextPartNumberMarker', 'MaxParts'].map((name) => element(first, name))).toEqual([
        'true',
        '2',
        '2',
      ])
      const rest = await send(gateway, { path: `/bkt/listed?uploadId=${id}&part-number-marker=2` })
      expect(rest.body.match(/<PartNumber>\d+/g)).toEqual(['<PartNumber>10'])
      expect([element(rest, 'IsTruncated'), element(rest, 'Size')]).toEqual(['false', '7'])
      await send(gateway, { method: 'DELETE', path: `/bkt/listed?uploadId=${id}` })
    })

    it('is shown with others, by key and beginning, keys rolled up', async () => {
      await send(gateway, { method: 'PUT', path: '/lists' })
      const ids: string[] = []
      for (const key of ['b', 'a', 'a', 'd/1', 'd/2']) {
        const answer = await send(gateway, { method: 'POST', path: `/lists/${key}?uploads` })
        ids.push(element(answer, 'UploadId') ?? '')
      }
      const list = (query: string) => send(gateway, { path: `/lists?uploads&${query}` })
      const all = await list('')
      expect(all.body.match(/<Key>[^<]*/g)).toEqual(['a', 'a', 'b', 'd/1', 'd/2'].map((key) => `<Key>${key}`))
      const rolled = await list('delimiter=%2F')
      expect(rolled.body.match(/<Key>[^<]*/g)).toEqual(['a', 'a', 'b'].map((key) => `<Key>${key}`))
      expect(rolled.body).toContain('<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>')
      expect((await list('prefix=d')).body.match(/<Key>[^<]*/g)).toEqual(['<Key>d/1', '<Key>d/2'])

      const seen: string[] = []
      let markers = ''
      for (let page = 0; page < 10; page++) {
        const answer = await list(`max-uploads=1${markers}`)
        seen.push(element(answer, 'UploadId') ?? '')
        if (element(answer, 'IsTruncated') === 'false') break
        markers = `&key-marker=${encodeURIComponent(element(answer, 'NextKeyMarker') ?? '')}&upload-id-marker=${element(answer, 'NextUploadIdMarker')}`
      }
      expect(seen).toEqual([ids[1], ids[2], ids[0], ids[3], ids[4]])
      expect((await list('key-marker=a')).body.match(/<Key>[^<]*/g)?.[0]).toBe('<Key>b')
      expect((await list('max-uploads=0')).body).not.toContain('<Upload>')
    })
  })

  it.each([
    ['begins', 'POST', '/bkt/k?uploads', 's3:PutObject', 'k'],
    ['takes a part', 'PUT', '/bkt/k?partNumber=1&uploadId=u', 's3:PutObject', 'k'],
    ['is completed', 'POST', '/bkt/k?uploadId=u', 's3:PutObject', 'k'],
    ['is aborted', 'DELETE', '/bkt/k?uploadId=u', 's3:AbortMultipartUpload', 'k'],
    ['tells its parts', 'GET', '/bkt/k?uploadId=u', 's3:ListMultipartUploadParts', 'k'],
    ['is listed', 'GET', '/bkt?uploads', 's3:ListBucketMultipartUploads', undefined],
  ])('%s only by who may', async (_what, method, path, action, key) => {
    gateway.allow((_caller, request) => request.action !== action)
    expect(outcome(await send(gateway, { method, path }))).toEqual([403, 'AccessDenied'])
    expect(gateway.asked).toContainEqual(
      expect.objectContaining({ action, resource: `arn:aws:s3:::bkt${key ? `/${key}` : ''}` }),
    )
    gateway.allow((caller) => caller !== undefined)
  })

  it('begins with tags only by who may tag', async () => {
    gateway.allow((_caller, { action }) => action !== 's3:PutObjectTagging')
    const path = '/bkt/tagged?uploads'
    const headers = { 'x-amz-tagging': 'team=blue' }
    expect(outcome(await send(gateway, { method: 'POST', path, headers }))).toEqual([403, 'AccessDenied'])
    expect(gateway.asked.map(({ action, context }) => [action, context.get('s3:RequestObjectTag/team')])).toEqual([
      ['s3:PutObject', ['blue']],
      ['s3:PutObjectTagging', ['blue']],
    ])
    gateway.allow((caller) => caller !== undefined)
  })
})

describe('a multipart upload on disk', () => {
  it('leaves no file when it is aborted, and those of its object when it is completed', async () => {
    const [, start] = BACKINGS[0] ?? expect.fail()
    const { gateway, end } = await start()
    const files = async () =>
      (await readdir(gateway.folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length
    await send(gateway, { method: 'PUT', path: '/bkt' })
    const begin = async () => element(await send(gateway, { method: 'POST', path: '/bkt/k?uploads' }), 'UploadId')
    const part = (id: string | undefined, n: number) =>
      send(gateway, { method: 'PUT', path: `/bkt/k?partNumber=${n}&uploadId=${id}`, body: `part ${n}` })
    const aborted = await begin()
    await Promise.all([1, 2, 3, 3, 3].map((n) => part(aborted, n)))
    expect(await files()).toBe(3)
    await send(gateway, { method: 'DELETE', path: `/bkt/k?uploadId=${aborted}` })
    expect(await files()).toBe(0)

    const completed = await begin()
    const etag = (await part(completed, 1)).headers.etag
    await part(completed, 2)
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`
    await send(gateway, { method: 'POST', path: `/bkt/k?uploadId=${completed}`, body })
    expect(await files()).toBe(2) // the part, and the list that names it
    await send(gateway, { method: 'PUT', path: '/bkt/k', body: 'whole' })
    expect(await files()).toBe(1)

    await part(await begin(), 1)
    await send(gateway, { method: 'DELETE', path: '/bkt/k' })
    expect((await send(gateway, { method: 'DELETE', path: '/bkt' })).status).toBe(204)
    expect(await files()).toBe(0)
    await end()
  })
})
