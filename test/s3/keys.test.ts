import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from './support/gateway.ts'
import { element, send } from './support/raw.ts'

/** Keys that path handling, file systems or Unicode folding would confuse with one another. */
const HOSTILE = [
  '../other/x',
  '..',
  './x',
  'x',
  'a//b',
  'a/b',
  'a/./b',
  'a/../b',
  '/lead',
  'lead',
  'trail/',
  'trail',
  '//',
  '%2e%2e',
  '%2F',
  'a b',
  'a+b',
  'a%20b',
  'a?b',
  'a#b',
  'a\\b',
  'C:\\x',
  'caf\u00e9',
  'cafe\u0301',
  '\ufeffbom',
  'bom',
  'null',
  '__proto__',
  'UPPER',
  'upper',
  '\u{1f600}',
  '<&>"\'',
  'x'.repeat(1024),
]

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
  await send(gateway, { method: 'PUT', path: '/bkt' })
  await send(gateway, { method: 'PUT', path: '/other' })
})
afterAll(() => gateway.close())

describe('keys', () => {
  it('are all distinct and come back as they were sent', async () => {
    const s3 = gateway.client()
    const encoded = (key: string) => encodeURIComponent(key)
    for (const key of HOSTILE) {
      const put = await send(gateway, { method: 'PUT', path: `/bkt/${encoded(key)}`, body: `content of ${key}` })
      expect(put.status, key).toBe(200)
    }
    for (const key of HOSTILE) {
      expect((await send(gateway, { path: `/bkt/${encoded(key)}` })).body).toBe(`content of ${key}`)
    }
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'bkt', EncodingType: 'url' }))
    const keys = listed.Contents?.map(({ Key }) => decodeURIComponent((Key ?? '').replaceAll('+', '%20')))
    expect(new Set(keys)).toEqual(new Set(HOSTILE))
    expect((await send(gateway, { path: '/other' })).body).not.toContain('<Contents>')
  })

  it.each(HOSTILE)('%j is the SDK’s key, too', async (Key) => {
    const s3 = gateway.client()
    await s3.send(new PutObjectCommand({ Bucket: 'bkt', Key, Body: `sdk ${Key}` }))
    expect(await (await s3.send(new GetObjectCommand({ Bucket: 'bkt', Key }))).Body?.transformToString()).toBe(
      `sdk ${Key}`,
    )
    await s3.send(new DeleteObjectCommand({ Bucket: 'bkt', Key }))
  })

  it('with control characters are listed, as references or percent-encoded', async () => {
    await send(gateway, { method: 'PUT', path: '/other/a%01b', body: 'x' })
    expect((await send(gateway, { path: '/other?prefix=a' })).body).toContain('<Key>a&#x1;b</Key>')
    const encoded = await send(gateway, { path: '/other?prefix=a&encoding-type=url' })
    expect(element(encoded, 'Key')).toBe('a%01b')
  })
})

describe('a listing', () => {
  it('encodes every name when asked', async () => {
    await send(gateway, { method: 'PUT', path: '/other/d%20d/x%2By', body: 'x' })
    const { body } = await send(gateway, {
      path: '/other?list-type=2&prefix=d%20&delimiter=%2F&start-after=d%20&encoding-type=url&fetch-owner=true',
    })
    expect(body).toContain('<Prefix>d+</Prefix>')
    expect(body).toContain('<Delimiter>/</Delimiter>')
    expect(body).toContain('<StartAfter>d+</StartAfter>')
    expect(body).toContain('<CommonPrefixes><Prefix>d+d/</Prefix></CommonPrefixes>')
    expect(body).toContain('<EncodingType>url</EncodingType>')
  })

  it('shows owners when asked', async () => {
    expect((await send(gateway, { path: '/other?list-type=2&fetch-owner=true' })).body).toContain('<Owner>')
    expect((await send(gateway, { path: '/other?list-type=2' })).body).not.toContain('<Owner>')
  })

  it.each([
    ['max-keys=-1'],
    ['max-keys=x'],
    ['encoding-type=base64'],
    ['list-type=3'],
    ['list-type=2&continuation-token=rubbish'],
    [`list-type=2&continuation-token=${Buffer.from(`a${'k'.repeat(1025)}`).toString('base64url')}`],
    [`list-type=2&start-after=${'x'.repeat(1025)}`],
    [`marker=${'x'.repeat(1025)}`],
  ])('with %s is refused', async (query) => {
    const answer = await send(gateway, { path: `/other?${query}` })
    expect([answer.status, element(answer, 'Code')]).toEqual([400, 'InvalidArgument'])
  })

  it.each([
    ['max-keys=0', '0'],
    ['max-keys=5000', '1000'],
    ['max-keys=', '1000'],
  ])('with %s takes %s keys at most', async (query, most) => {
    const answer = await send(gateway, { path: `/other?list-type=2&${query}` })
    expect([element(answer, 'MaxKeys'), element(answer, 'IsTruncated')]).toEqual([most, 'false'])
  })
})

describe('an object’s answer', () => {
  it('is harmless in a browser', async () => {
    const headers = { 'content-type': 'text/html' }
    await send(gateway, { method: 'PUT', path: '/other/page', body: '<script>1</script>', headers })
    for (const method of ['GET', 'HEAD']) {
      const answer = await send(gateway, { method, path: '/other/page' })
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': 'sandbox',
        'content-type': 'text/html',
        'accept-ranges': 'bytes',
        'content-length': '18',
      })
    }
  })

  it.each([
    ['GET', { range: 'bytes=1-3' }, 206, 'scr', { 'content-range': 'bytes 1-3/18', 'content-length': '3' }],
    ['HEAD', { range: 'bytes=1-3' }, 206, '', { 'content-range': 'bytes 1-3/18', 'content-length': '3' }],
    ['GET', { range: 'bytes=99-' }, 416, undefined, { 'content-range': 'bytes */18' }],
    ['GET', { range: 'bytes=1-3', 'if-range': '"other"' }, 200, '<script>1</script>', {}],
    ['GET', { 'if-none-match': '*' }, 304, '', {}],
    ['HEAD', { 'if-none-match': '*' }, 304, '', {}],
    ['GET', { 'if-match': '"other"' }, 412, undefined, {}],
  ])('to %s with %j is %i', async (method, headers, status, body, answered) => {
    const answer = await send(gateway, { method, path: '/other/page', headers })
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject(answered)
    if (body !== undefined) expect(answer.body).toBe(body)
    if (status === 304) expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}"$/)
  })

  it.each(['response-content-disposition=a%0d%0aSet-Cookie:x', 'response-expires=%E2%82%AC'])(
    'takes no %s',
    async (query) => expect((await send(gateway, { path: `/other/page?${query}` })).status).toBe(400),
  )
})
