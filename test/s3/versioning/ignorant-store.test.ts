import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { endpointClient } from '../../../functions/s3/backing/endpoint/client.ts'
import { endpointObjects } from '../../../functions/s3/backing/endpoint/object-store.ts'
import type { ObjectStore } from '../../../functions/s3/backing/port.ts'

/** A store that has never heard of versions: it answers as if none had been named, or refuses what it does not know. */
let server: Server
let objects: ObjectStore
const asked: string[] = []
const bucket: Bucket = { name: 'bkt', id: '1', account: 'one', createdAt: 0, region: 'us-east-1' }
const precondition = { check: () => undefined }
const OTHER = 'f'.repeat(32)

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume()
    if (/[?&](?:versioning|versions)=/.test(request.url ?? '')) return void response.writeHead(501).end()
    if (request.method === 'DELETE' || request.method === 'PUT') return void response.writeHead(204).end()
    const found = { etag: '"5d41402abc4b2a76b9719d911017c592"', 'content-length': '5' }
    if (/tagging/.test(request.url ?? '')) return void response.end('<Tagging><TagSet/></Tagging>')
    if (/list-type/.test(request.url ?? '')) {
      const contents = '<Contents><Key>k</Key><Size>5</Size><ETag>"x"</ETag></Contents>'
      return void response.end(`<ListBucketResult>${contents}<IsTruncated>false</IsTruncated></ListBucketResult>`)
    }
    response.writeHead(200, found).end(request.method === 'HEAD' ? undefined : 'hello')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' }
  const now = () => Date.now()
  objects = endpointObjects({ client: endpointClient({ endpoint, credentials }, { now, pause: async () => {} }), now })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => void asked.splice(0))

it('is never read, tagged or removed for a version that was named', async () => {
  expect(await objects.find(bucket, 'k', OTHER)).toBeUndefined()
  expect(await objects.open(bucket, 'k', { versionId: OTHER })).toBeUndefined()
  expect(await objects.open(bucket, 'k', { versionId: OTHER, whole: true })).toBeUndefined()
  expect(await objects.tags(bucket, 'k', OTHER)).toBeUndefined()
  expect(await objects.remove(bucket, 'k', precondition, OTHER)).toEqual({ versionId: OTHER })
  expect(asked.filter((line) => !/^(?:GET|HEAD) /.test(line))).toEqual([])
})

it.each([undefined, 'null'])('is read and removed as the version %s, which it has', async (versionId) => {
  expect(await objects.find(bucket, 'k', versionId)).toMatchObject({ size: 5 })
  await objects.remove(bucket, 'k', precondition, versionId)
  expect(asked.filter((line) => line.startsWith('DELETE'))).toHaveLength(1)
})

it('keeps no versions, tells each object’s only one, and is not asked to', async () => {
  expect(await objects.versioning(bucket)).toBeUndefined()
  await expect(objects.setVersioning(bucket, 'Enabled')).rejects.toMatchObject({ code: 'NotImplemented' })
  const all = { prefix: '', delimiter: '', key: '', versionId: '', limit: 10 }
  expect((await objects.listVersions(bucket, all)).entries).toMatchObject([
    { kind: 'version', latest: true, object: { key: 'k', versionId: 'null' } },
  ])
})

it.each(['', 'a b', 'é', 'v'.repeat(1025)])('is not asked for %j, which is no version anywhere', async (versionId) => {
  await expect(objects.find(bucket, 'k', versionId)).rejects.toMatchObject({ code: 'InvalidArgument' })
  await expect(objects.remove(bucket, 'k', precondition, versionId)).rejects.toMatchObject({ code: 'InvalidArgument' })
  expect(asked).toEqual([])
})
