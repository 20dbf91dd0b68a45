import { afterAll, beforeAll, expect, it } from 'vitest'
import { OURS, startWorld, type World } from './authorization/support/world.ts'
import { operationTrips } from './support/round-trips.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const PUT = ['get OBJECT', 'put OBJECT', 'get BUCKET']
const PUT_PART = ['get UPLOAD', 'getMany UPLOAD', 'put PART']

/** What each operation costs beside proving who asks, which brings the bucket's row along. */
const OPERATIONS = {
  CreateBucket: ['put BUCKET', 'put BUCKETS'],
  HeadBucket: [],
  PutObject: PUT,
  'PutObject, replacing': PUT,
  'PutObject, If-None-Match': ['get OBJECT', ...PUT],
  GetObject: ['get OBJECT'],
  HeadObject: ['get OBJECT'],
  ListObjectsV2: ['query OBJECT'],
  CopyObject: ['get OBJECT', ...PUT],
  CreateMultipartUpload: ['put UPLOAD', 'get BUCKET'],
  UploadPartCopy: ['get OBJECT', ...PUT_PART],
  UploadPart: PUT_PART,
  ListParts: ['get UPLOAD', 'query PART'],
  'CompleteMultipartUpload of one part': [
    ...['get OBJECT', 'get UPLOAD', 'query PART'],
    ...PUT,
    ...['remove UPLOAD', 'remove PART'],
  ],
  AbortMultipartUpload: ['get UPLOAD', 'get OBJECT', 'query PART', 'remove UPLOAD'],
  GetObjectTagging: ['get OBJECT'],
  DeleteObject: ['get OBJECT', 'remove OBJECT'],
  'DeleteObjects of one key': ['get OBJECT', 'remove OBJECT'],
  DeleteBucket: ['update BUCKET', 'query OBJECT', 'remove BUCKET', 'remove BUCKETS', 'query UPLOAD'],
}

it.each([
  ['a session', () => world.role(OURS, 'fullworker'), ['getMany SESSION']],
  ['a user’s key', async () => world.credentials('full'), ['get KEY', 'getMany USER']],
  ['the root’s key', async () => world.credentials('ourroot'), ['get KEY', 'getMany ACCOUNT']],
])('with %s no operation looks into the table more often than it must', async (_whose, credentials, proof) => {
  const counted = await operationTrips(world, await credentials(), 'counted')
  expect(Object.fromEntries(counted.map(({ operation, trips }) => [operation, trips]))).toEqual(
    Object.fromEntries(Object.entries(OPERATIONS).map(([operation, own]) => [operation, [...proof, ...own]])),
  )
})
