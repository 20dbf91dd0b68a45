import { randomUUID } from 'node:crypto'
import { objectVersionKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { unlessConditionFails } from '../bucket-records.ts'
import type { WritePrecondition } from '../port.ts'
import type { ContentFiles } from './content-files.ts'
import type { Contents } from './contents.ts'
import type { ObjectRecord } from './object-record.ts'
import { momentOf, NULL_VERSION, newVersionId } from './version-id.ts'
import type { VersionReads } from './version-reads.ts'
import { type Head, headItem, rowItem, unchanged, type Version } from './version-rows.ts'

export interface VersionDeps {
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

/** Makes a new version the current one, null or not, of the key whose head was read. `undefined`: the head has changed meanwhile. */
export type PlaceVersion = (
  bucketId: string,
  isNull: boolean,
  head: Head | undefined,
  placing: Placing,
) => Promise<Version | undefined>

/**
 * A version's row is there before the head names it and counts only once it did; the former one's row is made to count by
 * itself before the head leaves it. So the head's one write is the whole change, and a crash on either side of it leaves rows that
 * do not count, which the next start removes.
 */
export function versionPlacing({ store, files, contents, now, reads }: VersionDeps): PlaceVersion {
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

  return async (bucketId, isNull, head, placing) => {
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
}
