import { randomUUID } from 'node:crypto'
import { objectKey, objectVersionKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import { unlessConditionFails } from '../bucket-records.ts'
import type { Removal, WritePrecondition } from '../port.ts'
import type { ContentFiles } from './content-files.ts'
import type { Contents } from './contents.ts'
import { ATTEMPTS, type VersionReads } from './version-reads.ts'
import {
  type Head,
  headItem,
  isVersion,
  unchanged,
  type Version,
  type VersionRow,
  versionRows,
} from './version-rows.ts'

interface Deps {
  readonly store: Store
  readonly files: ContentFiles
  readonly contents: Contents
  readonly reads: VersionReads
}

/** Removes a version for good; that there is none is no error. */
export type RemoveVersion = (
  bucketId: string,
  key: string,
  versionId: string,
  precondition: WritePrecondition,
) => Promise<Removal>

/**
 * Removal of versions. The row is doomed first, so that nothing lets it become current any more; then the head leaves it,
 * in one write, or is renewed where it does not name it: whoever chose it as the next current one before it was doomed
 * finds the head changed. Only then row and content go.
 */
export function versionRemoval({ store, files, contents, reads }: Deps): RemoveVersion {
  /** The newest version but one, as what is current when that one goes. */
  const successorOf = async (bucketId: string, key: string, head: Head & { kind: 'versioned' }, gone: Version) => {
    for await (const row of versionRows(store, bucketId, key)) {
      if (row.id !== gone.id && row.doomed === undefined && isVersion(head, row)) return row
    }
    return undefined
  }

  /** Takes the version out of the head; `false`: the head has changed meanwhile. */
  const leave = async (bucketId: string, key: string, head: Head & { kind: 'versioned' }, gone: Version) => {
    const condition = unchanged(head)
    const revision = randomUUID()
    const row = objectKey(bucketId, key)
    if (head.current.id !== gone.id) {
      const changes = { set: { revision }, ...(head.nullId === gone.id && { remove: ['nullId'] }) }
      return (await unlessConditionFails(store.update(row, changes, { condition }))) !== undefined
    }
    const successor = await successorOf(bucketId, key, head, gone)
    const nullId = head.nullId === gone.id ? undefined : head.nullId
    const write = successor
      ? store.put(headItem(bucketId, key, successor, { nullId, revision }), { condition })
      : store.remove(row, { condition })
    return (await unlessConditionFails(write)) !== undefined
  }

  const removeSingle = async (bucketId: string, key: string, head: Head & { kind: 'single' }) => {
    const { contentId } = head.record
    const settled = await files.note({ bucketId, key, contents: [contentId] })
    const write = store.remove(objectKey(bucketId, key), { condition: unchanged(head) })
    const done = (await unlessConditionFails(write)) !== undefined
    if (done) await contents.discard(contentId, undefined, settled)
    else await settled()
    return done
  }

  /** Lets nothing make the version current any more; `false`: its row has changed meanwhile. */
  const doom = async (bucketId: string, key: string, { id, doomed, revision }: VersionRow) => {
    const condition = { exists: true, equals: { revision, doomed: doomed ?? null } } as const
    const write = store.update(objectVersionKey(bucketId, key, id), { set: { doomed: randomUUID() } }, { condition })
    return (await unlessConditionFails(write)) !== undefined
  }

  const removeDoomed = async (bucketId: string, key: string, row: VersionRow) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head = await reads.head(bucketId, key)
      if (head?.kind !== 'versioned' || (await leave(bucketId, key, head, row))) {
        await store.remove(objectVersionKey(bucketId, key, row.id))
        return
      }
    }
    throw new S3Error('SlowDown')
  }

  return async (bucketId, key, versionId, precondition) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await reads.find(bucketId, key, versionId)
      if (!found) return { versionId }
      const { head, row, version } = found
      precondition.check(version.record?.object)
      if (head.kind === 'single') {
        if (await removeSingle(bucketId, key, head)) return { versionId }
        continue
      }
      if (!row) continue
      const content = row.record?.contentId
      const noted = content === undefined ? [] : [content]
      const settled = await files.note({ bucketId, key, contents: noted, versions: [row.id] })
      if (!(await doom(bucketId, key, row))) {
        await settled()
        continue
      }
      await removeDoomed(bucketId, key, row)
      if (content === undefined) await settled()
      else await contents.discard(content, undefined, settled)
      return { versionId, ...(row.record === undefined && { marker: true }) }
    }
    throw new S3Error('SlowDown')
  }
}
