import { randomUUID } from 'node:crypto'
import { objectKey, objectVersionKey } from '@daypass/core/store/keys.ts'
import type { Changes, Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import { unlessConditionFails } from '../bucket-records.ts'
import type { Bucket } from '../buckets-port.ts'
import type { Removal, StoredObject, WritePrecondition } from '../port.ts'
import type { ContentFiles } from './content-files.ts'
import type { Contents } from './contents.ts'
import { keyLock } from './key-lock.ts'
import { itemOf, type ObjectRecord } from './object-record.ts'
import { momentOf, NULL_VERSION, newVersionId } from './version-id.ts'
import { ATTEMPTS, type FoundVersion, type VersionReads } from './version-reads.ts'
import {
  currentContent,
  currentObject,
  type Head,
  headItem,
  isMarked,
  nameOf,
  rowItem,
  unchanged,
  type Version,
} from './version-rows.ts'

interface Deps {
  readonly store: Store
  readonly files: ContentFiles
  readonly contents: Contents
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly reads: VersionReads
}

/** What is to become current under a key. */
export interface Placing {
  readonly key: string
  readonly precondition: WritePrecondition
  /** Absent: a delete marker. */
  readonly record?: ObjectRecord
  /** Called before the table is written to: from then on a failure may leave the content named. */
  readonly begins?: () => void
}

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

/** What a new version finds under its key. */
interface Former {
  /** The key's null version, if it keeps one. */
  readonly nullId?: string
  /** An object that had no versions, and so no row of its own beside the head. */
  readonly made?: Version
  /** The current version, which stays. */
  readonly stays?: string
  /** The null version whose place the new one takes for good. */
  readonly dropped?: { readonly id?: string; readonly content?: string | undefined }
}

/**
 * Changes of what is current. A version's row is there before the head names it and counts only once it did; the former
 * one's row is made to count by itself before the head leaves it. So the head's one write is the whole change, and a
 * crash on either side of it leaves rows that do not count, which the next start removes.
 */
export function versionWrites({ store, files, contents, now, reads }: Deps): VersionWrites {
  const locked = keyLock()

  /** `undefined`: the head has changed meanwhile. */
  const formerOf = async (bucketId: string, key: string, head: Head | undefined, isNull: boolean) => {
    if (!head) return {}
    if (head.kind === 'single') {
      const { record } = head
      const { modifiedAt } = record.object
      if (isNull) return { dropped: { content: record.contentId } }
      const id = newVersionId(Math.min(modifiedAt, now()))
      return { nullId: id, made: { id, isNull: true, modifiedAt, record } }
    }
    const { current, nullId } = head
    const stays = current.isNull ? {} : { stays: current.id }
    if (nullId === undefined) return stays
    if (!isNull) return { ...stays, nullId }
    const former = current.isNull ? current : (await reads.find(bucketId, key, NULL_VERSION))?.version
    return former?.id === nullId ? { ...stays, dropped: { id: nullId, content: former.record?.contentId } } : undefined
  }

  const placeVersion = async (bucketId: string, isNull: boolean, head: Head | undefined, placing: Placing) => {
    const { key, record, begins } = placing
    const former: Former | undefined = await formerOf(bucketId, key, head, isNull)
    if (!former) return undefined
    const { made, stays, dropped } = former
    const moment = head?.kind === 'versioned' ? momentOf(head.current.id) + 1 : 0
    const id = newVersionId(Math.max(now(), moment))
    const modifiedAt = record?.object.modifiedAt ?? now()
    const version: Version = { id, isNull, modifiedAt, ...(record && { record }) }
    const settled = await files.note({
      bucketId,
      key,
      contents: dropped?.content === undefined ? [] : [dropped.content],
      versions: [id, made?.id, dropped?.id].filter((each) => each !== undefined),
    })
    begins?.()
    const create = (each: Version) =>
      store.put(rowItem(bucketId, key, each, randomUUID()), { condition: { exists: false } })
    const undo = async () => {
      for (const each of [version, made]) if (each) await store.remove(objectVersionKey(bucketId, key, each.id))
      await settled()
      return undefined
    }
    if (made) await create(made)
    if (stays !== undefined) {
      const row = objectVersionKey(bucketId, key, stays)
      const kept = store.update(row, { remove: ['fresh'] }, { condition: { exists: true } })
      if (!(await unlessConditionFails(kept))) return undo()
    }
    await create(version)
    const nullId = isNull ? id : former.nullId
    const item = headItem(bucketId, key, version, { nullId, revision: randomUUID() })
    if (!(await unlessConditionFails(store.put(item, { condition: unchanged(head) })))) return undo()
    if (dropped?.id !== undefined) await store.remove(objectVersionKey(bucketId, key, dropped.id))
    if (dropped?.content === undefined) await settled()
    else await contents.discard(dropped.content, record?.contentId, settled)
    return version
  }

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
