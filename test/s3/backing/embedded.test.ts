import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectKey } from '@daypass/core/store/keys.ts'
import { type Store, StoreUnavailable } from '@daypass/core/store/port.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { type EmbeddedObjects, embeddedObjects } from '../../../functions/s3/backing/embedded/object-store.ts'
import type { WritePrecondition } from '../../../functions/s3/backing/port.ts'
import { S3Error } from '../../../functions/s3/errors.ts'
import { memoryStore } from '../../support/memory-store.ts'
import { openObject } from '../support/open-object.ts'

let folder: string
let store: Store
let records: ReturnType<typeof bucketRecords>
let embedded: EmbeddedObjects
let bucket: Bucket

const open = () => embeddedObjects({ store, buckets: records, now: () => 5000, folder })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daypass-objects-'))
  store = memoryStore()
  let ids = 0
  records = bucketRecords({ store, now: () => 1000, newId: () => `id-${++ids}` })
  embedded = await open()
  bucket = await embedded.buckets.create({ name: 'bkt', account: 'one', region: 'us-east-1' })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const anything: WritePrecondition = { check: () => undefined }

async function* chunksOf(...chunks: (string | Error)[]) {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield Buffer.from(chunk)
  }
}

const put = (key: string, content: AsyncIterable<Buffer> | string, precondition = anything, into = bucket) =>
  embedded.objects.put(into, {
    key,
    size: 0,
    headers: { 'content-type': 'text/plain' },
    user: {},
    tags: [],
    content: typeof content === 'string' ? chunksOf(content) : content,
    checksums: () => ({}),
    precondition,
  })

const read = async (key: string) => {
  const opened = await openObject(embedded.objects, bucket, key)
  return opened && Buffer.concat(await Array.fromAsync(await opened.read())).toString()
}

/** Every file under the folder: contents by id, unfinished writes and notes by their place. */
const filesLeft = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath }) => parentPath.slice(folder.length + 1).replace(/^..\/..$/, 'content'))

