import { objectKey } from '@daypass/core/store/keys.ts'
import type { Item, Value } from '@daypass/core/store/port.ts'
import type { Tags } from '../../tags.ts'
import type { ObjectRights, StoredObject } from '../port.ts'

/** An object's row: what clients see of it, and which content holds its bytes. */
export interface ObjectRecord {
  readonly object: StoredObject
  readonly contentId: string
  readonly tags: Tags
  /** The multipart upload that it was completed from, so that completing it again finds it. */
  readonly uploadId?: string
}

/** What of an object never changes, as a row keeps it. Headers are kept as pairs, since their names come from clients. */
export const contentAttributes = ({ object, contentId, uploadId }: ObjectRecord): Readonly<Record<string, Value>> => ({
  contentId,
  size: object.size,
  etag: object.etag,
  modifiedAt: object.modifiedAt,
  headers: Object.entries(object.headers),
  user: Object.entries(object.user),
  checksums: Object.entries(object.checksums),
  ...(object.checksumType !== undefined && { checksumType: object.checksumType }),
  ...(object.parts !== undefined && { parts: object.parts }),
  ...(uploadId !== undefined && { uploadId }),
  ...(object.owner !== undefined && { owner: object.owner }),
})

/** What of an object may change. */
export const changingAttributes = ({ tags, object }: ObjectRecord): Readonly<Record<string, Value>> => ({
  ...(tags.length > 0 && { tags }),
  ...(object.acl !== undefined && { acl: object.acl }),
})

/** The row of an object that has no other versions and never had. */
export const itemOf = (bucketId: string, record: ObjectRecord): Item => ({
  ...objectKey(bucketId, record.object.key),
  ...contentAttributes(record),
  ...changingAttributes(record),
})

/** Headers, metadata or checksums, which a row keeps as pairs. */
export const pairs = (value: Item[string]): Readonly<Record<string, string>> => Object.fromEntries(pairList(value))

export const pairList = (value: Item[string]): readonly (readonly [string, string])[] =>
  Array.isArray(value) ? (value as readonly (readonly [string, string])[]) : []

/** Whose an object is and its ACL, where its row says so. */
export const rightsIn = ({ owner, acl }: Item): ObjectRights => ({
  ...(typeof owner === 'string' && { owner }),
  ...(typeof acl === 'string' && { acl }),
})

/** The object of a row that holds `contentAttributes`. */
export function recordOf(item: Item, key: string = item.sk): ObjectRecord {
  const tags = pairList(item.tags)
  return {
    contentId: String(item.contentId),
    tags,
    ...(typeof item.uploadId === 'string' && { uploadId: item.uploadId }),
    object: {
      key,
      size: Number(item.size),
      etag: String(item.etag),
      modifiedAt: Number(item.modifiedAt),
      headers: pairs(item.headers),
      user: pairs(item.user),
      checksums: pairs(item.checksums),
      ...(item.checksumType === 'COMPOSITE' && { checksumType: item.checksumType }),
      ...(typeof item.parts === 'number' && { parts: item.parts }),
      ...(tags.length > 0 && { tagCount: tags.length }),
      ...rightsIn(item),
    },
  }
}
