import { objectKey, objectVersionKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import type { Bucket } from '../buckets-port.ts'
import type { DeleteMarker, StoredObject } from '../port.ts'
import { momentOf, NULL_VERSION, parseVersionId } from './version-id.ts'
import {
  exposed,
  type Head,
  headOf,
  isVersion,
  rowOf,
  type Version,
  type VersionRow,
  versionRows,
} from './version-rows.ts'

/** How often something is tried again when others change the same object at the same moment. */
export const ATTEMPTS = 100

/** A version that there is, under the head that says so. */
export interface FoundVersion {
  readonly head: Head
  /** Absent where the head is all there is: an object without versions, and a delete marker that is current. */
  readonly row?: VersionRow
  readonly version: Version
}

export interface VersionReads {
  head(bucketId: string, key: string): Promise<Head | undefined>
  /** The current version, or the one that is named; tags included. @throws S3Error InvalidArgument */
  find(bucketId: string, key: string, versionId?: string): Promise<FoundVersion | undefined>
  /** The version that was made of a multipart upload. */
  findUpload(bucketId: string, key: string, uploadId: string, since: number): Promise<Version | undefined>
}

const single = (head: Head & { readonly kind: 'single' }): FoundVersion => {
  const { record } = head
  return { head, version: { id: NULL_VERSION, isNull: true, modifiedAt: record.object.modifiedAt, record } }
}

/** Reads of versions. A row that a head names is there, or the head has changed since. */
export function versionReads(store: Store): VersionReads {
  const headAt = async (bucketId: string, key: string) => {
    const item = await store.get(objectKey(bucketId, key))
    return item && headOf(item)
  }
  const rowAt = async (bucketId: string, key: string, id: string) => {
    const item = await store.get(objectVersionKey(bucketId, key, id))
    return item && rowOf(item, key)
  }

  const findNamed = async (bucketId: string, key: string, id: string): Promise<FoundVersion | undefined> => {
    const [headItem, item] = await store.getMany([objectKey(bucketId, key), objectVersionKey(bucketId, key, id)])
    const head = headItem && headOf(headItem)
    let row = item && rowOf(item, key)
    // The two are not read at one instant: a row is known to have been current before another becomes so.
    if (row?.fresh && !isVersion(head, row)) row = await rowAt(bucketId, key, id)
    return head && row && !row.isNull && isVersion(head, row) ? { head, row, version: row } : undefined
  }

  return {
    head: headAt,

    async find(bucketId, key, versionId) {
      const name = versionId === undefined ? undefined : parseVersionId(versionId)
      if (name !== undefined && name !== NULL_VERSION) return findNamed(bucketId, key, name)
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const head = await headAt(bucketId, key)
        if (!head) return undefined
        if (head.kind === 'single') return single(head)
        if (name === undefined && !head.current.record) return { head, version: head.current }
        const id = name === undefined ? head.current.id : head.nullId
        if (id === undefined) return undefined
        const row = await rowAt(bucketId, key, id)
        if (row) return { head, row, version: row }
      }
      throw new S3Error('SlowDown')
    },

    async findUpload(bucketId, key, uploadId, since) {
      const head = await headAt(bucketId, key)
      const found = head?.kind === 'single' ? single(head).version : head?.current
      if (found?.record?.uploadId === uploadId) return found
      if (head?.kind !== 'versioned') return undefined
      for await (const row of versionRows(store, bucketId, key)) {
        if (row.record?.uploadId === uploadId && isVersion(head, row)) return row
        if (momentOf(row.id) < since) return undefined
      }
      return undefined
    },
  }
}

/** A version as the bucket's clients see it; one that never kept versions has no names for them. */
export function seenIn(bucket: Bucket, key: string, { head, version }: FoundVersion): StoredObject | DeleteMarker {
  if (head.kind === 'single' && bucket.versioning === undefined) return head.record.object
  return exposed(key, version)
}
