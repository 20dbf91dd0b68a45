import { CHECKSUM_ALGORITHMS } from '@daypass/core/checksum/checksum.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { BucketRegistry } from '../buckets-port.ts'
import { type DeleteMarker, isDeleteMarker, type ObjectStore, type StoredObject } from '../port.ts'
import { bucketRemoval } from './bucket-removal.ts'
import { contentFiles } from './content-files.ts'
import { contentsOf } from './contents.ts'
import { installer } from './installation.ts'
import { objectListing } from './object-listing.ts'
import { objectParts } from './object-parts.ts'
import { embeddedUploads } from './uploads.ts'
import { versionListing } from './version-listing.ts'
import { ATTEMPTS, type FoundVersion, seenIn, versionReads } from './version-reads.ts'
import { versionRecovery } from './version-recovery.ts'
import { versionRemoval } from './version-removal.ts'
import { currentObject } from './version-rows.ts'
import { versionWrites } from './versions.ts'
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

/**
 * Objects on one machine: rows in the table, contents in files. The row is the truth: content is on disk before a row
 * names it and leaves after no row does, so a crash at any instant leaves the old object or the new one. Removes what an
 * earlier crash left over before it answers.
 */
export async function embeddedObjects({ store, buckets, now, folder }: Deps): Promise<EmbeddedObjects> {
  const files = await contentFiles(folder)
  const contents = contentsOf(files)

  const reads = versionReads(store)
  const versions = versionWrites({ store, files, contents, now, reads })
  const removeVersion = versionRemoval({ store, files, contents, reads })
  const recoverKey = versionRecovery({ store, contents, reads, removeVersion })

  const install = installer({ buckets, files, versions, removeVersion })
  const uploads = embeddedUploads({ store, buckets, files, contents, now, reads, install })

  await files.recover(async (intent) => {
    const { bucketId } = intent
    if (intent.bucket !== undefined) await uploads.recoverBucket(intent.bucket, bucketId)
    else if (intent.part || intent.ends !== undefined) await uploads.recoverUpload(intent)
    else await recoverKey(intent)
  })

  /** Where what was found came from, so that opening it needs no second look. */
  const origins = new WeakMap<StoredObject | DeleteMarker, FoundVersion>()

  const objects: ObjectStore = {
    async put(bucket, { key, headers, user, content, checksums, computes, tags, precondition, owner, acl }) {
      // What cannot hold is refused before its content is read. The write asks again, in one step with itself.
      const conditional = precondition.ifMatch !== undefined || precondition.ifNoneMatch !== undefined
      if (conditional) precondition.check(currentObject(await reads.head(bucket.id, key)))
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
          const rights = { ...(owner !== undefined && { owner }), ...(acl !== undefined && { acl }) }
          return {
            contentId,
            tags,
            object: { key, size, etag, headers, user, modifiedAt, checksums: kept, ...tagCount, ...rights },
          }
        },
        undo: () => files.remove(contentId),
      })
      await settled()
      return object
    },

    async find(bucket, key, versionId) {
      const found = await reads.find(bucket.id, key, versionId)
      const object = found && seenIn(bucket, key, found)
      if (found && object) origins.set(object, found)
      return object
    },

    async open(bucket, key, { versionId, found: told } = {}) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const known = attempt === 0 && told ? origins.get(told) : undefined
        const found = known ?? (await reads.find(bucket.id, key, versionId))
        const object = found && seenIn(bucket, key, found)
        if (!object || isDeleteMarker(object)) return object
        const content = await contents.open(found.version.record?.contentId ?? '')
        // Replaced between the two reads: the next row names a content that is there.
        if (!content) continue
        return {
          object,
          tags: found.version.record?.tags ?? [],
          read: async (range = { first: 0, last: object.size - 1 }) => content.read(range),
          close: () => content.close(),
        }
      }
      throw new S3Error('SlowDown')
    },

    async remove(bucket, key, precondition, versionId) {
      if (versionId === undefined) return versions.remove(bucket, key, precondition)
      return removeVersion(bucket.id, key, versionId, precondition)
    },

    async copy(_from, source, bucket, { key, metadata, tags, algorithm, precondition, ...rights }) {
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
          tags,
          precondition,
          ...rights,
        })
      } finally {
        await source.close()
      }
    },

    async tags(bucket, key, versionId) {
      const found = await reads.find(bucket.id, key, versionId)
      const object = found && seenIn(bucket, key, found)
      if (!object || isDeleteMarker(object)) return object
      const tags = found.version.record?.tags ?? []
      return { tags, ...(object.versionId !== undefined && { versionId: object.versionId }) }
    },

    async setTags(bucket, key, tags, versionId) {
      const changes = tags.length > 0 ? { set: { tags } } : { remove: ['tags'] }
      const object = seenIn(bucket, key, await versions.change(bucket.id, key, changes, versionId))
      return object.versionId === undefined ? {} : { versionId: object.versionId }
    },

    async setAcl(bucket, judged, acl) {
      const changes = acl === undefined ? { remove: ['acl'] } : { set: { acl } }
      await versions.change(bucket.id, judged.key, changes, judged.versionId, ({ owner, etag, modifiedAt }) => {
        // Whoever was judged to write one object's ACL was not judged for the next one under that key.
        const same = owner === judged.owner && etag === judged.etag && modifiedAt === judged.modifiedAt
        if (!same) throw new S3Error('OperationAborted')
      })
    },

    ...objectParts(reads, contents),
    list: objectListing(store),

    listVersions: versionListing(store),
    versioning: async ({ versioning }) => versioning,
    setVersioning: (bucket, versioning) => buckets.change(bucket, { versioning }),

    uploads,
  }

  return {
    objects,
    buckets: {
      find: buckets.find,
      create: buckets.create,
      change: buckets.change,
      list: buckets.list,
      remove: bucketRemoval({ store, files, buckets, uploads }),
    },
  }
}
