import { randomUUID } from 'node:crypto'
import { objectKey, objectVersionKey } from '@daypass/core/store/keys.ts'
import type { Changes } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import { unlessConditionFails } from '../bucket-records.ts'
import type { Bucket } from '../buckets-port.ts'
import type { Removal, StoredObject, WritePrecondition } from '../port.ts'
import { keyLock } from './key-lock.ts'
import { itemOf, type ObjectRecord } from './object-record.ts'
import { NULL_VERSION } from './version-id.ts'
import { type Placing, type VersionDeps, versionPlacing } from './version-placing.ts'
import { ATTEMPTS, type FoundVersion } from './version-reads.ts'
import { currentContent, currentObject, type Head, isMarked, nameOf, unchanged, type Version } from './version-rows.ts'

export interface VersionWrites {
  /** Makes a version, or the object where there are none, the current one in one step with its precondition. */
  place(bucket: Bucket, placing: Placing): Promise<Version>
  /**
   * Changes what may change of the current version, or of the one that is named; answers which it was.
   * `verify` throws for an object that is not to be changed.
   * @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed
   */
  change(
    bucketId: string,
    key: string,
    changes: Changes,
    versionId?: string,
    verify?: (object: StoredObject) => void,
  ): Promise<FoundVersion>
  /** Removes the object of a bucket that never kept versions, or covers it with a delete marker. */
  remove(bucket: Bucket, key: string, precondition: WritePrecondition): Promise<Removal>
}

/** Changes of what is under a key. What becomes current does so by one write of the key's head, on condition that it is as it was read. */
export function versionWrites(deps: VersionDeps): VersionWrites {
  const { store, files, contents, reads } = deps
  const placeVersion = versionPlacing(deps)
  const locked = keyLock()

  /** The object where there are no versions: its row is replaced as it stands. */
  const placeSingle = async (bucketId: string, head: Head | undefined, record: ObjectRecord, begins?: () => void) => {
    const former = currentContent(head)
    const { key } = record.object
    const settled = former === undefined ? undefined : await files.note({ bucketId, key, contents: [former] })
    begins?.()
    // When the table cannot tell whether it wrote, the note stays for the next start.
    const done = await unlessConditionFails(store.put(itemOf(bucketId, record), { condition: unchanged(head) }))
    if (done && former !== undefined) await contents.discard(former, record.contentId, settled)
    else await settled?.()
    if (!done) return undefined
    return { id: NULL_VERSION, isNull: true, modifiedAt: record.object.modifiedAt, record } satisfies Version
  }

  const place = (bucket: Bucket, placing: Placing) =>
    locked(`${bucket.id} ${placing.key}`, async () => {
      const { key, precondition, record, begins } = placing
      const isNull = bucket.versioning !== 'Enabled'
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const head = await reads.head(bucket.id, key)
        precondition.check(currentObject(head), isMarked(head))
        const placed =
          record && isNull && head?.kind !== 'versioned'
            ? await placeSingle(bucket.id, head, record, begins)
            : await placeVersion(bucket.id, isNull, head, placing)
        if (placed) return placed
      }
      throw new S3Error('SlowDown')
    })

  const cover = async (bucket: Bucket, key: string, precondition: WritePrecondition): Promise<Removal> => {
    const marker = await place(bucket, { key, precondition })
    return { versionId: nameOf(marker), marker: true }
  }

  return {
    place,

    async change(bucketId, key, { set, ...changes }, versionId, verify) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const found = await reads.find(bucketId, key, versionId)
        if (!found || found.row?.doomed !== undefined) {
          throw new S3Error(versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion', { elements: { Key: key } })
        }
        const { head, row, version } = found
        if (!version.record) throw new S3Error('MethodNotAllowed')
        verify?.(version.record.object)
        const condition = row
          ? ({ exists: true, equals: { revision: row.revision, doomed: null } } as const)
          : unchanged(head)
        const changed = { ...changes, set: { ...set, revision: randomUUID() } }
        const place = row ? objectVersionKey(bucketId, key, row.id) : objectKey(bucketId, key)
        if (await unlessConditionFails(store.update(place, changed, { condition }))) return found
      }
      throw new S3Error('SlowDown')
    },

    async remove(bucket, key, precondition) {
      if (bucket.versioning !== undefined) return cover(bucket, key, precondition)
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const head = await reads.head(bucket.id, key)
        precondition.check(currentObject(head), isMarked(head))
        if (!head) return {}
        // Versioning came, or an earlier state of the bucket was read: what is there is never lost by that.
        if (head.kind === 'versioned') return cover(bucket, key, precondition)
        const { contentId } = head.record
        const settled = await files.note({ bucketId: bucket.id, key, contents: [contentId] })
        const done = await unlessConditionFails(store.remove(objectKey(bucket.id, key), { condition: unchanged(head) }))
        if (done) await contents.discard(contentId, undefined, settled)
        else await settled()
        if (done) return {}
      }
      throw new S3Error('SlowDown')
    },
  }
}
