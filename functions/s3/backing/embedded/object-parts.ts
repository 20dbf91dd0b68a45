import type { Bucket } from '../buckets-port.ts'
import type { ObjectStore, StoredObject } from '../port.ts'
import type { Contents } from './contents.ts'
import type { VersionReads } from './version-reads.ts'

/** The parts that an object was completed of, as its content lists them. */
export function objectParts(reads: VersionReads, contents: Contents): Pick<ObjectStore, 'part' | 'parts'> {
  const partsOf = async (bucket: Bucket, { key, versionId }: StoredObject) => {
    const record = (await reads.find(bucket.id, key, versionId))?.version.record
    return (record && (await contents.parts(record.contentId))) ?? []
  }

  return {
    async part(bucket, object, number) {
      return (await partsOf(bucket, object))[number - 1]
    },

    async parts(bucket, object, { after, limit }) {
      const all = object.parts === undefined ? [] : await partsOf(bucket, object)
      const rest = all.map((part, index) => ({ ...part, number: index + 1 })).slice(after)
      return { parts: rest.slice(0, limit), more: rest.length > limit }
    },
  }
}
