import { objectVersionKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import type { Intent } from './content-files.ts'
import type { Contents } from './contents.ts'
import type { VersionReads } from './version-reads.ts'
import type { RemoveVersion } from './version-removal.ts'
import { currentContent, isVersion, nameOf, versionRows } from './version-rows.ts'

interface Deps {
  readonly store: Store
  readonly contents: Contents
  readonly reads: VersionReads
  readonly removeVersion: RemoveVersion
}

/**
 * Puts right what a crash left of a change of one key: ends removals that had begun, removes the rows of versions that
 * never came to count, and the contents that nothing names.
 */
export function versionRecovery({ store, contents, reads, removeVersion }: Deps) {
  return async ({ bucketId, key, contents: noted, versions = [] }: Intent): Promise<void> => {
    const head = await reads.head(bucketId, key)
    const named = new Set([currentContent(head)])
    const leftOver: string[] = []
    for await (const row of versionRows(store, bucketId, key)) {
      const content = row.record?.contentId
      const isNoted = versions.includes(row.id) || (content !== undefined && noted.includes(content))
      if (!isVersion(head, row)) {
        if (isNoted) leftOver.push(row.id)
      } else if (isNoted && row.doomed !== undefined) {
        await removeVersion(bucketId, key, nameOf(row), { check: () => undefined })
      } else named.add(content)
    }
    for (const id of leftOver) await store.remove(objectVersionKey(bucketId, key, id))
    const heir = currentContent(await reads.head(bucketId, key))
    for (const id of noted) if (!named.has(id)) await contents.discard(id, heir)
  }
}
