import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BACKINGS } from '../support/backings.ts'
import type { Gateway } from '../support/gateway.ts'
import { element, send } from '../support/raw.ts'
import { outcome, type Requests, requests } from './support.ts'

describe.each(BACKINGS)('in %s', (_name, start) => {
  let gateway: Gateway
  let s3: Requests
  let end: () => Promise<void>
  beforeAll(async () => {
    const started = await start()
    gateway = started.gateway
    end = started.end
    s3 = requests(gateway)
  })
  afterAll(() => end())

  describe('versioning of a bucket', () => {
    it.each(['Enabled', 'Suspended'])('is told once it is %s', async (status) => {
      const name = `told-${status.toLowerCase()}`
      await s3.bucket(name)
      expect((await s3.on('GET', name, 'versioning')).body).toMatch(/Configuration [^>]*><\/VersioningConfiguration>$/)
      expect((await s3.versioning(name, status)).status).toBe(200)
      expect(element(await s3.on('GET', name, 'versioning'), 'Status')).toBe(status)
    })

    it.each([
      ['nothing', '', 'MalformedXML'],
      ['no status', '<VersioningConfiguration/>', 'IllegalVersioningConfigurationException'],
      ['another status', '<VersioningConfiguration><Status>On</Status></VersioningConfiguration>', 'MalformedXML'],
      [
        'two',
        '<VersioningConfiguration><Status>Enabled</Status><Status>Suspended</Status></VersioningConfiguration>',
        'MalformedXML',
      ],
      ['more', '<VersioningConfiguration><Status>Enabled</Status><X/></VersioningConfiguration>', 'MalformedXML'],
      [
        'MFA delete',
        '<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>',
        'NotImplemented',
      ],
      [
        'half of MFA delete',
        '<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Maybe</MfaDelete></VersioningConfiguration>',
        'MalformedXML',
      ],
    ])('is not set by a document that says %s', async (_what, body, code) => {
      await s3.bucket('unset')
      expect(element(await s3.on('PUT', 'unset', 'versioning', undefined, body), 'Code')).toBe(code)
      expect((await s3.on('GET', 'unset', 'versioning')).body).not.toContain('<Status>')
    })
  })

  describe('an object of a bucket that keeps versions', () => {
    beforeAll(() => s3.bucket('kept', 'Enabled'))

    it('is kept in each version, and read as the newest unless one is named', async () => {
      const first = await s3.put('kept/k', 'one')
      const second = await s3.put('kept/k', 'two!', { 'content-type': 'text/two' })
      expect(first).toMatch(/^[\w.-]{8,}$/)
      expect(second).not.toBe(first)
      const current = await s3.get('kept/k')
      expect([current.body, current.headers['x-amz-version-id']]).toEqual(['two!', second])
      const older = await s3.get('kept/k', first)
      expect([older.body, older.headers['x-amz-version-id'], older.headers['content-type']]).toEqual([
        'one',
        first,
        'binary/octet-stream',
      ])
      expect((await s3.head('kept/k', first)).headers['content-length']).toBe('3')
      expect((await s3.get('kept/k', first, { range: 'bytes=1-' })).body).toBe('ne')
      expect(await s3.versions('kept', '&prefix=k')).toEqual([`*k=4@${second}`, `k=3@${first}`])
    })

    it('is covered by a delete marker, which can be taken away again', async () => {
      const first = await s3.put('kept/covered', 'one')
      const removed = await s3.remove('kept/covered')
      const marker = removed.headers['x-amz-version-id']?.toString()
      expect([removed.status, removed.headers['x-amz-delete-marker']]).toEqual([204, 'true'])
      for (const answer of [await s3.get('kept/covered'), await s3.head('kept/covered')]) {
        expect([answer.status, answer.headers['x-amz-delete-marker'], answer.headers['x-amz-version-id']]).toEqual([
          404,
          'true',
          marker,
        ])
      }
      const named = await s3.get('kept/covered', marker)
      expect(outcome(named)).toEqual([405, 'MethodNotAllowed'])
      expect([named.headers['x-amz-delete-marker'], named.headers.allow, named.headers['last-modified']]).toEqual([
        'true',
        'DELETE',
        expect.stringMatching(/ GMT$/),
      ])
      expect((await s3.get('kept/covered', first)).body).toBe('one')
      expect((await send(gateway, { path: '/kept?list-type=2&prefix=covered' })).body).not.toContain('<Key>')
      expect(await s3.versions('kept', '&prefix=covered')).toEqual([`*covered!@${marker}`, `covered=3@${first}`])

      const taken = await s3.remove('kept/covered', marker)
      expect([taken.status, taken.headers['x-amz-delete-marker'], taken.headers['x-amz-version-id']]).toEqual([
        204,
        'true',
        marker,
      ])
      expect((await s3.get('kept/covered')).body).toBe('one')
      expect(await s3.versions('kept', '&prefix=covered')).toEqual([`*covered=3@${first}`])
    })

    it('is marked as deleted also where there is none, and each time anew', async () => {
      const markers = [await s3.remove('kept/nothing'), await s3.remove('kept/nothing')].map(
        ({ headers }) => headers['x-amz-version-id'],
      )
      expect(new Set(markers).size).toBe(2)
      expect(await s3.versions('kept', '&prefix=nothing')).toEqual([
        `*nothing!@${markers[1]}`,
        `nothing!@${markers[0]}`,
      ])
    })

    it('loses just the version that is removed by name', async () => {
      const [a, b, c] = [await s3.put('kept/r', 'a'), await s3.put('kept/r', 'b'), await s3.put('kept/r', 'c')]
      const removed = await s3.remove('kept/r', b)
      expect([removed.status, removed.headers['x-amz-version-id'], removed.headers['x-amz-delete-marker']]).toEqual([
        204,
        b,
        undefined,
      ])
      expect(outcome(await s3.get('kept/r', b))).toEqual([404, 'NoSuchVersion'])
      expect((await s3.get('kept/r')).body).toBe('c')
      await s3.remove('kept/r', c)
      const current = await s3.get('kept/r')
      expect([current.body, current.headers['x-amz-version-id']]).toEqual(['a', a])
      await s3.remove('kept/r', a)
      const gone = await s3.get('kept/r')
      expect([...outcome(gone), gone.headers['x-amz-delete-marker']]).toEqual([404, 'NoSuchKey', undefined])
      expect(await s3.versions('kept', '&prefix=r')).toEqual([])
      expect((await s3.remove('kept/r', b)).status).toBe(204)
    })

    it.each([
      ['no id', 'x', 400, 'InvalidArgument'],
      ['an empty one', '', 400, 'InvalidArgument'],
      ['that of another key', 'another', 404, 'NoSuchVersion'],
      ['the null version where there is none', 'null', 404, 'NoSuchVersion'],
    ])('is not read by %s', async (_what, name, status, code) => {
      const versionId = name === 'another' ? await s3.put('kept/another', 'x') : name
      await s3.put('kept/named', 'x')
      expect(outcome(await s3.get('kept/named', versionId))).toEqual([status, code])
      expect((await s3.head('kept/named', versionId)).status).toBe(status)
      expect(outcome(await s3.on('GET', 'kept/named', 'tagging', versionId))).toEqual([status, code])
      expect(outcome(await s3.on('GET', 'kept/named', 'acl', versionId))).toEqual([status, code])
    })

    it('is not read by the id of another key’s version', async () => {
      const other = await s3.put('kept/other', 'x')
      await s3.put('kept/mine', 'y')
      expect(outcome(await s3.get('kept/mine', other))).toEqual([404, 'NoSuchVersion'])
      await s3.remove('kept/mine', other)
      expect((await s3.get('kept/other', other)).body).toBe('x')
    })

    it.each([
      ['PUT', '', 'x'],
      ['POST', 'uploads', ''],
      ['PUT', 'partNumber=1&uploadId=u', 'x'],
    ])('is not written by %s of a version (%s)', async (method, subresource, body) => {
      const answer = await s3.on(method, 'kept/written', subresource, 'null', body)
      expect(outcome(answer)).toEqual([400, 'InvalidArgument'])
      expect(await s3.versions('kept', '&prefix=written')).toEqual([])
    })

    it('has tags in each version', async () => {
      const first = await s3.put('kept/tags', 'one', { 'x-amz-tagging': 'n=1' })
      const second = await s3.put('kept/tags', 'two', { 'x-amz-tagging': 'n=2' })
      const tags = async (versionId?: string) => {
        const answer = await s3.on('GET', 'kept/tags', 'tagging', versionId)
        return [element(answer, 'Value'), answer.headers['x-amz-version-id']]
      }
      expect([await tags(), await tags(first), await tags(second)]).toEqual([
        ['2', second],
        ['1', first],
        ['2', second],
      ])
      const body = '<Tagging><TagSet><Tag><Key>n</Key><Value>3</Value></Tag></TagSet></Tagging>'
      const set = await s3.on('PUT', 'kept/tags', 'tagging', first, body)
      expect([set.status, set.headers['x-amz-version-id']]).toEqual([200, first])
      expect([(await tags())[0], (await tags(first))[0]]).toEqual(['2', '3'])
      expect((await s3.on('DELETE', 'kept/tags', 'tagging')).headers['x-amz-version-id']).toBe(second)
      expect([(await tags())[0], (await tags(first))[0]]).toEqual([undefined, '3'])
      // Tags of the current version are its own when another takes its place, too.
      await s3.on('PUT', 'kept/tags', 'tagging', undefined, body.replace('3', '4'))
      await s3.put('kept/tags', 'three')
      expect([(await tags())[0], (await tags(second))[0], (await tags(first))[0]]).toEqual([undefined, '4', '3'])
      expect((await s3.get('kept/tags', second)).headers['x-amz-tagging-count']).toBe('1')
      const marker = (await s3.remove('kept/tags')).headers['x-amz-version-id']?.toString()
      expect(outcome(await s3.on('PUT', 'kept/tags', 'tagging', marker, body))).toEqual([405, 'MethodNotAllowed'])
      expect(outcome(await s3.on('PUT', 'kept/tags', 'tagging', undefined, body))).toEqual([404, 'NoSuchKey'])
    })

    it('keeps its bucket until its last version and marker are gone', async () => {
      await s3.bucket('full', 'Enabled')
      const version = await s3.put('full/k', 'x')
      const marker = (await s3.remove('full/k')).headers['x-amz-version-id']?.toString()
      const remove = () => send(gateway, { method: 'DELETE', path: '/full' })
      expect(outcome(await remove())).toEqual([409, 'BucketNotEmpty'])
      await s3.remove('full/k', version)
      expect(outcome(await remove())).toEqual([409, 'BucketNotEmpty'])
      await s3.remove('full/k', marker)
      expect((await remove()).status).toBe(204)
    })
  })

  describe('the null version', () => {
    it('is what was there before versions were kept', async () => {
      await s3.bucket('before')
      expect(await s3.put('before/k', 'old', { 'x-amz-tagging': 'n=1' })).toBeUndefined()
      expect((await s3.get('before/k')).headers['x-amz-version-id']).toBeUndefined()
      await s3.versioning('before', 'Enabled')
      expect((await s3.get('before/k')).headers['x-amz-version-id']).toBe('null')
      const version = await s3.put('before/k', 'newer')
      const old = await s3.get('before/k', 'null')
      expect([old.body, old.headers['x-amz-version-id'], old.headers['x-amz-tagging-count']]).toEqual([
        'old',
        'null',
        '1',
      ])
      expect(await s3.versions('before')).toEqual([`*k=5@${version}`, 'k=3@null'])
      await s3.remove('before/k', version)
      expect(await s3.versions('before')).toEqual(['*k=3@null'])
      expect((await s3.get('before/k')).body).toBe('old')
      await s3.remove('before/k', 'null')
      expect(await s3.versions('before')).toEqual([])
    })

    it('is removed alone when it is named, while it is the only one', async () => {
      await s3.bucket('alone')
      await s3.put('alone/k', 'old')
      await s3.versioning('alone', 'Enabled')
      expect((await s3.remove('alone/k', 'null')).headers['x-amz-delete-marker']).toBeUndefined()
      expect(await s3.versions('alone')).toEqual([])
    })

    it('is replaced while versioning is suspended, and no other is', async () => {
      await s3.bucket('paused')
      await s3.put('paused/k', 'older')
      await s3.versioning('paused', 'Enabled')
      const kept = await s3.put('paused/k', 'kept')
      await s3.versioning('paused', 'Suspended')
      expect(await s3.put('paused/k', 'first')).toBeUndefined()
      expect(await s3.versions('paused')).toEqual(['*k=5@null', `k=4@${kept}`])
      await s3.put('paused/k', 'second')
      expect(await s3.versions('paused')).toEqual(['*k=6@null', `k=4@${kept}`])
      expect((await s3.get('paused/k', 'null')).body).toBe('second')
      expect((await s3.get('paused/k', kept)).body).toBe('kept')

      const removed = await s3.remove('paused/k')
      expect([removed.headers['x-amz-delete-marker'], removed.headers['x-amz-version-id']]).toEqual(['true', 'null'])
      expect(await s3.versions('paused')).toEqual(['*k!@null', `k=4@${kept}`])
      expect(outcome(await s3.get('paused/k', 'null'))).toEqual([405, 'MethodNotAllowed'])

      await s3.versioning('paused', 'Enabled')
      const last = await s3.put('paused/k', 'last')
      expect(await s3.versions('paused')).toEqual([`*k=4@${last}`, 'k!@null', `k=4@${kept}`])
      await s3.versioning('paused', 'Suspended')
      await s3.put('paused/k', 'third')
      expect(await s3.versions('paused')).toEqual(['*k=5@null', `k=4@${last}`, `k=4@${kept}`])
      await s3.remove('paused/k', 'null')
      expect((await s3.get('paused/k')).body).toBe('last')
    })

    it('is covered for good where versions were never enabled', async () => {
      await s3.bucket('never', 'Suspended')
      await s3.put('never/k', 'x')
      expect((await s3.get('never/k')).headers['x-amz-version-id']).toBe('null')
      await s3.remove('never/k')
      expect(await s3.versions('never')).toEqual(['*k!@null'])
      await s3.put('never/k', 'yy')
      expect(await s3.versions('never')).toEqual(['*k=2@null'])
    })
  })
})
