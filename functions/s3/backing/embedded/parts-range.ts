import type { ByteRange } from '../../range.ts'
import type { ContentFiles } from './content-files.ts'
import type { ManifestPart } from './manifest.ts'

/**
 * The bytes of a range of a multipart content, one file open at a time. `free` is called at its end, on failure, and on
 * `return`, also when nothing was read.
 */
export function partsRange(
  files: ContentFiles,
  parts: readonly ManifestPart[],
  { first, last }: ByteRange,
  free: () => Promise<void>,
): AsyncIterableIterator<Buffer> {
  const wanted = parts.filter(({ range }) => range.last >= first && range.first <= last && range.last >= range.first)
  let index = 0
  let current: AsyncIterableIterator<Buffer> | undefined
  const end = async () => {
    index = wanted.length
    await current?.return?.()
    current = undefined
    await free()
    return { done: true, value: undefined } as const
  }

  return {
    async next() {
      try {
        for (;;) {
          const chunk = await current?.next()
          if (chunk?.done === false) return chunk
          current = undefined
          const part = wanted[index++]
          if (!part) return await end()
          const file = await files.open(part.contentId)
          if (!file) throw new Error('a part of a content is missing')
          const from = Math.max(first, part.range.first) - part.range.first
          const to = Math.min(last, part.range.last) - part.range.first
          current = file.read({ first: from, last: to })
        }
      } catch (error) {
        await end()
        throw error
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
