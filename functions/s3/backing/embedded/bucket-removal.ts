import { objectKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { BucketRegistry } from '../buckets-port.ts'
import type { ContentFiles } from './content-files.ts'
import type { UploadEnds } from './upload-end.ts'

interface Deps {
  readonly store: Store
  readonly files: ContentFiles
  readonly buckets: BucketRecords
  readonly uploads: Pick<UploadEnds, 'endAll'>
}

/** Removes a bucket without objects, and with it the multipart uploads that are under way there. */
export const bucketRemoval =
  ({ store, files, buckets, uploads }: Deps): BucketRegistry['remove'] =>
  async (bucket) => {
    const settled = await files.note({ bucketId: bucket.id, key: '', contents: [], bucket: bucket.name })
    try {
      await buckets.removeIfEmpty(bucket, async () => {
        const { items } = await store.query(objectKey(bucket.id, '').pk, { limit: 1 })
        return items.length === 0
      })
    } catch (error) {
      if (error instanceof S3Error) await settled()
      throw error
    }
    await uploads.endAll(bucket.id)
    await settled()
  }
