import { objectKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import type { StoredObject } from '../port.ts'

/** An object's row: what clients see of it, and which content file holds its bytes. */
export interface ObjectRecord {
  readonly object: StoredObject
  readonly contentId: string
}

/** The row of an object. Headers are kept as pairs, since their names come from clients. */
export const itemOf = (bucketId: string, { object, contentId }: ObjectRecord): Item => ({
  ...objectKey(bucketId, object.key),
  contentId,
  size: object.size,
  etag: object.etag,
  modifiedAt: object.modifiedAt,
  headers: Object.entries(object.headers),
  user: Object.entries(object.user),
  checksums: Object.entries(object.checksums),
})

const pairs = (value: Item[string]): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.isArray(value) ? (value as readonly (readonly [string, string])[]) : [])

/** The object of a row that `itemOf` made. */
export const recordOf = (item: Item): ObjectRecord => ({
  contentId: String(item.contentId),
  object: {
    key: item.sk,
    size: Number(item.size),
    etag: String(item.etag),
    modifiedAt: Number(item.modifiedAt),
    headers: pairs(item.headers),
    user: pairs(item.user),
    checksums: pairs(item.checksums),
  },
})
