import { S3Error } from '../../errors.ts'
import type { Tags } from '../../tags.ts'
import type { Bucket, ObjectStore, OpenObject, StoredObject, WritePrecondition } from '../port.ts'

/** A store that is asked for current objects alone. */
interface CurrentObjects
  extends Omit<
    ObjectStore,
    'find' | 'open' | 'remove' | 'tags' | 'setTags' | 'listVersions' | 'versioning' | 'setVersioning'
  > {
  find(bucket: Bucket, key: string): Promise<StoredObject | undefined>
  open(bucket: Bucket, key: string, intent?: { readonly whole?: boolean }): Promise<OpenObject | undefined>
  remove(bucket: Bucket, key: string, precondition: WritePrecondition): Promise<void>
  tags(bucket: Bucket, key: string): Promise<Tags | undefined>
  setTags(bucket: Bucket, key: string, tags: Tags): Promise<void>
}

/** What an object is called that has no versions. */
const ONLY_VERSION = 'null'

const refuseVersion = (versionId: string | undefined) => {
  if (versionId === undefined || versionId === ONLY_VERSION) return
  throw new S3Error('NotImplemented', { message: 'Versions of objects are not implemented.' })
}

/** Answers for a store whose versions are not asked for: there is one of each object, and no other is ever read or removed. */
export function withoutVersions(store: CurrentObjects): ObjectStore {
  return {
    ...store,
    async find(bucket, key, versionId) {
      refuseVersion(versionId)
      return store.find(bucket, key)
    },
    async open(bucket, key, { versionId, ...intent } = {}) {
      refuseVersion(versionId)
      return store.open(bucket, key, intent)
    },
    async remove(bucket, key, precondition, versionId) {
      refuseVersion(versionId)
      await store.remove(bucket, key, precondition)
      return {}
    },
    async tags(bucket, key, versionId) {
      refuseVersion(versionId)
      const tags = await store.tags(bucket, key)
      return tags && { tags }
    },
    async setTags(bucket, key, tags, versionId) {
      refuseVersion(versionId)
      await store.setTags(bucket, key, tags)
      return {}
    },
    async listVersions(bucket, { key: after, ...query }) {
      const { entries, next } = await store.list(bucket, { ...query, after })
      return {
        entries: entries.map((entry) =>
          entry.kind === 'prefix'
            ? entry
            : { kind: 'version', latest: true, object: { ...entry.object, versionId: ONLY_VERSION } },
        ),
        ...(next !== undefined && { next: { key: next } }),
      }
    },
    versioning: async () => undefined,
    async setVersioning() {
      throw new S3Error('NotImplemented', { message: 'The operation PutBucketVersioning is not implemented.' })
    },
  }
}