describe('the embedded object store', () => {
  it('keeps an object whole, with the MD5 of its content as tag', async () => {
    const stored = await put('k', chunksOf('hello ', '', 'world'))
    expect(stored).toMatchObject({
      key: 'k',
      size: 11,
      etag: createHash('md5').update('hello world').digest('hex'),
      modifiedAt: 5000,
    })
    expect(await embedded.objects.find(bucket, 'k')).toEqual(stored)
    expect(await read('k')).toBe('hello world')
    expect(await filesLeft()).toEqual(['content'])
  })

  it('keeps an empty object', async () => {
    await put('empty', chunksOf())
    expect(await read('empty')).toBe('')
  })

  it('keeps files under names of its own, whatever the key', async () => {
    for (const key of ['../../escape', '/etc/passwd', 'a//b', '..', '.', 'nul\0', '\u00e9', 'e\u0301'])
      await put(key, key)
    for (const key of ['../../escape', '/etc/passwd', 'a//b', '..', '.', 'nul\0', '\u00e9', 'e\u0301']) {
      expect(await read(key)).toBe(key)
    }
    expect(await filesLeft()).toEqual(Array(8).fill('content'))
  })

  it('replaces an object and removes the old content', async () => {
    await put('k', 'old')
    await put('k', 'new')
    expect(await read('k')).toBe('new')
    expect(await filesLeft()).toEqual(['content'])
  })

  it.each(['replaced', 'removed'])(
    'lets a reader finish the version that it opened while the object is %s',
    async (how) => {
      await put('k', 'old')
      const opened = await openObject(embedded.objects, bucket, 'k')
      await (how === 'replaced' ? put('k', 'new') : embedded.objects.remove(bucket, 'k', anything))
      expect(Buffer.concat(await Array.fromAsync((await opened?.read()) ?? [])).toString()).toBe('old')
      expect(await read('k')).toBe(how === 'replaced' ? 'new' : undefined)
    },
  )

  it('keeps the old object, and no scrap of the new one, when the content fails at its end', async () => {
    await put('k', 'old')
    await expect(put('k', chunksOf('half', new Error('the hash is wrong')))).rejects.toThrow('the hash is wrong')
    expect(await read('k')).toBe('old')
    expect(await filesLeft()).toEqual(['content'])
  })

  it('leaves nothing of a first upload that fails', async () => {
    await expect(put('k', chunksOf('half', new Error('gone')))).rejects.toThrow('gone')
    expect(await embedded.objects.find(bucket, 'k')).toBeUndefined()
    expect(await filesLeft()).toEqual([])
  })

  it('lets exactly one of many create-only writes win', async () => {
    const createOnly: WritePrecondition = {
      check: (existing) => {
        if (existing) throw new S3Error('PreconditionFailed')
      },
    }
    const writes = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => put('k', `content ${i}`, createOnly)))
    expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await read('k')).toBe(`content ${writes.findIndex(({ status }) => status === 'fulfilled')}`)
    expect(await filesLeft()).toEqual(['content'])
  })

  it('ends many writes of one object in one whole object', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => put('k', `content ${i}`)))
    expect(await read('k')).toMatch(/^content \d+$/)
    expect(await filesLeft()).toEqual(['content'])
  })

  it('refuses a removal whose precondition fails, and does not mind a missing object', async () => {
    await put('k', 'v')
    const never: WritePrecondition = {
      check: () => {
        throw new S3Error('PreconditionFailed')
      },
    }
    await expect(embedded.objects.remove(bucket, 'k', never)).rejects.toMatchObject({ code: 'PreconditionFailed' })
    expect(await read('k')).toBe('v')
    await embedded.objects.remove(bucket, 'k', anything)
    await embedded.objects.remove(bucket, 'k', anything)
    expect(await filesLeft()).toEqual([])
  })

  it('frees the file of a reader that stops before its first byte', async () => {
    await put('k', 'v')
    const opened = await openObject(embedded.objects, bucket, 'k')
    const bytes = await opened?.read()
    await bytes?.return?.()
    expect(await bytes?.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a reader', () => {
  it('gets the new version when its object is replaced between row and content', async () => {
    await put('k', 'old')
    const inner = store
    let replaced = false
    store = {
      ...inner,
      async get(key) {
        const item = await inner.get(key)
        if (!replaced) {
          replaced = true
          await put('k', 'new')
        }
        return item
      },
    }
    const racing = await open()
    const opened = await openObject(racing.objects, bucket, 'k')
    expect(Buffer.concat(await Array.fromAsync((await opened?.read()) ?? [])).toString()).toBe('new')
  })
})

describe('an object and its bucket', () => {
  it('refuses to remove a bucket that holds an object', async () => {
    await put('k', 'v')
    await expect(embedded.buckets.remove(bucket)).rejects.toMatchObject({ code: 'BucketNotEmpty' })
    await embedded.objects.remove(bucket, 'k', anything)
    await embedded.buckets.remove(bucket)
    expect(await embedded.buckets.find('bkt')).toBeUndefined()
  })

  it('undoes a write whose bucket went meanwhile', async () => {
    const slow = async function* () {
      yield Buffer.from('x')
      await embedded.buckets.remove(bucket)
    }
    await expect(put('k', slow())).rejects.toMatchObject({ code: 'NoSuchBucket' })
    expect(await embedded.objects.find(bucket, 'k')).toBeUndefined()
    expect(await filesLeft()).toEqual([])
  })

  it('never loses an acknowledged write to a removal at the same moment', async () => {
    for (let round = 0; round < 50; round++) {
      const name = `race-${round}`
      const raced = await embedded.buckets.create({ name, account: 'one', region: 'us-east-1' })
      const [written, removed] = await Promise.allSettled([
        put('k', 'v', anything, raced),
        embedded.buckets.remove(raced),
      ])
      const there = (await embedded.buckets.find(name)) !== undefined
      if (written.status === 'fulfilled') expect(there).toBe(true)
      expect(there).toBe(removed.status === 'rejected')
    }
  })

  it('starts a bucket that is made again empty', async () => {
    await put('k', 'v')
    await embedded.objects.remove(bucket, 'k', anything)
    await embedded.buckets.remove(bucket)
    const again = await embedded.buckets.create({ name: 'bkt', account: 'two', region: 'us-east-1' })
    expect((await embedded.objects.list(again, { prefix: '', delimiter: '', after: '', limit: 10 })).entries).toEqual(
      [],
    )
  })
})

describe('a start after a crash', () => {
  it('removes unfinished writes and contents that no object names', async () => {
    await put('k', 'kept')
    const contentId = String((await store.get(objectKey(bucket.id, 'k')))?.contentId)
    await writeFile(join(folder, 'incoming', 'unfinished'), 'half')
    const orphan = 'ab'.repeat(16)
    await mkdir(join(folder, 'ab', 'ab'), { recursive: true })
    await writeFile(join(folder, 'ab', 'ab', orphan), 'replaced')
    const note = { bucketId: bucket.id, key: 'k', contents: [orphan, contentId] }
    await writeFile(join(folder, 'intents', 'one'), JSON.stringify(note))
    await writeFile(join(folder, 'intents', 'two'), '{"bucketId":')
    embedded = await open()
    expect(await read('k')).toBe('kept')
    expect(await filesLeft()).toEqual(['content'])
  })

  it.each([
    ['happened', 'new'],
    ['did not happen', 'old'],
  ])('settles a write of which the table could not say that it %s', async (fate, content) => {
    await put('k', 'old')
    const inner = store
    store = {
      ...inner,
      put: async (item, options) => {
        if (fate === 'happened') await inner.put(item, options)
        throw new StoreUnavailable('the answer was lost')
      },
    }
    embedded = await open()
    await expect(put('k', 'new')).rejects.toThrow(StoreUnavailable)
    store = inner
    embedded = await open()
    expect(await read('k')).toBe(content)
    expect(await filesLeft()).toEqual(['content'])
  })

  it.each(['happened', 'did not happen'])(
    'settles a removal of which the table could not say that it %s',
    async (fate) => {
      await put('k', 'v')
      const inner = store
      store = {
        ...inner,
        remove: async (key, options) => {
          if (fate === 'happened') await inner.remove(key, options)
          throw new StoreUnavailable('the answer was lost')
        },
      }
      embedded = await open()
      await expect(embedded.objects.remove(bucket, 'k', anything)).rejects.toThrow(StoreUnavailable)
      store = inner
      embedded = await open()
      expect(await read('k')).toBe(fate === 'happened' ? undefined : 'v')
      expect(await filesLeft()).toEqual(fate === 'happened' ? [] : ['content'])
    },
  )
})
