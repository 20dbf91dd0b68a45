import { objectPartKey, objectUploadKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { S3Error } from '../../errors.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { PendingUpload, UploadStore } from '../uploads-port.ts'
import { assemble } from './assemble.ts'
import type { ContentFiles } from './content-files.ts'
import type { Contents } from './contents.ts'
import type { Install } from './installation.ts'
import { keyLock } from './key-lock.ts'
import { manifestId, writeManifest } from './manifest.ts'
import { type UploadEnds, uploadEnds } from './upload-end.ts'
import { uploadPage } from './upload-listing.ts'
import { partItemOf, partRecordOf, uploadItemOf } from './upload-record.ts'
import { type UploadRecovery, uploadRecovery } from './upload-recovery.ts'
import { begunAt, isUploadId, newUploadId, noSuchUpload, uploadRows } from './upload-rows.ts'
import type { VersionReads } from './version-reads.ts'
import { writeContent } from './write-content.ts'

interface Deps {
  readonly store: Store
  readonly buckets: BucketRecords
  readonly files: ContentFiles
  readonly contents: Contents
  readonly now: () => number
  readonly reads: VersionReads
  readonly install: Install
}

interface EmbeddedUploads extends UploadStore, UploadRecovery, Pick<UploadEnds, 'endAll'> {}

/**
 * Multipart uploads on one machine: a row for each upload and for each part, parts in content files of their own. Completing
 * writes a manifest of those files and makes the object's row name it: no byte is copied. One process has the folder, so
 * changes of one upload go one after the other by a lock in memory.
 */
export function embeddedUploads({ store, buckets, files, contents, now, reads, install }: Deps): EmbeddedUploads {
  const locked = keyLock()

  const rows = uploadRows(store)
  const ends = uploadEnds({ store, files, contents, reads, rows, locked })

  const uploads: EmbeddedUploads = {
    endAll: ends.endAll,
    ...uploadRecovery({ store, files, rows, buckets, ends }),

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
      const { checksum } = (await rows.find(bucket.id, name)).upload
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
          rows.lookUp(bucket.id, name),
          rows.partsOf(bucket.id, uploadId),
        ])
        if (made?.record) {
          await ends.end(bucket.id, name)
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
        await ends.endWith(bucket.id, name, stored, new Set(parts.map(({ contentId }) => contentId)))
        await settled()
        return object
      }),

    async abort(bucket, name) {
      await rows.find(bucket.id, name)
      await ends.abort(bucket.id, name)
    },

    async listParts(bucket, name, page) {
      const { upload } = await rows.find(bucket.id, name)
      const { parts, more } = await rows.partPage(bucket.id, name.uploadId, page)
      return { upload, parts: parts.map(({ part }) => part), more }
    },

    async list(bucket, query) {
      const found = (await rows.ofBucket(bucket.id)).map(({ upload }) => upload)
      // They come in the order of their ids, which a stable sort by key keeps among uploads of one key.
      return uploadPage(
        found.sort((a, b) => compareUtf8(a.key, b.key)),
        query,
      )
    },
  }

  return uploads
}
