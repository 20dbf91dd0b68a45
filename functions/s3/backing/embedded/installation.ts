import { S3Error } from '../../errors.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { Bucket } from '../buckets-port.ts'
import type { StoredObject, WritePrecondition } from '../port.ts'
import type { ContentFiles, Intent } from './content-files.ts'
import type { ObjectRecord } from './object-record.ts'
import type { RemoveVersion } from './version-removal.ts'
import { nameOf, type Version } from './version-rows.ts'
import type { VersionWrites } from './versions.ts'

interface Deps {
  readonly buckets: BucketRecords
  readonly files: ContentFiles
  readonly versions: VersionWrites
  readonly removeVersion: RemoveVersion
}

/** A new object on its way into the table. */
export interface Installation {
  readonly key: string
  readonly precondition: WritePrecondition
  readonly intent: Intent
  /** Writes the content, and answers the row that names it. */
  readonly make: () => Promise<ObjectRecord>
  /** Removes what `make` wrote; called when no row names it. */
  readonly undo: () => Promise<void>
}

/**
 * Brings a new object into a bucket: all of it, or nothing stays. `settled` is to be called once nothing more is to be done for it
 * after a crash.
 */
export type Install = (
  bucket: Bucket,
  installation: Installation,
) => Promise<{ readonly object: StoredObject; readonly settled: () => Promise<void> }>

export function installer({ buckets, files, versions, removeVersion }: Deps): Install {
  return async (bucket, { key, precondition, intent, make, undo }) => {
    const settled = await files.note(intent)
    const discard = async () => {
      await undo()
      await settled()
    }
    let uncertain = false
    let record: ObjectRecord
    let placed: Version
    try {
      record = await make()
      const begins = () => {
        uncertain = true
      }
      placed = await versions.place(bucket, { key, precondition, record, begins })
    } catch (error) {
      if (!uncertain || error instanceof S3Error) await discard()
      throw error
    }
    if (!(await buckets.confirm(bucket))) {
      await removeVersion(bucket.id, key, nameOf(placed), { check: () => undefined })
      await discard()
      throw new S3Error('NoSuchBucket', { elements: { BucketName: bucket.name } })
    }
    const { object } = record
    return { object: placed.isNull ? object : { ...object, versionId: placed.id }, settled }
  }
}
