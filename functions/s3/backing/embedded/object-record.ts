import { objectKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import type { Tags } from '../../tags.ts'
import type { StoredObject } from '../port.ts'

/** An object's row: what clients see of it, and which content holds its bytes. */
export interface ObjectRecord {
  readonly object: StoredObject
  readonly contentId: string
  readonly tags: Tags
  /** The multipart upload that it was completed from, so that completing it again finds it. */
  readonly uploadId?: string
}

/** The row of an object. Headers are kept as pairs, since their names come from clients. */
export const itemOf = (bucketId: string, { object, contentId, tags, uploadId }: ObjectRecord): Item => ({
  ...objectKey(bucketId, object.key),
  contentId,
  size: object.size,
  etag: object.etag,
  modifiedAt: object.modifiedAt,
  headers: Object.entries(object.headers),
  user: Object.entries(object.user),
  checksums: Object.entries(object.checksums),
  ...(object.checksumType !== undefined && { checksumType: object.checksumType }),
  ...(object.parts !== undefined && { parts: object.parts }),
  ...(tags.length > 0 && { tags }),
  ...(uploadId !== undefined && { uploadId }),
})

/** Headers, metadata or checksums, which a row keeps as pairs. */
export const pairs = (value: Item[string]): Readonly<Record<string, string>> => Object.fromEntries(pairList(value))

export const pairList = (value: Item[string]): readonly (readonly [string, string])[] =>
  Array.isArray(value) ? (value as readonly (readonly [string, string])[]) : []

/** The object of a row that `itemOf` made. */
export function recordOf(item: Item): ObjectRecord {
  const tags = pairList(item.tags)
  return {
    contentId: String(item.contentId),
    tags,
    ...(typeof item.uploadId === 'string' && { uploadId: item.uploadId }),
    object: {
      key: item.sk,
      size: Number(item.size),
      etag: String(item.etag),
      modifiedAt: Number(item.modifiedAt),
      headers: pairs(item.headers),
      user: pairs(item.user),
      checksums: pairs(item.checksums),
      ...(item.checksumType === 'COMPOSITE' && { checksumType: item.checksumType }),
      ...(typeof item.parts === 'number' && { parts: item.parts }),
      ...(tags.length > 0 && { tagCount: tags.length }),
    },
  }
}
