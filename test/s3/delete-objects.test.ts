import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BACKINGS } from './support/backings.ts'
import type { Gateway } from './support/gateway.ts'
import { element, type RawAnswer, send } from './support/raw.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('base64')
const outcome = (answer: RawAnswer) => [answer.status, element(answer, 'Code')]
const named = (...keys: string[]) => keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')

describe.each(BACKINGS)('a removal of many objects from %s', (_backing, start) => {
  let gateway: Gateway
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    await send(gateway, { method: 'PUT', path: '/bkt' })
  })
  afterAll(() => end())
  beforeEach(async () => {
    gateway.allow((caller) => caller !== undefined)
    for (const key of ['a', 'b', 'c%2Fd']) await send(gateway, { method: 'PUT', path: `/bkt/${key}`, body: key })
    gateway.asked.splice(0)
  })

  const remove = (inner: string, headers?: Record<string, string>) => {
    const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</Delete>`
    return send(gateway, {
      method: 'POST',
      path: '/bkt?delete',
      body,
      headers: headers ?? { 'content-md5': md5(body) },
    })
  }
  const left = async () => (await send(gateway, { path: '/bkt?list-type=2' })).body.match(/<Key>[^<]*/g) ?? []

  it('removes each, and tells of each in the order of the request', async () => {
    const answer = await remove(named('a', 'nothing', 'c/d'))
    expect(answer.body).toMatch(
      /<DeleteResult [^>]*><Deleted><Key>a<\/Key><\/Deleted><Deleted><Key>nothing<\/Key><\/Deleted><Deleted><Key>c\/d<\/Key><\/Deleted><\/DeleteResult>/,
    )
    expect(await left()).toEqual(['<Key>b'])
  })

  it.each([
    ['of tags alone', '<a/>'.repeat(20_000)],
    ['of more objects than one request removes', named('a').repeat(7_000)],
  ])('does not weigh a list %s', async (_what, inner) => {
    const answer = await remove(inner)
    expect(outcome(answer)).toEqual([400, 'MalformedXML'])
    expect(await left()).toHaveLength(3)
  })

  it.each(['<versionId>null</versionId>', '<x:VersionId xmlns:x="u">null</x:VersionId>', '<Other/>'])(
    'takes no %s for nothing',
    async (element) => {
      expect(outcome(await remove(`<Object><Key>a</Key>${element}</Object>`))).toEqual([400, 'MalformedXML'])
      expect(await left()).toHaveLength(3)
    },
  )

  it.each(['s3:GetObject', 's3:GetObjectVersion'])(
    'tells nobody without %s whether a content is there',
    async (action) => {
      gateway.allow((_caller, asked) => asked.action !== action || asked.resource !== 'arn:aws:s3:::bkt/a')
      const version = action === 's3:GetObject' ? '' : '<VersionId>null</VersionId>'
      for (const etag of ['"x"', md5('a')]) {
        const answer = await remove(`<Object><Key>a</Key>${version}<ETag>${etag}</ETag></Object>`)
        expect(element(answer, 'Code')).toBe('AccessDenied')
        const headers = { 'if-match': etag }
        const one = await send(gateway, {
          method: 'DELETE',
          path: `/bkt/a${version && '?versionId=null'}`,
          headers,
        })
        expect(outcome(one)).toEqual([403, 'AccessDenied'])
        if (version) continue
        expect(outcome(await send(gateway, { method: 'PUT', path: '/bkt/a', body: 'x', headers }))).toEqual([
          403,
          'AccessDenied',
        ])
        const copied = { ...headers, 'x-amz-copy-source': '/bkt/b' }
        expect(outcome(await send(gateway, { method: 'PUT', path: '/bkt/a', headers: copied }))[0]).toBe(403)
        const path = '/bkt/a?uploadId=none'
        expect(outcome(await send(gateway, { method: 'POST', path, headers }))).toEqual([403, 'AccessDenied'])
      }
      expect(await left()).toHaveLength(3)
      expect(element(await remove('<Object><Key>a</Key><ETag>*</ETag></Object>'), 'Code')).toBeUndefined()
    },
  )

  it('does not read the list of somebody unknown where no policy speaks', async () => {
    gateway.allow(() => true)
    const body = 'no document'
    const headers = { 'content-md5': md5(body) }
    const answer = await send(gateway, { method: 'POST', path: '/bkt?delete', as: null, headers, body })
    expect(outcome(answer)).toEqual([403, 'AccessDenied'])
  })

  it('tells of failures only when it is quiet', async () => {
    gateway.allow((_caller, { resource }) => resource !== 'arn:aws:s3:::bkt/b')
    const answer = await remove(`<Quiet>true</Quiet>${named('a', 'b')}`)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatch(
      /<DeleteResult [^>]*><Error><Key>b<\/Key><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><\/Error><\/DeleteResult>/,
    )
    gateway.allow((caller) => caller !== undefined)
    expect(await left()).toContain('<Key>b')
  })

  it('asks for the right to remove each, and for no other', async () => {
    await remove(named('a', 'b'))
    expect(gateway.asked.map(({ action, resource }) => [action, resource]).sort()).toEqual([
      ['s3:DeleteObject', 'arn:aws:s3:::bkt/a'],
      ['s3:DeleteObject', 'arn:aws:s3:::bkt/b'],
    ])
  })

  it('heeds versions and tags that are named', async () => {
    const object = (rest: string) => `<Object><Key>a</Key>${rest}</Object>`
    expect((await remove(object('<VersionId>1</VersionId>'))).body).toMatch(/<Code>(?:InvalidArgument|NotImplemented)</)
    expect((await remove(object(`<ETag>"${'0'.repeat(32)}"</ETag>`))).body).toContain('<Code>PreconditionFailed</Code>')
    expect(await left()).toContain('<Key>a')
    const etag = createHash('md5').update('a').digest('hex')
    expect((await remove(object(`<VersionId>null</VersionId><ETag>"${etag}"</ETag>`))).body).toContain('<Deleted>')
    expect(await left()).not.toContain('<Key>a')
  })

  it.each([
    ['no digest', named('a'), {}, 'InvalidRequest'],
    ['a wrong digest', named('a'), { 'content-md5': md5('other') }, 'BadDigest'],
    ['a wrong checksum', named('a'), { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    ['no objects', '', undefined, 'MalformedXML'],
    ['too many objects', named(...Array(1001).fill('a')), undefined, 'MalformedXML'],
    ['an object without a key', '<Object></Object>', undefined, 'MalformedXML'],
    ['two keys in one', '<Object><Key>a</Key><Key>b</Key></Object>', undefined, 'MalformedXML'],
  ])('with %s is refused whole', async (_flaw, inner, headers, code) => {
    const answer = await remove(inner, headers)
    expect(answer.body).toContain(`<Code>${code}</Code>`)
    expect(await left()).toHaveLength(3)
  })

  it('takes a thousand', async () => {
    const answer = await remove(named(...Array.from({ length: 1000 }, (_, index) => `k${index}`)))
    expect(answer.body.match(/<Deleted>/g)).toHaveLength(1000)
  })

  it('is refused in a bucket that is not there', async () => {
    const body = `<Delete>${named('a')}</Delete>`
    const answer = await send(gateway, {
      method: 'POST',
      path: '/none?delete',
      body,
      headers: { 'content-md5': md5(body) },
    })
    expect(outcome(answer)).toEqual([404, 'NoSuchBucket'])
  })
})
