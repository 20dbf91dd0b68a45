import type { ByteRange } from '../../range.ts'
import type { ContentFiles } from './content-files.ts'
import { isManifest, type ManifestPart, readManifest } from './manifest.ts'
import { partsRange } from './parts-range.ts'

interface OpenContent {
  /** To be called once; frees the content by itself. */
  read(range: ByteRange): AsyncIterableIterator<Buffer>
  close(): Promise<void>
}

/** Contents of objects, in one file or in many. */
export interface Contents {
  /** `undefined` when there is no such content. What was opened stays readable after `discard`. */
  open(id: string): Promise<OpenContent | undefined>
  parts(id: string): Promise<readonly ManifestPart[] | undefined>
  /**
   * Removes a content with all its parts, but for those that the content that took its place has too, then calls `settled`.
   * While somebody reads a content of parts, which are opened one by one, this waits for the last reader; the caller is not
   * kept waiting.
   */
  discard(id: string, heir: string | undefined, settled?: () => Promise<void>): Promise<void>
}

export function contentsOf(files: ContentFiles): Contents {
  const readers = new Map<string, number>()
  const doomed = new Map<string, (() => Promise<void>)[]>()
  const partsOf = async (id: string | undefined) =>
    (id !== undefined && isManifest(id) && (await readManifest(files, id))) || []

  const going = new Set<string>()

  /** The manifest goes last, so that a crash in between can be gone on with. */
  const removeNow = async (id: string, heir: string | undefined) => {
    going.add(id)
    try {
      const kept = new Set((await partsOf(heir)).map(({ contentId }) => contentId))
      for (const { contentId } of await partsOf(id)) if (!kept.has(contentId)) await files.remove(contentId)
      await files.remove(id)
    } finally {
      going.delete(id)
    }
  }

  const release = async (id: string) => {
    const left = (readers.get(id) ?? 1) - 1
    if (left > 0) {
      readers.set(id, left)
      return
    }
    readers.delete(id)
    const waiting = doomed.get(id)
    doomed.delete(id)
    if (!waiting) return
    for (const remove of waiting) await remove()
  }

  const openParts = async (id: string): Promise<OpenContent | undefined> => {
    if (going.has(id)) return undefined
    readers.set(id, (readers.get(id) ?? 0) + 1)
    let held = true
    const free = async () => {
      if (!held) return
      held = false
      await release(id)
    }
    try {
      const parts = await readManifest(files, id)
      if (parts) return { read: (range) => partsRange(files, parts, range, free), close: free }
    } catch (error) {
      await free()
      throw error
    }
    await free()
    return undefined
  }

  return {
    open: (id) => (isManifest(id) ? openParts(id) : files.open(id)),
    parts: (id) => readManifest(files, id),
    async discard(id, heir, settled) {
      const remove = async () => {
        await removeNow(id, heir)
        await settled?.()
      }
      if (readers.has(id)) doomed.set(id, [...(doomed.get(id) ?? []), remove])
      else await remove()
    },
  }
}
