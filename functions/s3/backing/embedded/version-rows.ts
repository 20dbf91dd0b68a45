import { objectKey, objectVersionKey, objectVersionPartition } from '@daypass/core/store/keys.ts'
import type { Condition, Item, Store } from '@daypass/core/store/port.ts'
import type { DeleteMarker, StoredObject } from '../port.ts'
import { changingAttributes, contentAttributes, type ObjectRecord, recordOf } from './object-record.ts'
import { NULL_VERSION } from './version-id.ts'

/** One version of an object. */
export interface Version {
  /** Its row's; clients see `null` in its place where `isNull`. */
  readonly id: string
  /** Made while the bucket kept no versions; a key has one such version at most. */
  readonly isNull: boolean
  readonly modifiedAt: number
  /** Absent: a delete marker. Without tags and ACL when it was read from a head. */
  readonly record?: ObjectRecord
}

/** A version's own row. */
export interface VersionRow extends Version {
  /** Not known to have become current; only the head can tell. */
  readonly fresh: boolean
  /** Who set out to remove it. */
  readonly doomed?: string
  readonly revision: string
}

/**
 * The row under an object's key, which says what is current: an object without versions whole, or a version by its id with
 * all of it that never changes. It alone decides: every change of what versions a key has is one conditional write of it.
 */
export type Head =
  | { readonly kind: 'single'; readonly record: ObjectRecord; readonly revision?: string }
  | {
      readonly kind: 'versioned'
      readonly current: Version
      /** The row of the key's null version, current or not, if it has one. */
      readonly nullId?: string
      readonly revision: string
    }

const versionOf = (item: Item, key: string, id: string, isNull: boolean): Version => ({
  id,
  isNull,
  modifiedAt: Number(item.modifiedAt),
  ...(item.marker !== true && { record: recordOf(item, key) }),
})

export function headOf(item: Item): Head {
  const revision = typeof item.revision === 'string' && { revision: item.revision }
  if (typeof item.versionId !== 'string') return { kind: 'single', record: recordOf(item), ...revision }
  const nullId = typeof item.nullId === 'string' ? item.nullId : undefined
  return {
    kind: 'versioned',
    current: versionOf(item, item.sk, item.versionId, item.versionId === nullId),
    ...(nullId !== undefined && { nullId }),
    revision: String(item.revision),
  }
}

export const rowOf = (item: Item, key: string): VersionRow => ({
  ...versionOf(item, key, item.sk, item.isNull === true),
  fresh: item.fresh === true,
  ...(typeof item.doomed === 'string' && { doomed: item.doomed }),
  revision: String(item.revision),
})

const contentOf = ({ record, modifiedAt }: Version) =>
  record ? contentAttributes(record) : { marker: true, modifiedAt }

export const headItem = (
  bucketId: string,
  key: string,
  current: Version,
  { nullId, revision }: { readonly nullId?: string | undefined; readonly revision: string },
): Item => ({
  ...objectKey(bucketId, key),
  ...contentOf(current),
  versionId: current.id,
  revision,
  ...(nullId !== undefined && { nullId }),
})

/** The row of a version that no head names yet. A null version needs no mark for that: heads name it or not. */
export const rowItem = (bucketId: string, key: string, version: Version, revision: string): Item => ({
  ...objectVersionKey(bucketId, key, version.id),
  ...contentOf(version),
  ...(version.record && changingAttributes(version.record)),
  revision,
  ...(version.isNull ? { isNull: true } : { fresh: true }),
})

/** Exactly the row that was read, so that a write knows what it replaces. */
export const unchanged = (head: Head | undefined): Condition => {
  if (!head) return { exists: false }
  if (head.kind === 'versioned') return { exists: true, equals: { revision: head.revision } }
  return {
    exists: true,
    equals: { contentId: head.record.contentId, revision: head.revision ?? null, versionId: null },
  }
}

/** Whether a row is a version that there is, by the head that was read before it. */
export function isVersion(head: Head | undefined, row: VersionRow): boolean {
  if (head?.kind !== 'versioned') return false
  if (row.isNull) return head.nullId === row.id
  return head.current.id === row.id || (!row.fresh && row.doomed === undefined)
}

/** What a version is called. */
export const nameOf = ({ id, isNull }: Version): string => (isNull ? NULL_VERSION : id)

/** A version as clients see it. */
export function exposed(key: string, version: Version): (StoredObject & { readonly versionId: string }) | DeleteMarker {
  const versionId = nameOf(version)
  const { record, modifiedAt } = version
  return record ? { ...record.object, versionId } : { marker: true, key, versionId, modifiedAt }
}

/** What lies under a key without any name of a version, as preconditions see it. */
export const currentObject = (head: Head | undefined): StoredObject | undefined =>
  head?.kind === 'single' ? head.record.object : head?.current.record?.object

/** Whether the key's current version is a delete marker. */
export const isMarked = (head: Head | undefined): boolean => head?.kind === 'versioned' && !head.current.record

export const currentContent = (head: Head | undefined): string | undefined =>
  head?.kind === 'single' ? head.record.contentId : head?.current.record?.contentId

/** Rows of one key's versions from the newest on, or from behind one of them. */
export async function* versionRows(store: Store, bucketId: string, key: string, after = ''): AsyncIterable<VersionRow> {
  for (let from = after; ; ) {
    const page = await store.query(objectVersionPartition(bucketId, key), { after: from, limit: 100 })
    for (const item of page.items) yield rowOf(item, key)
    if (page.next === undefined) return
    from = page.next
  }
}
