import { randomBytes } from 'node:crypto'
import { objectPartKey, objectUploadKey } from '@daypass/core/store/keys.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { S3Error } from '../../errors.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { Bucket } from '../buckets-port.ts'
import type { StoredObject } from '../port.ts'
import type { PendingUpload, UploadName, UploadStore } from '../uploads-port.ts'
import { assemble } from './assemble.ts'
import type { ContentFiles, Intent } from './content-files.ts'
import type { Contents } from './contents.ts'
import { keyLock } from './key-lock.ts'
import { manifestId, writeManifest } from './manifest.ts'
import type { Installation } from './object-store.ts'
import { uploadPage } from './upload-listing.ts'
import {
  type PartRecord,
  partItemOf,
  partRecordOf,
  type UploadRecord,
  uploadItemOf,
  uploadRecordOf,
} from './upload-record.ts'
import type { VersionReads } from './version-reads.ts'
import { writeContent } from './write-content.ts'

interface Deps {
  readonly store: Store
  readonly buckets: BucketRecords
  readonly files: ContentFiles
  readonly contents: Contents
  readonly now: () => number
  readonly reads: VersionReads
  readonly install: (
    bucket: Bucket,
    installation: Installation,
  ) => Promise<{ readonly object: StoredObject; readonly settled: () => Promise<void> }>
}

interface EmbeddedUploads extends UploadStore {
  /** Ends every upload of a bucket that is gone. */
  endAll(bucketId: string): Promise<void>
  /** After a crash while a bucket was being removed. */
  recoverBucket(name: string, bucketId: string): Promise<void>
  /** After a crash while a part was being written or an upload was being ended; objects were put right before. */
  recoverUpload(intent: Intent): Promise<void>
}

const PAGE = 1000
/** Rows that are removed at once, so that the table can sync them together. */
const BATCH = 100

/** Ids sort by the time of their beginning. */
const newUploadId = (now: number) => now.toString(16).padStart(12, '0') + randomBytes(16).toString('hex')
const isUploadId = (claimed: string) => /^[0-9a-f]{44}$/.test(claimed)
const begunAt = (uploadId: string) => Number.parseInt(uploadId.slice(0, 12), 16)

const noSuchUpload = ({ uploadId }: UploadName) => new S3Error('NoSuchUpload', { elements: { UploadId: uploadId } })

/**
 * Multipart uploads on one machine: a row for each upload and for each part, parts in content files of their own. Completing
 * writes a manifest of those files and makes the object's row name it: no byte is copied. One process has the folder, so
 * changes of one upload go one after the other by a lock in memory.
 */
