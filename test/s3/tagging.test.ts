import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BACKINGS } from './support/backings.ts'
import type { Gateway } from './support/gateway.ts'
import { element, type RawAnswer, send } from './support/raw.ts'

const outcome = (answer: RawAnswer) => [answer.status, element(answer, 'Code')]
const tag = (key: string, value: string) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`
const tagging = (...tags: string[]) => `<Tagging><TagSet>${tags.join('')}</TagSet></Tagging>`

describe.each(BACKINGS)('tags in %s', (_backing, start) => {
  let gateway: Gateway
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    await send(gateway, { method: 'PUT', path: '/bkt' })
    await send(gateway, { method: 'PUT', path: '/bkt/k', body: 'x' })
  })
  afterAll(() => end())
  beforeEach(() => {
    gateway.allow((caller) => caller !== undefined)
    gateway.asked.splice(0)
  })

  const put = (path: string, body: string) => send(gateway, { method: 'PUT', path: `${path}?tagging`, body })
  const get = (path: string) => send(gateway, { path: `${path}?tagging` })
  const remove = (path: string) => send(gateway, { method: 'DELETE', path: `${path}?tagging` })
  const setOf = (answer: RawAnswer) => /<TagSet>.*<\/TagSet>/.exec(answer.body)?.[0]

  it('of an object are set, read in their order, replaced and removed', async () => {
    expect(setOf(await get('/bkt/k'))).toBe('<TagSet></TagSet>')
    expect((await put('/bkt/k', tagging(tag('b', '1 + 2 = 3'), tag('a', ''), tag('ключ', 'é@-_.:/')))).status).toBe(200)
    expect(setOf(await get('/bkt/k'))).toBe(
      `<TagSet>${tag('b', '1 + 2 = 3')}${tag('a', '')}${tag('ключ', 'é@-_.:/')}</TagSet>`,
    )
    const { headers, body } = await send(gateway, { path: '/bkt/k' })
    expect([body, headers['x-amz-tagging-count']]).toEqual(['x', '3'])
    await put('/bkt/k', tagging(tag('only', 'this')))
    expect(setOf(await get('/bkt/k'))).toBe(`<TagSet>${tag('only', 'this')}</TagSet>`)
    expect((await remove('/bkt/k')).status).toBe(204)
    expect(setOf(await get('/bkt/k'))).toBe('<TagSet></TagSet>')
    expect((await send(gateway, { path: '/bkt/k' })).headers['x-amz-tagging-count']).toBeUndefined()
  })

  it('come with an upload, and go with the object that is replaced', async () => {
    await send(gateway, {
      method: 'PUT',
      path: '/bkt/new',
      body: 'x',
      headers: { 'x-amz-tagging': 'a=b&c%20d=e%2Bf+g&h' },
    })
    expect(setOf(await get('/bkt/new'))).toBe(`<TagSet>${tag('a', 'b')}${tag('c d', 'e+f g')}${tag('h', '')}</TagSet>`)
    await send(gateway, { method: 'PUT', path: '/bkt/new', body: 'y' })
    expect(setOf(await get('/bkt/new'))).toBe('<TagSet></TagSet>')
  })

  it('are counted only for those who may read them', async () => {
    await put('/bkt/k', tagging(tag('a', 'b')))
    gateway.allow((_caller, { action }) => action === 's3:GetObject')
    const { status, headers } = await send(gateway, { path: '/bkt/k' })
    expect([status, headers['x-amz-tagging-count']]).toEqual([200, undefined])
  })

  it('of a bucket are set, read, replaced and removed', async () => {
    expect(outcome(await get('/bkt'))).toEqual([404, 'NoSuchTagSet'])
    expect((await put('/bkt', tagging(tag('team', 'blue')))).status).toBe(204)
    expect(setOf(await get('/bkt'))).toBe(`<TagSet>${tag('team', 'blue')}</TagSet>`)
    expect((await remove('/bkt')).status).toBe(204)
    expect(outcome(await get('/bkt'))).toEqual([404, 'NoSuchTagSet'])
  })

  it.each([
    ['no document', '', 'MalformedXML'],
    ['another document', '<Other/>', 'MalformedXML'],
    ['no set', '<Tagging/>', 'MalformedXML'],
    ['a tag without a value', tagging('<Tag><Key>a</Key></Tag>'), 'MalformedXML'],
    ['a tag of two keys', tagging('<Tag><Key>a</Key><Key>b</Key><Value/></Tag>'), 'MalformedXML'],
    ['an empty key', tagging(tag('', 'x')), 'InvalidTag'],
    ['a key twice', tagging(tag('a', 'x'), tag('a', 'y')), 'InvalidTag'],
    ['a key that is too long', tagging(tag('k'.repeat(129), 'x')), 'InvalidTag'],
    ['a value that is too long', tagging(tag('k', 'v'.repeat(257))), 'InvalidTag'],
    ['a character that no tag may have', tagging(tag('k', 'a&#33;')), 'InvalidTag'],
    ['a key of AWS’s own', tagging(tag('aws:x', 'y')), 'InvalidTag'],
    ['too many', tagging(...Array.from({ length: 11 }, (_, i) => tag(`k${i}`, ''))), 'BadRequest'],
  ])('with %s are refused, and the old ones stay', async (_flaw, body, code) => {
    await put('/bkt/k', tagging(tag('old', 'tag')))
    expect(outcome(await put('/bkt/k', body))).toEqual([400, code])
    expect(setOf(await get('/bkt/k'))).toBe(`<TagSet>${tag('old', 'tag')}</TagSet>`)
  })

  it('of a bucket may be fifty', async () => {
    const many = (count: number) => tagging(...Array.from({ length: count }, (_, i) => tag(`k${i}`, '')))
    expect((await put('/bkt', many(50))).status).toBe(204)
    expect(outcome(await put('/bkt', many(51)))).toEqual([400, 'BadRequest'])
    await remove('/bkt')
  })

  it('of what is not there are not told', async () => {
    expect(outcome(await get('/bkt/none'))).toEqual([404, 'NoSuchKey'])
    expect(outcome(await put('/bkt/none', tagging(tag('a', 'b'))))).toEqual([404, 'NoSuchKey'])
    expect(outcome(await remove('/bkt/none'))).toEqual([404, 'NoSuchKey'])
    expect([400, 501]).toContain((await send(gateway, { path: '/bkt/k?tagging&versionId=1' })).status)
    gateway.allow((_caller, { action }) => action !== 's3:ListBucket')
    expect(outcome(await get('/bkt/none'))).toEqual([403, 'AccessDenied'])
  })

  it.each([
    ['GET', '/bkt/k', 's3:GetObjectTagging'],
    ['PUT', '/bkt/k', 's3:PutObjectTagging'],
    ['DELETE', '/bkt/k', 's3:DeleteObjectTagging'],
    ['GET', '/bkt', 's3:GetBucketTagging'],
    ['PUT', '/bkt', 's3:PutBucketTagging'],
    ['DELETE', '/bkt', 's3:PutBucketTagging'],
  ])('are for %s of %s behind %s', async (method, path, action) => {
    gateway.allow((_caller, request) => request.action !== action)
    const answer = await send(gateway, {
      method,
      path: `${path}?tagging`,
      body: method === 'PUT' ? tagging(tag('a', 'b')) : '',
    })
    expect(outcome(answer)).toEqual([403, 'AccessDenied'])
    expect(gateway.asked.map((request) => [request.action, request.resource])).toEqual([
      [action, `arn:aws:s3:::${path.slice(1)}`],
    ])
  })
})
