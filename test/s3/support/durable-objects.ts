import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import { embeddedObjects } from '../../../functions/s3/backing/embedded/object-store.ts'

/** The embedded table and the embedded objects in one folder, as the local host has them. */
export async function openObjects(directory: string) {
  const quiet = () => undefined
  const log = { info: quiet, warn: quiet, error: quiet }
  const store = await openEmbeddedStore({ directory, clock: systemClock, log })
  const now = () => Date.now()
  const folder = join(directory, 'objects')
  const records = bucketRecords({ store, now, newId: randomUUID })
  const { objects, buckets } = await embeddedObjects({ store, buckets: records, now, folder })
  const bucket = await buckets.create({ name: 'bkt', account: 'one', region: 'us-east-1' })
  return { store, objects, bucket, folder }
}
