import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Store, StoreUnavailable } from '@daypass/core/store/port.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { type EmbeddedObjects, embeddedObjects } from '../../../functions/s3/backing/embedded/object-store.ts'
import type { WritePrecondition } from '../../../functions/s3/backing/port.ts'
import { memoryStore } from '../../support/memory-store.ts'
import { openObject } from '../support/open-object.ts'

const anything: WritePrecondition = { check: () => undefined }
const bare = { headers: {}, user: {}, tags: [], checksums: () => ({}) }
const stream = async function* (text: string) {
  yield Buffer.from(text)
}
const etagOf = (text: string) => createHash('md5').update(text).digest('hex')

let folder: string
let inner: Store
/** Called before and after each write of the table, and before it is asked whether the bucket is still there; throws to lose its answer or the write itself. */
let fault: (when: 'before' | 'after', what: string) => void | Promise<void>
let records: ReturnType<typeof bucketRecords>
let embedded: EmbeddedObjects
let bucket: Bucket

const open = () => {
  const faulty: Store = {
    ...inner,
    async put(item, options) {
      await fault('before', `put ${item.pk.split('#')[0]}`)
      await inner.put(item, options)
      await fault('after', `put ${item.pk.split('#')[0]}`)
    },
    async remove(key, options) {
      await fault('before', `remove ${key.pk.split('#')[0]}`)
      await inner.remove(key, options)
      await fault('after', `remove ${key.pk.split('#')[0]}`)
    },
  }
  records = bucketRecords({ store: inner, now: () => 1000, newId: () => 'bucket-id' })
  const buckets = {
    ...records,
    async confirm(written: Bucket) {
      await fault('before', 'confirm BUCKET')
      return records.confirm(written)
    },
  }
  return embeddedObjects({ store: faulty, buckets, now: () => 5000, folder })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daypass-uploads-'))
  inner = memoryStore()
  fault = () => undefined
  embedded = await open()
  bucket = await embedded.buckets.create({ name: 'bkt', account: 'one', region: 'us-east-1' })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const lose = (when: 'before' | 'after', what: string) => {
  fault = (at, which) => {
    if (at === when && which === what) throw new StoreUnavailable('the answer was lost')
  }
}
const restart = async () => {
  fault = () => undefined
  embedded = await open()
}
const filesLeft = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length

async function begin(...texts: string[]) {
  const { uploadId } = await embedded.objects.uploads.create(bucket, { ...bare, key: 'k', initiator: 'i' })
  for (const [index, text] of texts.entries()) await putPart(uploadId, index + 1, text)
  return uploadId
}
const putPart = (uploadId: string, number: number, text: string) =>
  embedded.objects.uploads.putPart(
    bucket,
    { key: 'k', uploadId },
    { number, size: 0, content: stream(text), checksums: () => ({}) },
  )
const complete = (uploadId: string, text: string) =>
  embedded.objects.uploads.complete(
    bucket,
    { key: 'k', uploadId },
    { parts: [{ number: 1, etag: etagOf(text), checksums: {} }], precondition: anything, checksums: {} },
  )
const put = (text: string) =>
  embedded.objects.put(bucket, { ...bare, key: 'k', size: 0, content: stream(text), precondition: anything })
const read = async () => {
  const opened = await openObject(embedded.objects, bucket, 'k')
  return opened && Buffer.concat(await Array.fromAsync(await opened.read())).toString()
}
const isOpen = async () => {
  const query = { prefix: '', delimiter: '', key: '', uploadId: '', limit: 10 }
  return (await embedded.objects.uploads.list(bucket, query)).entries.length > 0
}

describe('a start after a crash', () => {
  it('goes on with an upload whose completion did not happen', async () => {
    await put('old')
    const uploadId = await begin('one', 'unnamed')
    lose('before', 'put OBJECT')
    await expect(complete(uploadId, 'one')).rejects.toThrow(StoreUnavailable)
    await restart()
    expect([await read(), await isOpen(), await filesLeft()]).toEqual(['old', true, 3])
    await complete(uploadId, 'one')
    expect([await read(), await isOpen(), await filesLeft()]).toEqual(['one', false, 2])
  })

  it.each(['put OBJECT', 'remove UPLOAD', 'remove PART'])(
    'ends an upload whose completion happened before %s was told',
    async (what) => {
      await put('old')
      const uploadId = await begin('one', 'unnamed')
      lose('after', what)
      await expect(complete(uploadId, 'one')).rejects.toThrow(StoreUnavailable)
      await restart()
      expect([await read(), await isOpen(), await filesLeft()]).toEqual(['one', false, 2])
      expect((await complete(uploadId, 'one')).etag).toMatch(/-1$/)
    },
  )

  it('ends an upload whose object was replaced before it was ended', async () => {
    const uploadId = await begin('one', 'unnamed')
    lose('before', 'remove UPLOAD')
    await expect(complete(uploadId, 'one')).rejects.toThrow(StoreUnavailable)
    fault = () => undefined
    await put('newer')
    await restart()
    expect([await read(), await isOpen(), await filesLeft()]).toEqual(['newer', false, 1])
    await expect(complete(uploadId, 'one')).rejects.toMatchObject({ code: 'NoSuchUpload' })
  })

  it.each(['remove UPLOAD', 'remove PART'])('goes on with an end that broke off at %s', async (what) => {
    const uploadId = await begin('one', 'two')
    lose('after', what)
    await expect(embedded.objects.uploads.abort(bucket, { key: 'k', uploadId })).rejects.toThrow(StoreUnavailable)
    await restart()
    expect([await read(), await isOpen(), await filesLeft()]).toEqual([undefined, false, 0])
  })

  it.each([
    ['before', 'one'],
    ['after', 'two'],
  ] as const)('keeps one part of two whose write was lost %s it happened', async (when, kept) => {
    const uploadId = await begin('one')
    lose(when, 'put PART')
    await expect(putPart(uploadId, 1, 'two')).rejects.toThrow(StoreUnavailable)
    await restart()
    await complete(uploadId, kept)
    expect([await read(), await filesLeft()]).toEqual([kept, 2])
  })

  it('ends the uploads of a bucket that went', async () => {
    for (let count = 0; count < 3; count++) await begin('one', 'two')
    lose('after', 'remove UPLOAD')
    await expect(embedded.buckets.remove(bucket)).rejects.toThrow(StoreUnavailable)
    await restart()
    expect(await filesLeft()).toBe(0)
  })
})

describe('without a start', () => {
  it('an upload that was completed, but not told, is completed again without losing its parts', async () => {
    const uploadId = await begin('one')
    lose('after', 'put OBJECT')
    await expect(complete(uploadId, 'one')).rejects.toThrow(StoreUnavailable)
    fault = () => undefined
    await complete(uploadId, 'one')
    expect(await read()).toBe('one')
    await restart()
    expect([await read(), await filesLeft()]).toEqual(['one', 2])
  })

  it('… and its end does not take the object along', async () => {
    const uploadId = await begin('one')
    lose('after', 'put OBJECT')
    await expect(complete(uploadId, 'one')).rejects.toThrow(StoreUnavailable)
    fault = () => undefined
    await embedded.objects.uploads.abort(bucket, { key: 'k', uploadId })
    expect([await read(), await isOpen()]).toEqual(['one', false])
  })

  it('a reader finishes the parts of an object that is replaced or removed meanwhile, and then they go', async () => {
    for (const end of [() => put('newer'), () => embedded.objects.remove(bucket, 'k', anything)]) {
      const uploadId = await begin('one')
      await complete(uploadId, 'one')
      const opened = await openObject(embedded.objects, bucket, 'k')
      await end()
      expect(await filesLeft()).toBeGreaterThan(1)
      expect(Buffer.concat(await Array.fromAsync((await opened?.read()) ?? [])).toString()).toBe('one')
      expect(await filesLeft()).toBe((await read()) === undefined ? 0 : 1)
      const closed = await openObject(embedded.objects, bucket, 'k')
      await closed?.close()
    }
  })

  it('a reader finishes the parts of an object that is replaced while its upload still ends', async () => {
    const uploadId = await begin('one')
    let reader: ReturnType<typeof openObject> | undefined
    fault = async (_when, what) => {
      if (what !== 'confirm BUCKET') return
      fault = () => undefined
      reader = openObject(embedded.objects, bucket, 'k')
      await reader
      await put('newer')
    }
    await complete(uploadId, 'one')
    const opened = await reader
    expect(Buffer.concat(await Array.fromAsync((await opened?.read()) ?? [])).toString()).toBe('one')
    expect([await read(), await isOpen(), await filesLeft()]).toEqual(['newer', false, 1])
  })

  it('one of many completions at once wins, and all tell of one object', async () => {
    const uploadId = await begin('one')
    const made = await Promise.all(Array.from({ length: 5 }, () => complete(uploadId, 'one')))
    expect(new Set(made.map(({ etag }) => etag)).size).toBe(1)
    expect([await read(), await filesLeft()]).toEqual(['one', 2])
  })

  it('parts and an end at once leave nothing', async () => {
    const uploadId = await begin()
    await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, index) => putPart(uploadId, (index % 3) + 1, `part ${index}`)),
      embedded.objects.uploads.abort(bucket, { key: 'k', uploadId }),
    ])
    expect([await isOpen(), await filesLeft()]).toEqual([false, 0])
  })
})
