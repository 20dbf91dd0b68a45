import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { element, send } from '../support/raw.ts'
import { outcome, type Requests, requests } from './support.ts'

let gateway: Gateway
let s3: Requests
let first: string | undefined
beforeAll(async () => {
  gateway = await startGateway()
  s3 = requests(gateway)
  await s3.bucket('bkt', 'Enabled')
})
afterAll(() => gateway.close())
beforeEach(async () => {
  gateway.allow((caller) => caller !== undefined)
  first = await s3.put('bkt/k', 'one', { 'x-amz-tagging': 'n=1' })
  await s3.put('bkt/k', 'two', { 'x-amz-tagging': 'n=2' })
  gateway.asked.splice(0)
})

const attributes = { 'x-amz-object-attributes': 'ETag' }
const tagging = '<Tagging><TagSet><Tag><Key>n</Key><Value>3</Value></Tag></TagSet></Tagging>'

describe('a version that a request names is decided by', () => {
  it.each([
    ['GET', '', {}, '', ['s3:GetObjectVersion']],
    ['HEAD', '', {}, '', ['s3:GetObjectVersion']],
    ['DELETE', '', {}, '', ['s3:DeleteObjectVersion']],
    ['GET', 'tagging', {}, '', ['s3:GetObjectVersionTagging']],
    ['PUT', 'tagging', {}, tagging, ['s3:PutObjectVersionTagging']],
    ['DELETE', 'tagging', {}, '', ['s3:DeleteObjectVersionTagging']],
    ['GET', 'acl', {}, '', ['s3:GetObjectVersionAcl']],
    ['GET', 'attributes', attributes, '', ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes']],
  ])(
    '%s %s with %j: the right to versions, and never the one to the object',
    async (method, sub, headers, body, rights) => {
      const path = `/bkt/k?${sub === '' ? '' : `${sub}&`}versionId=${first}`
      const ask = () => send(gateway, { method, path, headers, body })
      const without = rights.map((right) => right.replace('Version', ''))
      gateway.allow((_caller, { action }) => without.includes(action))
      expect((await ask()).status).toBe(403)
      for (const right of rights) {
        gateway.allow((_caller, { action }) => action !== right)
        expect((await ask()).status).toBe(403)
      }
      gateway.asked.splice(0)
      gateway.allow((_caller, { action }) => rights.includes(action))
      expect((await ask()).status).toBeLessThan(300)
      const asked = gateway.asked.filter(({ action }) => rights.includes(action))
      expect(asked.map(({ context }) => context.get('s3:versionid'))).toEqual(rights.map(() => [first]))
      // And the other way round.
      expect(
        (await send(gateway, { method, path: `/bkt/k${sub === '' ? '' : `?${sub}`}`, headers, body })).status,
      ).toBe(403)
    },
  )

  it('each removal of many by its own', async () => {
    gateway.allow((_caller, { action }) => action === 's3:DeleteObject')
    const body = `<Delete><Object><Key>k</Key><VersionId>${first}</VersionId></Object><Object><Key>k</Key></Object></Delete>`
    const remove = async () => {
      const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
      return send(gateway, { method: 'POST', path: '/bkt?delete', body, headers })
    }
    const refused = await remove()
    expect(refused.body).toMatch(
      new RegExp(`<Error><Key>k</Key><VersionId>${first}</VersionId><Code>AccessDenied</Code>`),
    )
    expect(refused.body).toMatch(/<Deleted><Key>k<\/Key><DeleteMarker>true<\/DeleteMarker><DeleteMarkerVersionId>\w+</)
    gateway.allow((caller) => caller !== undefined)
    expect((await s3.versions('bkt', '&prefix=k')).join()).toContain(`@${first}`)

    gateway.allow((_caller, { action, context }) => {
      const named = context.get('s3:versionid')?.[0]
      return action === 's3:DeleteObjectVersion' ? named === first : action !== 's3:DeleteObject'
    })
    const taken = await remove()
    expect(taken.body).toContain(`<Deleted><Key>k</Key><VersionId>${first}</VersionId></Deleted>`)
    expect(taken.body).toContain('<Error><Key>k</Key><Code>AccessDenied</Code>')
    gateway.allow((caller) => caller !== undefined)
    expect((await s3.versions('bkt', '&prefix=k')).join()).not.toContain(`@${first}`)
  })

  it.each(['', '?partNumber=1&uploadId='])('the source of a copy by its own (%s)', async (query) => {
    const begun = await send(gateway, { method: 'POST', path: '/bkt/copy?uploads' })
    const path = `/bkt/copy${query === '' ? '' : query + element(begun, 'UploadId')}`
    const copy = (source: string) =>
      send(gateway, {
        method: 'PUT',
        path,
        headers: { 'x-amz-copy-source': source, 'x-amz-tagging-directive': 'REPLACE' },
      })
    gateway.allow((_caller, { action }) => action !== 's3:GetObjectVersion')
    expect(outcome(await copy(`/bkt/k?versionId=${first}`))).toEqual([403, 'AccessDenied'])
    expect((await copy('/bkt/k')).status).toBe(200)
    gateway.allow((_caller, { action }) => action !== 's3:GetObject')
    expect(outcome(await copy('/bkt/k'))).toEqual([403, 'AccessDenied'])
    gateway.asked.splice(0)
    const copied = await copy(`/bkt/k?versionId=${first}`)
    expect([copied.status, copied.headers['x-amz-copy-source-version-id']]).toEqual([200, first])
    const asked = gateway.asked.map(({ action, context }) => [action, context.get('s3:versionid')])
    expect(asked).toContainEqual(['s3:GetObjectVersion', [first]])
    expect(asked).toContainEqual(['s3:PutObject', undefined])
  })

  it('tags that go along with a copy by the right to the tags of versions', async () => {
    const copy = () =>
      send(gateway, {
        method: 'PUT',
        path: '/bkt/tagged',
        headers: { 'x-amz-copy-source': `/bkt/k?versionId=${first}` },
      })
    gateway.allow((_caller, { action }) => action !== 's3:GetObjectVersionTagging')
    expect(outcome(await copy())).toEqual([403, 'AccessDenied'])
    gateway.allow((_caller, { action }) => action !== 's3:GetObjectTagging')
    expect((await copy()).status).toBe(200)
    gateway.allow((caller) => caller !== undefined)
    expect(element(await s3.on('GET', 'bkt/tagged', 'tagging'), 'Value')).toBe('1')
  })
})

it('the tags that policies ask about are those of the version that is named', async () => {
  const seen = async (path: string) => {
    gateway.asked.splice(0)
    await send(gateway, { path })
    const tags = gateway.asked[0]?.late?.find(({ prefix }) => prefix === 's3:existingobjecttag/')
    return (await tags?.read())?.get('s3:ExistingObjectTag/n')
  }
  expect(await seen(`/bkt/k?versionId=${first}`)).toEqual(['1'])
  expect(await seen('/bkt/k')).toEqual(['2'])
  expect(await seen(`/bkt/k?versionId=${'f'.repeat(32)}`)).toBeUndefined()
})

it.each([
  ['GET', 's3:GetBucketVersioning'],
  ['PUT', 's3:PutBucketVersioning'],
])('%s of the versioning of a bucket needs %s', async (method, right) => {
  gateway.allow((_caller, { action }) => action !== right)
  const body = method === 'PUT' ? '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>' : ''
  expect(outcome(await s3.on(method, 'bkt', 'versioning', undefined, body))).toEqual([403, 'AccessDenied'])
  gateway.allow((caller) => caller !== undefined)
  expect(element(await s3.on('GET', 'bkt', 'versioning'), 'Status')).toBe('Enabled')
})

describe('of what is not there', () => {
  it('a version is told to those alone who may list versions', async () => {
    const unknown = 'f'.repeat(32)
    gateway.allow((_caller, { action }) => action !== 's3:ListBucketVersions')
    expect(outcome(await s3.get('bkt/k', unknown))).toEqual([403, 'AccessDenied'])
    gateway.allow((_caller, { action }) => action !== 's3:ListBucket')
    expect(outcome(await s3.get('bkt/k', unknown))).toEqual([404, 'NoSuchVersion'])
  })

  it('a delete marker is told to those alone who may list the bucket', async () => {
    await s3.remove('bkt/k')
    gateway.allow((_caller, { action }) => action !== 's3:ListBucket')
    const refused = await s3.get('bkt/k')
    expect([...outcome(refused), refused.headers['x-amz-delete-marker']]).toEqual([403, 'AccessDenied', undefined])
  })
})
