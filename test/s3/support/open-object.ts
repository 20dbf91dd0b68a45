import type { Bucket } from '../../../functions/s3/backing/buckets-port.ts'
import { isDeleteMarker, type ObjectStore, type OpenObject } from '../../../functions/s3/backing/port.ts'

/** The object that is current, or the version of it, where tests know of no delete marker. */
export async function openObject(
  objects: ObjectStore,
  bucket: Bucket,
  key: string,
  intent: { readonly whole?: boolean; readonly versionId?: string } = {},
): Promise<OpenObject | undefined> {
  const found = await objects.open(bucket, key, intent)
  if (isDeleteMarker(found)) throw new Error('a delete marker')
  return found
}
