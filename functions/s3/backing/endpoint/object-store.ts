import { elementsOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { S3Error } from '../../errors.ts'
import type { ByteRange } from '../../range.ts'
import { tagSet } from '../../tags.ts'
import { s3Document } from '../../xml.ts'
import { startOf } from '../listing.ts'
import type { Bucket, ListEntry, Listing, ObjectStore, OpenObject, StoredObject } from '../port.ts'
import { decoderOf, textIn, timeOf } from './answer.ts'
import { storeBody } from './body.ts'
import { elementChecksums, headerChecksums, storeAlgorithm } from './checksum-fields.ts'
import type { StoreClient } from './client.ts'
import { documentBody, outgoing } from './content.ts'
import { asked, statusOf } from './failures.ts'
import {
  bareTag,
  conditionHeaders,
  copySourceHeaders,
  metadataHeaders,
  storedObject,
  taggingHeader,
} from './object-fields.ts'
import { endpointUploads } from './uploads.ts'
import { withoutVersions } from './without-versions.ts'

interface Deps {
  readonly client: StoreClient
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** How long a URL of an object in the store is good for, in seconds. */
const PRESIGNED_SECONDS = 60

const WITH_CHECKSUMS = { 'x-amz-checksum-mode': 'ENABLED' }

/** What the call comes to; `undefined` when the store has no such thing. */
async function found<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    return await asked(Promise.reject(error))
  }
}