export function embeddedUploads({ store, buckets, files, contents, now, reads, install }: Deps): EmbeddedUploads {
  const locked = keyLock()

  const all = async (pk: string): Promise<Item[]> => {
    const items: Item[] = []
    for (let after = ''; ; ) {
      const page = await store.query(pk, { after, limit: PAGE })
      items.push(...page.items)
      if (page.next === undefined) return items
      after = page.next
    }
  }
  const partition = (bucketId: string, uploadId: string) => objectPartKey(bucketId, uploadId, 0).pk
  const partsOf = async (bucketId: string, uploadId: string) =>
    (await all(partition(bucketId, uploadId))).map(partRecordOf)

  const lookUp = async (bucketId: string, { key, uploadId }: UploadName): Promise<UploadRecord | undefined> => {
    if (!isUploadId(uploadId)) return undefined
    const item = await store.get(objectUploadKey(bucketId, uploadId))
    return item?.key === key ? uploadRecordOf(item) : undefined
  }
  const find = async (bucket: Bucket, name: UploadName): Promise<UploadRecord> => {
    const record = await lookUp(bucket.id, name)
    if (!record) throw noSuchUpload(name)
    return record
  }

  /** Contents of the object that was made of this upload, if it is there. */
  const namedBy = async (bucketId: string, { key, uploadId }: UploadName): Promise<ReadonlySet<string> | undefined> => {
    const record = (await reads.findUpload(bucketId, key, uploadId, begunAt(uploadId)))?.record
    return record && new Set(((await contents.parts(record.contentId)) ?? []).map(({ contentId }) => contentId))
  }

  /** Ends an upload: its row first, then its parts, but for the contents that its object names by now. */
  const end = async (bucketId: string, name: UploadName) => {
    const kept = await namedBy(bucketId, name)
    await endWith(bucketId, name, await partsOf(bucketId, name.uploadId), kept)
  }

  const endWith = async (
    bucketId: string,
    { uploadId }: UploadName,
    parts: readonly PartRecord[],
    kept: ReadonlySet<string> | undefined,
  ) => {
    await store.remove(objectUploadKey(bucketId, uploadId))
    for (let from = 0; from < parts.length; from += BATCH) {
      await Promise.all(
        parts.slice(from, from + BATCH).map(async ({ part, contentId }) => {
          if (!kept?.has(contentId)) await files.remove(contentId)
          await store.remove(objectPartKey(bucketId, uploadId, part.number))
        }),
      )
    }
  }

  /** Ends an upload so that a crash in the middle is gone on with. */
  const abort = (bucketId: string, name: UploadName) =>
    locked(name.uploadId, async () => {
      const settled = await files.note({ bucketId, key: name.key, contents: [], ends: name.uploadId })
      await end(bucketId, name)
      await settled()
    })

  const endAll = async (bucketId: string) => {
    for (const item of await all(objectUploadKey(bucketId, '').pk)) {
      await abort(bucketId, { key: String(item.key), uploadId: item.sk })
    }
  }

  const uploads: EmbeddedUploads = {
    endAll,

    async create(bucket, { key, headers, user, tags, checksum, initiator, owner, acl }) {
      const initiatedAt = now()
      const uploadId = newUploadId(initiatedAt)
      const rights = { ...(owner !== undefined && { owner }), ...(acl !== undefined && { acl }) }
      const upload: PendingUpload = { key, uploadId, initiatedAt, initiator, ...(checksum && { checksum }) }
      await store.put(uploadItemOf(bucket.id, { upload, metadata: { headers, user }, tags, rights }))
      if (await buckets.confirm(bucket)) return upload
      await store.remove(objectUploadKey(bucket.id, uploadId))
      throw new S3Error('NoSuchBucket', { elements: { BucketName: bucket.name } })
    },

    async putPart(bucket, name, { number, content, checksums, announced }) {
      const { checksum } = (await find(bucket, name)).upload
      const algorithm = announced?.algorithm
      if (checksum && algorithm && checksum.algorithm !== algorithm) {
        throw new S3Error('InvalidRequest', {
          message: `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm}, actual checksum Type: ${algorithm}`,
        })
      }
      const { key, uploadId } = name
      const contentId = files.newId()
      const part = { uploadId, number }
      const settled = await files.note({ bucketId: bucket.id, key, contents: [contentId], part })
      let uncertain = false
      try {
        const computed = algorithm === undefined ? checksum?.algorithm : undefined
        const { size, etag, checksum: value } = await writeContent(files, contentId, content, computed)
        const kept = { ...checksums(), ...(computed && value !== undefined && { [computed]: value }) }
        const stored = { number, size, etag, modifiedAt: now(), checksums: kept }
        // The notes go before the lock does: whoever completes or ends the upload takes the content over.
        await locked(uploadId, async () => {
          const row = objectPartKey(bucket.id, uploadId, number)
          const [upload, former] = await store.getMany([objectUploadKey(bucket.id, uploadId), row])
          if (upload?.key !== key) throw noSuchUpload(name)
          const replaced = former && partRecordOf(former).contentId
          const formerSettled = replaced && (await files.note({ bucketId: bucket.id, key, contents: [replaced], part }))
          uncertain = true
          await store.put(partItemOf(bucket.id, uploadId, { part: stored, contentId }))
          if (replaced) await files.remove(replaced)
          if (formerSettled) await formerSettled()
          await settled()
        })
        return stored
      } catch (error) {
        if (!uncertain) {
          await files.remove(contentId)
          await settled()
        }
        throw error
      }
    },

    async copyPart(bucket, name, { number, source, range }) {
      try {
        const { size } = source.object
        const content = await source.read(range ?? { first: 0, last: size - 1 })
        const length = range ? range.last - range.first + 1 : size
        return await uploads.putPart(bucket, name, { number, size: length, content, checksums: () => ({}) })
      } finally {
        await source.close()
      }
    },

    complete: (bucket, name, completion) =>
      locked(name.uploadId, async () => {
        const { key, uploadId } = name
        if (!isUploadId(uploadId)) throw noSuchUpload(name)
        // Under the lock nobody else changes the upload or its parts, so that what is read at once is of one state.
        const [made, record, stored] = await Promise.all([
          reads.findUpload(bucket.id, key, uploadId, begunAt(uploadId)),
          lookUp(bucket.id, name),
          partsOf(bucket.id, uploadId),
        ])
        if (made?.record) {
          await end(bucket.id, name)
          return made.isNull ? made.record.object : { ...made.record.object, versionId: made.id }
        }
        if (!record) throw noSuchUpload(name)
        const { upload, metadata, tags, rights } = record
        const byNumber = new Map(stored.map((each) => [each.part.number, each]))
        const { parts, ...whole } = assemble(upload, byNumber, completion)
        const contentId = manifestId(files.newId())
        const { object, settled } = await install(bucket, {
          key,
          precondition: completion.precondition,
          intent: { bucketId: bucket.id, key, contents: [contentId], ends: uploadId },
          async make() {
            await writeManifest(files, contentId, parts)
            const tagCount = tags.length > 0 && { tagCount: tags.length }
            const made = { key, ...whole, ...metadata, ...rights, modifiedAt: now(), parts: parts.length, ...tagCount }
            return { contentId, tags, uploadId, object: made }
          },
          undo: () => files.remove(contentId),
        })
        // They are the object's now, also when it is replaced already: whoever did that takes them away.
        await endWith(bucket.id, name, stored, new Set(parts.map(({ contentId }) => contentId)))
        await settled()
        return object
      }),

    async abort(bucket, name) {
      await find(bucket, name)
      await abort(bucket.id, name)
    },

    async listParts(bucket, name, { after, limit }) {
      const { upload } = await find(bucket, name)
      const from = after > 0 ? { after: objectPartKey(bucket.id, name.uploadId, after).sk } : {}
      const { items, next } = await store.query(partition(bucket.id, name.uploadId), { ...from, limit })
      return { upload, parts: items.map((item) => partRecordOf(item).part), more: next !== undefined }
    },

    async list(bucket, query) {
      const rows = await all(objectUploadKey(bucket.id, '').pk)
      const found = rows.map((row) => uploadRecordOf(row).upload)
      // The rows are in the order of their ids, which a stable sort by key keeps among uploads of one key.
      return uploadPage(
        found.sort((a, b) => compareUtf8(a.key, b.key)),
        query,
      )
    },

    async recoverBucket(name, bucketId) {
      if ((await buckets.find(name))?.id !== bucketId) await endAll(bucketId)
    },

    async recoverUpload({ bucketId, key, contents: noted, part, ends }) {
      const name = { key, uploadId: part?.uploadId ?? ends ?? '' }
      const kept = await namedBy(bucketId, name)
      if (part) {
        const row = await store.get(objectPartKey(bucketId, name.uploadId, part.number))
        for (const id of noted) if (row?.contentId !== id && !kept?.has(id)) await files.remove(id)
        return
      }
      if (kept || !(await lookUp(bucketId, name))) {
        await end(bucketId, name)
        return
      }
      const [manifest] = noted
      if (manifest !== undefined && (await files.exists(manifest))) await files.remove(manifest)
      else if (await lost(await partsOf(bucketId, name.uploadId))) await end(bucketId, name)
    },
  }

  /** Parts of a live upload have their contents: those without went with an object that was made of them, and replaced. */
  const lost = async (parts: readonly PartRecord[]) => {
    for (const { contentId } of parts) if (!(await files.exists(contentId))) return true
    return false
  }

  return uploads
}
