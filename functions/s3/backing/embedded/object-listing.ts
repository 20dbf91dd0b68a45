import { objectKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import type { Bucket } from '../buckets-port.ts'
import { listPage, type ObjectPage } from '../listing.ts'
import type { ObjectStore } from '../port.ts'
import { currentObject, headOf } from './version-rows.ts'

/** Lists the current objects of a bucket. */
export function objectListing(store: Store): ObjectStore['list'] {
  /** Delete markers are passed over, however many there are. */
  const currentObjects = async (bucket: Bucket, prefix: string, start: string, most: number): Promise<ObjectPage> => {
    for (let after = start; ; ) {
      const limit = Math.min(most, 1000)
      const page = await store.query(objectKey(bucket.id, '').pk, { prefix, after, limit })
      const objects = page.items.flatMap((item) => currentObject(headOf(item)) ?? [])
      if (objects.length > 0 || page.next === undefined) return { objects, more: page.next !== undefined }
      after = page.next
    }
  }

  return (bucket, query) => listPage((prefix, after, limit) => currentObjects(bucket, prefix, after, limit), query)
}
