import { elementsOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { startOf } from '../listing.ts'
import type { ListEntry, Listing } from '../listings-port.ts'
import type { ObjectStore } from '../port.ts'
import { decoderOf, textIn, timeOf } from './answer.ts'
import type { StoreClient } from './client.ts'
import { asked } from './failures.ts'
import { bareTag } from './object-fields.ts'

/** Lists the current objects of a bucket in the store. */
export const objectListing =
  (client: StoreClient): ObjectStore['list'] =>
  async ({ name: bucket }, { prefix, delimiter, limit, ...position }) => {
    const after = startOf({ prefix, delimiter, limit, ...position })
    const query = {
      'list-type': 2,
      'encoding-type': 'url',
      'max-keys': limit,
      prefix: prefix || undefined,
      delimiter: delimiter || undefined,
      'start-after': after || undefined,
    }
    return toListing(await asked(client.document({ method: 'GET', bucket, query })))
  }

function toListing(document: XmlElement): Listing {
  const decode = decoderOf(document)
  const objects = elementsOf(document, 'Contents').map((content): ListEntry => {
    const size = Number(textIn(content, 'Size') ?? 0)
    const etag = bareTag(textIn(content, 'ETag'))
    const modifiedAt = timeOf(textIn(content, 'LastModified')) ?? 0
    const key = decode(textIn(content, 'Key'))
    return { kind: 'object', object: { key, size, etag, modifiedAt, headers: {}, user: {}, checksums: {} } }
  })
  const prefixes = elementsOf(document, 'CommonPrefixes').map(
    (common): ListEntry => ({ kind: 'prefix', prefix: decode(textIn(common, 'Prefix')) }),
  )
  const entries = [...objects, ...prefixes].sort((a, b) => compareUtf8(nameOf(a), nameOf(b)))
  const last = entries.at(-1)
  return textIn(document, 'IsTruncated') === 'true' && last ? { entries, next: nameOf(last) } : { entries }
}

const nameOf = (entry: ListEntry) => (entry.kind === 'object' ? entry.object.key : entry.prefix)
