import { objectKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import type { Bucket } from '../buckets-port.ts'
import { commonPrefix, listPage } from '../listing.ts'
import type { VersionEntry, VersionListing, VersionQuery } from '../listings-port.ts'
import { NULL_VERSION, parseVersionId } from './version-id.ts'
import { exposed, type Head, headOf, isVersion, type Version, versionRows } from './version-rows.ts'

/** A key with its head: what a walk over the bucket meets. */
interface Place {
  readonly key: string
  readonly head: Head
}

/** How many keys' versions are read at the same time. */
const AT_ONCE = 16

/** Lists versions: a walk over the heads, and for each that is no object by itself its versions. */
export function versionListing(store: Store) {
  const places = async (bucketId: string, prefix: string, after: string, limit: number) => {
    const { pk } = objectKey(bucketId, '')
    const page = await store.query(pk, { prefix, after, limit: Math.min(limit, 1000) })
    return { objects: page.items.map((item) => ({ key: item.sk, head: headOf(item) })), more: page.next !== undefined }
  }

  /** At most so many versions of one key, from behind the one of that name. */
  const versionsOf = async (bucketId: string, { key, head }: Place, most: number, behind?: string) => {
    const found: VersionEntry[] = []
    if (head.kind === 'single') {
      const { record } = head
      const version = { id: NULL_VERSION, isNull: true, modifiedAt: record.object.modifiedAt, record }
      return behind === undefined ? [entryOf(key, version, true)] : found
    }
    // A null version that is gone leaves no place to go on from: the key is told again from its beginning.
    const from = behind === NULL_VERSION ? head.nullId : behind
    for await (const row of versionRows(store, bucketId, key, from)) {
      if (!isVersion(head, row)) continue
      found.push(entryOf(key, row, row.id === head.current.id))
      if (found.length === most) break
    }
    return found
  }

  return async (bucket: Bucket, query: VersionQuery): Promise<VersionListing> => {
    const { prefix, limit } = query
    const behind = query.versionId === '' ? undefined : parseVersionId(query.versionId)
    const entries: VersionEntry[] = []
    const full = (): VersionListing => ({ entries: entries.slice(0, limit), next: nextOf(entries[limit - 1]) })

    if (behind !== undefined && query.key.startsWith(prefix) && commonPrefix(query.key, query) === undefined) {
      const item = await store.get(objectKey(bucket.id, query.key))
      if (item)
        entries.push(...(await versionsOf(bucket.id, { key: query.key, head: headOf(item) }, limit + 1, behind)))
      if (entries.length > limit) return full()
    }
    const walk = { ...query, after: query.key, limit: limit - entries.length + 1 }
    const page = await listPage<Place>((start, after, most) => places(bucket.id, start, after, most), walk)
    for (let at = 0; at < page.entries.length; at += AT_ONCE) {
      const told = await Promise.all(
        page.entries
          .slice(at, at + AT_ONCE)
          .map((entry) => (entry.kind === 'prefix' ? [entry] : versionsOf(bucket.id, entry.object, limit + 1))),
      )
      entries.push(...told.flat())
      if (entries.length > limit) return full()
    }
    return { entries, ...(page.next !== undefined && { next: { key: page.next } }) }
  }
}

const entryOf = (key: string, version: Version, latest: boolean): VersionEntry => {
  const object = exposed(key, version)
  return 'marker' in object ? { kind: 'marker', latest, object } : { kind: 'version', latest, object }
}

/** Where the page behind an entry begins. */
const nextOf = (entry: VersionEntry | undefined) =>
  entry?.kind === 'prefix' || entry === undefined
    ? { key: entry?.prefix ?? '' }
    : { key: entry.object.key, versionId: entry.object.versionId }