/** Objects in an S3-compatible store, streamed through. Atomicity, durability and preconditions are that store's. */
export function endpointObjects({ client, now }: Deps): ObjectStore {
  const find = ({ name: bucket }: Bucket, key: string): Promise<StoredObject | undefined> =>
    found(
      client
        .headers({ method: 'HEAD', bucket, key, headers: WITH_CHECKSUMS })
        .then((headers) => storedObject(key, headers)),
    )

  /** The very version that was described; one that was replaced since is not mixed with its description. */
  const read = async ({ name: bucket }: Bucket, { key, etag }: StoredObject, range: ByteRange | undefined) => {
    const headers = { 'if-match': `"${etag}"`, ...(range && { range: `bytes=${range.first}-${range.last}` }) }
    try {
      return storeBody((await client.open({ method: 'GET', bucket, key, headers })).stream)
    } catch (error) {
      if (statusOf(error) === 412 || statusOf(error) === 404) throw new S3Error('SlowDown', { cause: error })
      return await asked(Promise.reject(error))
    }
  }

  /** Description and content by one request. */
  const openWhole = (bucket: Bucket, key: string): Promise<OpenObject | undefined> =>
    found(
      client.open({ method: 'GET', bucket: bucket.name, key, headers: WITH_CHECKSUMS }).then(({ headers, stream }) => {
        const body = storeBody(stream)
        const close = async () => void (await body.return?.())
        const object = storedObject(key, headers)
        return {
          object,
          async read(range) {
            if (!range) return body
            await close()
            return await read(bucket, object, range)
          },
          close,
        }
      }),
    )

  return withoutVersions({
    find,

    async put({ name: bucket }, object) {
      const { key, size, headers, user, tags, precondition } = object
      const metadata = metadataHeaders(object)
      const { body, headers: about } = await outgoing(object)
      const all = { ...metadata, ...taggingHeader(tags), ...about, ...conditionHeaders(precondition) }
      const { etag } = await asked(client.headers({ method: 'PUT', bucket, key, body, headers: all }))
      return { key, size, headers, user, etag: bareTag(etag), modifiedAt: now(), checksums: object.checksums() }
    },

    async open(bucket, key, { whole } = { whole: false }) {
      if (whole) return await openWhole(bucket, key)
      const object = await find(bucket, key)
      if (!object) return undefined
      return { object, read: (range) => read(bucket, object, range), close: async () => undefined }
    },

    async remove(bucket, key, precondition) {
      const { ifMatch, checkedHereAlone } = precondition
      if (checkedHereAlone) throw new S3Error('NotImplemented')
      // Asked for here too, since many stores remove regardless.
      if (ifMatch !== undefined) precondition.check(await find(bucket, key))
      await asked(client.headers({ method: 'DELETE', bucket: bucket.name, key, headers: { 'if-match': ifMatch } }))
    },

    async list({ name: bucket }, { prefix, delimiter, limit, ...position }) {
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
    },

    async copy(from, source, bucket, { key, metadata, tags, algorithm, precondition }) {
      await source.close()
      const headers = {
        ...copySourceHeaders(from.name, source),
        ...(metadata && { 'x-amz-metadata-directive': 'REPLACE', ...metadataHeaders(metadata) }),
        ...(tags && { 'x-amz-tagging-directive': 'REPLACE', ...taggingHeader(tags) }),
        'x-amz-checksum-algorithm': algorithm && storeAlgorithm(algorithm),
        ...conditionHeaders(precondition),
      }
      const made = await asked(client.document({ method: 'PUT', bucket: bucket.name, key, headers }))
      const { size } = source.object
      const { headers: kept, user } = metadata ?? source.object
      const modifiedAt = timeOf(textIn(made, 'LastModified')) ?? now()
      const told = elementChecksums(made)
      const expected = algorithm !== undefined || Object.keys(source.object.checksums).length > 0
      const untold = expected && Object.keys(told).length === 0
      const checksums = (untold && (await find(bucket, key))?.checksums) || told
      return { key, size, headers: kept, user, etag: bareTag(textIn(made, 'ETag')), modifiedAt, checksums }
    },

    async tags({ name: bucket }, key) {
      const document = await found(client.document({ method: 'GET', bucket, key, query: { tagging: '' } }))
      const [set] = document ? elementsOf(document, 'TagSet') : []
      if (!document) return undefined
      return (set ? elementsOf(set, 'Tag') : []).map((tag) => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? ''])
    },

    async setTags({ name: bucket }, key, tags) {
      const about = { bucket, key, query: { tagging: '' } }
      if (tags.length === 0) await asked(client.headers({ method: 'DELETE', ...about }))
      else
        await asked(client.headers({ method: 'PUT', ...about, ...documentBody(s3Document('Tagging', tagSet(tags))) }))
    },

    async setAcl() {
      throw new S3Error('AccessControlListNotSupported')
    },

    async part({ name: bucket }, { key, etag }, number) {
      const headers = { 'if-match': `"${etag}"`, ...WITH_CHECKSUMS }
      try {
        const head = await client.headers({ method: 'HEAD', bucket, key, query: { partNumber: number }, headers })
        const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(head['content-range'] ?? '') ?? []
        if (first === undefined || last === undefined) return undefined
        const range = { first: Number(first), last: Number(last) }
        return { number, size: range.last - range.first + 1, checksums: headerChecksums(head), range }
      } catch (error) {
        if (statusOf(error) === 416 || statusOf(error) === 400) return undefined
        return await asked(Promise.reject(error))
      }
    },

    async parts({ name: bucket }, { key }, { after, limit }) {
      const headers = {
        'x-amz-object-attributes': 'ObjectParts',
        'x-amz-max-parts': String(limit),
        'x-amz-part-number-marker': after > 0 ? String(after) : undefined,
      }
      const wish = { method: 'GET', bucket, key, query: { attributes: '' }, headers } as const
      const [told] = elementsOf(await asked(client.document(wish)), 'ObjectParts')
      const parts = (told ? elementsOf(told, 'Part') : []).map((part) => ({
        number: Number(textIn(part, 'PartNumber') ?? 0),
        size: Number(textIn(part, 'Size') ?? 0),
        checksums: elementChecksums(part),
      }))
      return { parts, more: textIn(told, 'IsTruncated') === 'true' }
    },

    presignedRead: ({ name }, key, query) => client.presignedRead(name, key, query, PRESIGNED_SECONDS),

    uploads: endpointUploads({ client, now }),
  })
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
