import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BACKINGS } from '../support/backings.ts'
import type { Gateway } from '../support/gateway.ts'
import { element, send } from '../support/raw.ts'
import { outcome, type Requests, requests, told } from './support.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

describe.each(BACKINGS)('in %s a version', (_name, start) => {
  let gateway: Gateway
  let s3: Requests
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    s3 = requests(gateway)
    await s3.bucket('bkt', 'Enabled')
  })
  afterAll(() => end())

  const upload = async (key: string, body: string) => {
    const id = element(await send(gateway, { method: 'POST', path: `/bkt/${key}?uploads` }), 'UploadId')
    const part = await send(gateway, { method: 'PUT', path: `/bkt/${key}?partNumber=1&uploadId=${id}`, body })
    const document = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`
    const complete = () => send(gateway, { method: 'POST', path: `/bkt/${key}?uploadId=${id}`, body: document })
    return { complete }
  }

  it('is made by completing an upload, and told', async () => {
    const former = await s3.put('bkt/parts', 'former')
    const { complete } = await upload('parts', 'content')
    const completed = await complete()
    const version = completed.headers['x-amz-version-id']
    expect(version).toBeDefined()
    expect(await s3.versions('bkt', '&prefix=parts')).toEqual([`*parts=7@${version}`, `parts=6@${former}`])
    await s3.put('bkt/parts', 'later')
    const read = await s3.get('bkt/parts', version?.toString())
    expect([read.body, read.headers['x-amz-version-id']]).toEqual(['content', version])
    expect((await send(gateway, { path: `/bkt/parts?partNumber=1&versionId=${version}` })).body).toBe('content')
    const headers = { 'x-amz-object-attributes': 'ObjectParts' }
    const told = await send(gateway, { path: `/bkt/parts?attributes&versionId=${version}`, headers })
    expect([element(told, 'PartsCount'), told.headers['x-amz-version-id']]).toEqual(['1', version])
  })

  it('is made by a copy, and brought back by a copy of itself onto its key', async () => {
    const first = await s3.put('bkt/back', 'one', { 'x-amz-meta-n': '1' })
    await s3.put('bkt/back', 'two!')
    const copy = (source: string, key = 'back') =>
      send(gateway, { method: 'PUT', path: `/bkt/${key}`, headers: { 'x-amz-copy-source': source } })
    const restored = await copy(`/bkt/back?versionId=${first}`)
    expect([restored.status, restored.headers['x-amz-copy-source-version-id']]).toEqual([200, first])
    const current = await s3.get('bkt/back')
    expect([current.body, current.headers['x-amz-meta-n'], current.headers['x-amz-version-id']]).toEqual([
      'one',
      '1',
      restored.headers['x-amz-version-id'],
    ])
    expect(outcome(await copy('/bkt/back'))).toEqual([400, 'InvalidRequest'])
    const marker = (await s3.remove('bkt/back')).headers['x-amz-version-id']
    expect(outcome(await copy('/bkt/back', 'other'))).toEqual([404, 'NoSuchKey'])
    expect(outcome(await copy(`/bkt/back?versionId=${marker}`, 'other'))).toEqual([400, 'InvalidRequest'])
    expect(outcome(await copy('/bkt/back?versionId=', 'other'))).toEqual([400, 'InvalidArgument'])
    expect(outcome(await copy('/bkt/other?versionId=null', 'other'))).toEqual([404, 'NoSuchVersion'])
  })

  it('is made or covered on condition of what is current', async () => {
    const put = (body: string, headers: Record<string, string>) =>
      send(gateway, { method: 'PUT', path: '/bkt/if', body, headers })
    const first = await s3.put('bkt/if', 'one')
    await s3.put('bkt/if', 'two')
    expect(outcome(await put('x', { 'if-none-match': '*' }))).toEqual([412, 'PreconditionFailed'])
    expect(outcome(await put('x', { 'if-match': `"${md5('one')}"` }))).toEqual([412, 'PreconditionFailed'])
    expect((await put('three', { 'if-match': `"${md5('two')}"` })).status).toBe(200)
    expect(outcome(await s3.remove('bkt/if', undefined, { 'if-match': `"${md5('one')}"` }))).toEqual([
      412,
      'PreconditionFailed',
    ])
    expect((await s3.remove('bkt/if', undefined, { 'if-match': `"${md5('three')}"` })).status).toBe(204)
    expect(outcome(await put('x', { 'if-match': `"${md5('three')}"` }))).toEqual([404, 'NoSuchKey'])
    expect((await put('four', { 'if-none-match': '*' })).status).toBe(200)
    expect(outcome(await s3.remove('bkt/if', first, { 'if-match': `"${md5('four')}"` }))).toEqual([
      412,
      'PreconditionFailed',
    ])
    expect((await s3.get('bkt/if', first)).body).toBe('one')
    expect((await s3.remove('bkt/if', first, { 'if-match': `"${md5('one')}"` })).status).toBe(204)
    expect(outcome(await s3.get('bkt/if', first))).toEqual([404, 'NoSuchVersion'])
  })

  it('is removed with many others, markers among them', async () => {
    const first = await s3.put('bkt/many', 'one')
    const marker = (await s3.remove('bkt/many')).headers['x-amz-version-id']
    const body = `<Delete><Object><Key>many</Key><VersionId>${first}</VersionId></Object><Object><Key>many</Key><VersionId>${marker}</VersionId></Object></Delete>`
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
    const answer = await send(gateway, { method: 'POST', path: '/bkt?delete', body, headers })
    expect(answer.body).toContain(`<Deleted><Key>many</Key><VersionId>${first}</VersionId></Deleted>`)
    expect(answer.body).toContain(
      `<Deleted><Key>many</Key><VersionId>${marker}</VersionId><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>${marker}</DeleteMarkerVersionId></Deleted>`,
    )
    expect(await s3.versions('bkt', '&prefix=many')).toEqual([])
  })

  it('is listed page by page, keys in order and the newest first', async () => {
    await s3.bucket('listed', 'Enabled')
    const expected: string[] = []
    for (const key of ['a', 'b/1', 'b/2', 'c', '\u{1F600}', '\uFFFD']) {
      const ids = [
        await s3.put(`listed/${encodeURIComponent(key)}`, 'x'),
        await s3.put(`listed/${encodeURIComponent(key)}`, 'yy'),
      ]
      if (key === 'c') {
        const marker = (await s3.remove('listed/c')).headers['x-amz-version-id']
        expected.push(`*c!@${marker}`, `c=2@${ids[1]}`, `c=1@${ids[0]}`)
      } else expected.push(`*${key}=2@${ids[1]}`, `${key}=1@${ids[0]}`)
    }
    const order = [...expected.slice(0, 9), ...expected.slice(11), ...expected.slice(9, 11)]
    const pages = async (limit: number, query = '') => {
      const words: string[] = []
      let marker = ''
      for (let page = 0; page < 30; page++) {
        const answer = await s3.listing('listed', `&max-keys=${limit}${query}${marker}`)
        expect(told(answer).length).toBeLessThanOrEqual(limit)
        words.push(...told(answer))
        if (element(answer, 'IsTruncated') === 'false') return words
        const version = element(answer, 'NextVersionIdMarker')
        marker = `&key-marker=${encodeURIComponent(element(answer, 'NextKeyMarker') ?? '')}`
        if (version !== undefined) marker += `&version-id-marker=${version}`
      }
      throw new Error('the listing never ends')
    }
    for (const limit of [1, 2, 3, 5, 1000]) expect(await pages(limit)).toEqual(order)
    const rolled = [...order.slice(0, 2), 'b/', ...order.slice(6)]
    for (const limit of [1, 2, 4, 1000]) expect((await pages(limit, '&delimiter=/')).sort()).toEqual(rolled.sort())
    expect(await s3.versions('listed', '&prefix=b/')).toEqual(order.slice(2, 6))
    expect(await s3.versions('listed', '&key-marker=a')).toEqual(order.slice(2))
    expect(await s3.versions('listed', '&max-keys=0')).toEqual([])
  })

  it.each([
    ['a version without a key', '&version-id-marker=null'],
    ['an empty version', '&key-marker=a&version-id-marker='],
    ['what is no version', '&key-marker=a&version-id-marker=x'],
    ['too long a key', `&key-marker=${'k'.repeat(1025)}`],
  ])('is not listed from %s on', async (_what, query) => {
    expect(outcome(await s3.listing('bkt', query))).toEqual([400, 'InvalidArgument'])
  })
})
