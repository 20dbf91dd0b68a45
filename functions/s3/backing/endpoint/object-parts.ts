import { elementsOf } from '@daypass/core/http/xml-reader.ts'
import type { ObjectStore } from '../port.ts'
import { textIn } from './answer.ts'
import { elementChecksums, headerChecksums, WITH_CHECKSUMS } from './checksum-fields.ts'
import type { StoreClient } from './client.ts'
import { asked, statusOf } from './failures.ts'

/** What the store tells of the parts that an object was completed of. */
export function objectParts(client: StoreClient): Pick<ObjectStore, 'part' | 'parts'> {
  return {
    async part({ name: bucket }, { key, etag, versionId }, number) {
      const headers = { 'if-match': `"${etag}"`, ...WITH_CHECKSUMS }
      try {
        const head = await client.headers({
          method: 'HEAD',
          bucket,
          key,
          query: { partNumber: number, versionId },
          headers,
        })
        const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(head['content-range'] ?? '') ?? []
        if (first === undefined || last === undefined) return undefined
        const range = { first: Number(first), last: Number(last) }
        return { number, size: range.last - range.first + 1, checksums: headerChecksums(head), range }
      } catch (error) {
        if (statusOf(error) === 416 || statusOf(error) === 400) return undefined
        return await asked(Promise.reject(error))
      }
    },

    async parts({ name: bucket }, { key, versionId }, { after, limit }) {
      const headers = {
        'x-amz-object-attributes': 'ObjectParts',
        'x-amz-max-parts': String(limit),
        'x-amz-part-number-marker': after > 0 ? String(after) : undefined,
      }
      const wish = { method: 'GET', bucket, key, query: { attributes: '', versionId }, headers } as const
      const [told] = elementsOf(await asked(client.document(wish)), 'ObjectParts')
      const parts = (told ? elementsOf(told, 'Part') : []).map((part) => ({
        number: Number(textIn(part, 'PartNumber') ?? 0),
        size: Number(textIn(part, 'Size') ?? 0),
        checksums: elementChecksums(part),
      }))
      return { parts, more: textIn(told, 'IsTruncated') === 'true' }
    },
  }
}
