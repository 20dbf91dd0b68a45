import { createHash } from 'node:crypto'
import { objectKey } from '@daypass/core/store/keys.ts'
import type { Condition, Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import { type BucketRecords, unlessConditionFails } from '../bucket-records.ts'
import { listPage } from '../listing.ts'
import type { Bucket, BucketRegistry, ObjectStore, WritePrecondition } from '../port.ts'
import { type ContentFiles, contentFiles } from './content-files.ts'
import { itemOf, type ObjectRecord, recordOf } from './object-record.ts'

interface Deps {
  readonly store: Store
  readonly buckets: BucketRecords
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The folder of the content files; one process at a time. */
  readonly folder: string
}

export interface EmbeddedObjects {
  readonly objects: ObjectStore
  readonly buckets: BucketRegistry
}

/** How often a write is tried again when others change the same object at the same moment. */
const ATTEMPTS = 100

/** Exactly the row that was read, so that a write knows which content it replaces. */
const unchanged = (existing: ObjectRecord | undefined): Condition =>
  existing ? { exists: true, equals: { contentId: existing.contentId } } : { exists: false }

/**
 * Objects on one machine: rows in the table, contents in files. The row is the truth: content is on disk before a row
 * names it and leaves after no row does, so a crash at any instant leaves the old object or the new one. Removes what an
 * earlier crash left over before it answers.
 */
export async function embeddedObjects({ store, buckets, now, folder }: Deps): Promise<EmbeddedObjects> {
  const files = await contentFiles(folder)

  const read = async (bucketId: string, key: string) => {
    const item = await store.get(objectKey(bucketId, key))
    return item && recordOf(item)
  }

  await files.recover(async ({ bucketId, key, contents }) => {
    const record = await read(bucketId, key)
    for (const id of contents) if (id !== record?.contentId) await files.remove(id)
  })

  /** Changes the row in one step with the precondition, then removes the content that it no longer names. */
  const replace = async (
    { id: bucketId }: Bucket,
    key: string,
    precondition: WritePrecondition,
    change: (condition: Condition, existing: ObjectRecord | undefined) => Promise<void>,
  ): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const existing = await read(bucketId, key)
      precondition.check(existing?.object)
      const settled = existing && (await files.note({ bucketId, key, contents: [existing.contentId] }))
      // When the table cannot tell whether it wrote, the note stays for the next start.
      const changed = await unlessConditionFails(change(unchanged(existing), existing))
      if (changed && existing) await files.remove(existing.contentId)
      await settled?.()
      if (changed) return
    }
    throw new S3Error('SlowDown')
  }

  const objects: ObjectStore = {
    async put(bucket, { key, headers, user, content, checksums, precondition }) {
      precondition.check((await read(bucket.id, key))?.object)
      const contentId = files.newId()
      const settled = await files.note({ bucketId: bucket.id, key, contents: [contentId] })
      const discard = async () => {
        await files.remove(contentId)
        await settled()
      }
      let uncertain = false
      let record: ObjectRecord
      try {
        const { size, etag } = await writeContent(files, contentId, content)
        record = { contentId, object: { key, size, etag, headers, user, modifiedAt: now(), checksums: checksums() } }
        const item = itemOf(bucket.id, record)
        await replace(bucket, key, precondition, async (condition) => {
          uncertain = true
          await store.put(item, { condition })
        })
      } catch (error) {
        if (!uncertain || error instanceof S3Error) await discard()
        throw error
      }
      if (!(await buckets.confirm(bucket))) {
        await unlessConditionFails(store.remove(objectKey(bucket.id, key), { condition: unchanged(record) }))
        await discard()
        throw new S3Error('NoSuchBucket', { elements: { BucketName: bucket.name } })
      }
      await settled()
      return record.object
    },

    async find(bucket, key) {
      return (await read(bucket.id, key))?.object
    },

    async open(bucket, key) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const record = await read(bucket.id, key)
        if (!record) return undefined
        const content = await files.open(record.contentId)
        // Replaced between the two reads: the next row names a content that is there.
        if (!content) continue
        const { object } = record
        return {
          object,
          read: async (range = { first: 0, last: object.size - 1 }) => content.read(range),
          close: () => content.close(),
        }
      }
      throw new S3Error('SlowDown')
    },

    remove: (bucket, key, precondition) =>
      replace(bucket, key, precondition, async (condition, existing) => {
        if (existing) await store.remove(objectKey(bucket.id, key), { condition })
      }),

    list: (bucket, query) =>
      listPage(async (prefix, after, limit) => {
        const { pk } = objectKey(bucket.id, '')
        const page = await store.query(pk, { prefix, after, limit: Math.min(limit, 1000) })
        return { objects: page.items.map((item) => recordOf(item).object), more: page.next !== undefined }
      }, query),
  }

  return {
    objects,
    buckets: {
      find: buckets.find,
      create: buckets.create,
      change: buckets.change,
      list: buckets.list,
      remove: (bucket) =>
        buckets.removeIfEmpty(bucket, async () => {
          const { items } = await store.query(objectKey(bucket.id, '').pk, { limit: 1 })
          return items.length === 0
        }),
    },
  }
}

/** Writes the content while it is hashed. The MD5 is S3's entity tag, not a protection. */
async function writeContent(files: ContentFiles, id: string, content: AsyncIterable<Buffer>) {
  const md5 = createHash('md5')
  let size = 0
  const hashed = async function* () {
    for await (const chunk of content) {
      md5.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  await files.write(id, hashed())
  return { size, etag: md5.digest('hex') }
}
