import { expect, it, vi } from 'vitest'
import type { Bucket } from '../../functions/s3/backing/buckets-port.ts'
import type { ObjectStore } from '../../functions/s3/backing/port.ts'
import { getObjectOperation } from '../../functions/s3/operations/get-object.ts'
import { authenticate } from './support/gateway.ts'

const bucket: Bucket = { name: 'bkt', id: 'id', account: '111111111111', createdAt: 0, region: 'us-east-1' }
const object = { key: 'k', size: 4, etag: 'abc', modifiedAt: 0, headers: {}, user: {}, checksums: {} }

it.each([
  ['is sent', {}, 200, 1, 0],
  ['has not changed', { 'if-none-match': '"abc"' }, 304, 0, 1],
  ['fails its precondition', { 'if-match': '"other"' }, 'PreconditionFailed', 0, 1],
  ['has no such range', { range: 'bytes=9-' }, 'InvalidRange', 0, 1],
])('an object that %s is read or closed, never left open', async (_what, headers, outcome, reads, closes) => {
  const read = vi.fn(async () => (async function* () {})())
  const close = vi.fn(async () => undefined)
  const objects: Partial<ObjectStore> = { open: async () => ({ object, read, close }) }
  const request = {
    method: 'GET',
    rawPath: '/bkt/k',
    rawQuery: '',
    headers,
    sourceIp: '',
    secure: true,
    requestId: 'r',
    body: (async function* () {})(),
  }
  const { content } = await authenticate(request)
  if (getObjectOperation.on !== 'object') throw new Error('GetObject is about an object')
  const answer = getObjectOperation.run({
    deps: { objects } as never,
    request,
    query: new Map(),
    readContent: content,
    bucket,
    key: 'k',
    others: new Map(),
  })
  expect(
    await answer.then(
      ({ status }) => status,
      (error) => error.code,
    ),
  ).toBe(outcome)
  expect([read.mock.calls.length, close.mock.calls.length]).toEqual([reads, closes])
})
