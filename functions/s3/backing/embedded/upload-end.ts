import { objectPartKey, objectUploadKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import type { UploadName } from '../uploads-port.ts'
import type { ContentFiles } from './content-files.ts'
import type { Contents } from './contents.ts'
import type { KeyLock } from './key-lock.ts'
import type { PartRecord } from './upload-record.ts'
import { begunAt, type UploadRows } from './upload-rows.ts'
import type { VersionReads } from './version-reads.ts'

export interface UploadEndDeps {
  readonly store: Store
  readonly files: ContentFiles
  readonly contents: Contents
  readonly reads: VersionReads
  readonly rows: UploadRows
  /** By the upload's id. */
  readonly locked: KeyLock
}

export interface UploadEnds {
  /** Contents of the object that was made of this upload, if it is there. */
  namedBy(bucketId: string, name: UploadName): Promise<ReadonlySet<string> | undefined>
  /** Ends an upload: its row first, then its parts, but for the contents that its object names by now. */
  end(bucketId: string, name: UploadName): Promise<void>
  /** As `end`, where its parts are known, and which contents are the object's. */
  endWith(
    bucketId: string,
    name: UploadName,
    parts: readonly PartRecord[],
    kept: ReadonlySet<string> | undefined,
  ): Promise<void>
  /** Ends an upload so that a crash in the middle is gone on with. */
  abort(bucketId: string, name: UploadName): Promise<void>
  /** Ends every upload of a bucket that is gone. */
  endAll(bucketId: string): Promise<void>
}

/** Rows that are removed at once, so that the table can sync them together. */
const BATCH = 100

/** Ends multipart uploads, whether or not an object was made of them. */
export function uploadEnds({ store, files, contents, reads, rows, locked }: UploadEndDeps): UploadEnds {
  const namedBy = async (bucketId: string, { key, uploadId }: UploadName): Promise<ReadonlySet<string> | undefined> => {
    const record = (await reads.findUpload(bucketId, key, uploadId, begunAt(uploadId)))?.record
    return record && new Set(((await contents.parts(record.contentId)) ?? []).map(({ contentId }) => contentId))
  }

  const end = async (bucketId: string, name: UploadName) => {
    const kept = await namedBy(bucketId, name)
    await endWith(bucketId, name, await rows.partsOf(bucketId, name.uploadId), kept)
  }

  const endWith = async (
    bucketId: string,
    { uploadId }: UploadName,
    parts: readonly PartRecord[],
    kept: ReadonlySet<string> | undefined,
  ) => {
    await store.remove(objectUploadKey(bucketId, uploadId))
    for (let from = 0; from < parts.length; from += BATCH) {
      await Promise.all(
        parts.slice(from, from + BATCH).map(async ({ part, contentId }) => {
          if (!kept?.has(contentId)) await files.remove(contentId)
          await store.remove(objectPartKey(bucketId, uploadId, part.number))
        }),
      )
    }
  }

  const abort = (bucketId: string, name: UploadName) =>
    locked(name.uploadId, async () => {
      const settled = await files.note({ bucketId, key: name.key, contents: [], ends: name.uploadId })
      await end(bucketId, name)
      await settled()
    })

  const endAll = async (bucketId: string) => {
    for (const { upload } of await rows.ofBucket(bucketId)) await abort(bucketId, upload)
  }

  return { namedBy, end, endWith, abort, endAll }
}
