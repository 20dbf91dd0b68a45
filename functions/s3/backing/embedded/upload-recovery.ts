import { objectPartKey } from '@daypass/core/store/keys.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { Intent } from './content-files.ts'
import type { UploadEndDeps, UploadEnds } from './upload-end.ts'
import type { PartRecord } from './upload-record.ts'

interface Deps extends Pick<UploadEndDeps, 'store' | 'files' | 'rows'> {
  readonly buckets: BucketRecords
  readonly ends: UploadEnds
}

export interface UploadRecovery {
  /** After a crash while a bucket was being removed. */
  recoverBucket(name: string, bucketId: string): Promise<void>
  /** After a crash while a part was being written or an upload was being ended; objects were put right before. */
  recoverUpload(intent: Intent): Promise<void>
}

/** Puts right what a crash left of changes of multipart uploads. */
export function uploadRecovery({ store, files, rows, buckets, ends: { namedBy, end, endAll } }: Deps): UploadRecovery {
  /** Parts of a live upload have their contents: those without went with an object that was made of them, and replaced. */
  const lost = async (parts: readonly PartRecord[]) => {
    for (const { contentId } of parts) if (!(await files.exists(contentId))) return true
    return false
  }

  return {
    async recoverBucket(name, bucketId) {
      if ((await buckets.find(name))?.id !== bucketId) await endAll(bucketId)
    },

    async recoverUpload({ bucketId, key, contents: noted, part, ends }) {
      const name = { key, uploadId: part?.uploadId ?? ends ?? '' }
      const kept = await namedBy(bucketId, name)
      if (part) {
        const row = await store.get(objectPartKey(bucketId, name.uploadId, part.number))
        for (const id of noted) if (row?.contentId !== id && !kept?.has(id)) await files.remove(id)
        return
      }
      if (kept || !(await rows.lookUp(bucketId, name))) {
        await end(bucketId, name)
        return
      }
      const [manifest] = noted
      if (manifest !== undefined && (await files.exists(manifest))) await files.remove(manifest)
      else if (await lost(await rows.partsOf(bucketId, name.uploadId))) await end(bucketId, name)
    },
  }
}
