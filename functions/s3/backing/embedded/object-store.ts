import { CHECKSUM_ALGORITHMS } from '@daypass/core/checksum/checksum.ts'
import { objectKey } from '@daypass/core/store/keys.ts'
import type { Condition, Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import { type BucketRecords, unlessConditionFails } from '../bucket-records.ts'
import { listPage } from '../listing.ts'
import type { Bucket, BucketRegistry, ObjectStore, StoredObject, WritePrecondition } from '../port.ts'
import { contentFiles, type Intent } from './content-files.ts'
import { contentsOf } from './contents.ts'
import { itemOf, type ObjectRecord, recordOf } from './object-record.ts'
import { embeddedUploads } from './uploads.ts'
import { writeContent } from './write-content.ts'

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

/** A new object on its way into the table. */
export interface Installation {
  readonly key: string
  readonly precondition: WritePrecondition
  readonly intent: Intent
  /** Writes the content, and answers the row that names it. */
  readonly make: () => Promise<ObjectRecord>
  /** Removes what `make` wrote; called when no row names it. */
  readonly undo: () => Promise<void>
}

/**
 * Objects on one machine: rows in the table, contents in files. The row is the truth: content is on disk before a row
 * names it and leaves after no row does, so a crash at any instant leaves the old object or the new one. Removes what an
 * earlier crash left over before it answers.
 */
export async function embeddedObjects({ store, buckets, now, folder }: Deps): Promise<EmbeddedObjects> {
  const files = await contentFiles(folder)
  const contents = contentsOf(files)

  const read = async (bucketId: string, key: string) => {
    const item = await store.get(objectKey(bucketId, key))
    return item && recordOf(item)
  }

  /** Changes the row in one step with the precondition, then removes the content that it no longer names. */
  const replace = async (
    { id: bucketId }: Bucket,
    key: string,
    precondition: WritePrecondition,
    change: (condition: Condition, existing: ObjectRecord | undefined) => Promise<{ readonly heir?: string }>,
  ): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const existing = await read(bucketId, key)
      precondition.check(existing?.object)
      const settled = existing && (await files.note({ bucketId, key, contents: [existing.contentId] }))
      // When the table cannot tell whether it wrote, the note stays for the next start.
      const changed = await unlessConditionFails(change(unchanged(existing), existing))
      if (changed && existing) await contents.discard(existing.contentId, changed.value.heir, settled)
      else await settled?.()
      if (changed) return
    }
    throw new S3Error('SlowDown')
  }

  const install = async (
    bucket: Bucket,
    { key, precondition, intent, make, undo }: Installation,
  ): Promise<{ readonly object: StoredObject; readonly settled: () => Promise<void> }> => {
    const settled = await files.note(intent)
    const discard = async () => {
      await undo()
      await settled()
    }
    let uncertain = false
    let record: ObjectRecord
    try {
      record = await make()
      const item = itemOf(bucket.id, record)
      await replace(bucket, key, precondition, async (condition) => {
        uncertain = true
        await store.put(item, { condition })
        return { heir: record.contentId }
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
    return { object: record.object, settled }
  }

  const uploads = embeddedUploads({ store, buckets, files, contents, now, read, install })

  await files.recover(async (intent) => {
    const { bucketId, key, contents: noted } = intent
    if (intent.bucket !== undefined) await uploads.recoverBucket(intent.bucket, bucketId)
    else if (intent.part || intent.ends !== undefined) await uploads.recoverUpload(intent)
    else {
      const record = await read(bucketId, key)
      for (const id of noted) if (id !== record?.contentId) await contents.discard(id, record?.contentId)
    }
  })

  const objects: ObjectStore = {
    async put(bucket, { key, headers, user, content, checksums, computes, tags, precondition }) {
      precondition.check((await read(bucket.id, key))?.object)
      const contentId = files.newId()
      const { object, settled } = await install(bucket, {
        key,
        precondition,
        intent: { bucketId: bucket.id, key, contents: [contentId] },
        async make() {
          const { size, etag, checksum } = await writeContent(files, contentId, content, computes)
          const kept = { ...checksums(), ...(computes && checksum && { [computes]: checksum }) }
          const modifiedAt = now()
          const tagCount = tags.length > 0 && { tagCount: tags.length }
          return {
            contentId,
            tags,
            object: { key, size, etag, headers, user, modifiedAt, checksums: kept, ...tagCount },
          }
        },
        undo: () => files.remove(contentId),
      })
      await settled()
      return object
    },

    async find(bucket, key) {
      return (await read(bucket.id, key))?.object
    },

    async open(bucket, key) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const record = await read(bucket.id, key)
        if (!record) return undefined
        const content = await contents.open(record.contentId)
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
        return {}
      }),

    async copy(from, source, bucket, { key, metadata, tags, algorithm, precondition }) {
      const { object } = source
      try {
        const { headers, user } = metadata ?? object
        const kept = object.checksumType === 'COMPOSITE' ? {} : object.checksums
        const [composite] = object.checksumType === 'COMPOSITE' ? Object.keys(object.checksums) : []
        const wanted = algorithm ?? CHECKSUM_ALGORITHMS.find((each) => each === composite)
        const known = wanted === undefined || kept[wanted] !== undefined
        return await objects.put(bucket, {
          key,
          headers,
          user,
          size: object.size,
          content: await source.read(),
          checksums: () => (wanted !== undefined && known ? { [wanted]: kept[wanted] ?? '' } : known ? kept : {}),
          ...(wanted !== undefined && !known && { computes: wanted }),
          tags: tags ?? (await objects.tags(from, object.key)) ?? [],
          precondition,
        })
      } finally {
        await source.close()
      }
    },

    async tags(bucket, key) {
      return (await read(bucket.id, key))?.tags
    },

    async setTags(bucket, key, tags) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const record = await read(bucket.id, key)
        if (!record) throw new S3Error('NoSuchKey', { elements: { Key: key } })
        const changes = tags.length > 0 ? { set: { tags } } : { remove: ['tags'] }
        const write = store.update(objectKey(bucket.id, key), changes, { condition: unchanged(record) })
        if (await unlessConditionFails(write)) return
      }
      throw new S3Error('SlowDown')
    },

    async part(bucket, object, number) {
      const record = await read(bucket.id, object.key)
      return record && (await contents.parts(record.contentId))?.[number - 1]
    },

    async parts(bucket, object, { after, limit }) {
      const record = object.parts === undefined ? undefined : await read(bucket.id, object.key)
      const all = (record && (await contents.parts(record.contentId))) ?? []
      const rest = all.map((part, index) => ({ ...part, number: index + 1 })).slice(after)
      return { parts: rest.slice(0, limit), more: rest.length > limit }
    },

    list: (bucket, query) =>
      listPage(async (prefix, after, limit) => {
        const { pk } = objectKey(bucket.id, '')
        const page = await store.query(pk, { prefix, after, limit: Math.min(limit, 1000) })
        return { objects: page.items.map((item) => recordOf(item).object), more: page.next !== undefined }
      }, query),

    uploads,
  }

  return {
    objects,
    buckets: {
      find: buckets.find,
      create: buckets.create,
      change: buckets.change,
      list: buckets.list,
      async remove(bucket) {
        const settled = await files.note({ bucketId: bucket.id, key: '', contents: [], bucket: bucket.name })
        try {
          await buckets.removeIfEmpty(bucket, async () => {
            const { items } = await store.query(objectKey(bucket.id, '').pk, { limit: 1 })
            return items.length === 0
          })
        } catch (error) {
          if (error instanceof S3Error) await settled()
          throw error
        }
        await uploads.endAll(bucket.id)
        await settled()
      },
    },
  }
}
