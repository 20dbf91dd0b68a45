import { elementsOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { S3Error } from '../../errors.ts'
import type { ByteRange } from '../../range.ts'
import { tagSet } from '../../tags.ts'
import { s3Document } from '../../xml.ts'
import type { Bucket } from '../buckets-port.ts'
import { startOf } from '../listing.ts'
import type { ListEntry, Listing } from '../listings-port.ts'
import { isDeleteMarker, type ObjectStore, type OpenObject, type StoredObject } from '../port.ts'
import { decoderOf, type StoreAnswer, textIn, timeOf } from './answer.ts'
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
import { absentOf, endpointVersions, isAskedFor, NULL_VERSION, removalIn, versionIn, versionQuery } from './versions.ts'

interface Deps {
  readonly client: StoreClient
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** How long a URL of an object in the store is good for, in seconds. */
const PRESIGNED_SECONDS = 60

const WITH_CHECKSUMS = { 'x-amz-checksum-mode': 'ENABLED' }

/** Objects in an S3-compatible store, streamed through. Atomicity, durability and preconditions are that store's. */
export function endpointObjects({ client, now }: Deps): ObjectStore {
  const find: ObjectStore['find'] = async ({ name: bucket }, key, versionId) => {
    const query = versionQuery(versionId)
    try {
      const told = await client.headers({ method: 'HEAD', bucket, key, query, headers: WITH_CHECKSUMS })
      return isAskedFor(told, versionId) ? storedObject(key, told) : undefined
    } catch (error) {
      return await absentOf(error, key, versionId)
    }
  }
  const current = async (bucket: Bucket, key: string) => {
    const object = await find(bucket, key)
    return isDeleteMarker(object) ? undefined : object
  }

  /**
   * The very version that was described, and no more of it than was asked for: one that was replaced since is not mixed with its
   * description, and the length that readers were told is that of what follows.
   */
  const read = async (
    { name: bucket }: Bucket,
    { key, etag, size }: StoredObject,
    range: ByteRange | undefined,
    versionId?: string,
  ) => {
    const query = versionQuery(versionId)
    const headers = { 'if-match': `"${etag}"`, ...(range && { range: `bytes=${range.first}-${range.last}` }) }
    try {
      const answer = await client.open({ method: 'GET', bucket, key, query, headers })
      if (isExactly(answer, range ?? { first: 0, last: size - 1 }, size)) return answer.body
      await answer.body.return?.()
      throw new Error('the store answers with another part of an object than was asked for')
    } catch (error) {
      if (statusOf(error) === 412 || statusOf(error) === 404) throw new S3Error('SlowDown', { cause: error })
      return await asked(Promise.reject(error))
    }
  }

  /** Description and content by one request. */
  const openWhole = async (bucket: Bucket, key: string, versionId?: string) => {
    const query = versionQuery(versionId)
    let close = async () => {}
    try {
      const wish = { method: 'GET', bucket: bucket.name, key, query, headers: WITH_CHECKSUMS } as const
      const { headers, body } = await client.open(wish)
      close = async () => void (await body.return?.())
      if (!isAskedFor(headers, versionId)) {
        await close()
        return undefined
      }
      const object = storedObject(key, headers)
      return {
        object,
        ...(versionId !== undefined && { asked: versionId }),
        async read(range?: ByteRange) {
          if (!range) return body
          await close()
          return await read(bucket, object, range, versionId)
        },
        close,
      } satisfies OpenObject
    } catch (error) {
      await close()
      return await absentOf(error, key, versionId)
    }
  }

  const list: ObjectStore['list'] = async ({ name: bucket }, { prefix, delimiter, limit, ...position }) => {
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

  return {
    find,
    list,
    ...endpointVersions(client, list),

    async put({ name: bucket }, object) {
      const { key, size, headers, user, tags, precondition } = object
      const metadata = metadataHeaders(object)
      const { body, headers: about } = await outgoing(object)
      const all = { ...metadata, ...taggingHeader(tags), ...about, ...conditionHeaders(precondition) }
      const told = await asked(client.headers({ method: 'PUT', bucket, key, body, headers: all }))
      const made = { etag: bareTag(told.etag), modifiedAt: now(), checksums: object.checksums(), ...versionIn(told) }
      return { key, size, headers, user, ...made }
    },

    async open(bucket, key, { whole, versionId } = {}) {
      if (whole) return await openWhole(bucket, key, versionId)
      const object = await find(bucket, key, versionId)
      if (!object || isDeleteMarker(object)) return object
      return {
        object,
        ...(versionId !== undefined && { asked: versionId }),
        read: (range) => read(bucket, object, range, versionId),
        close: async () => undefined,
      }
    },

    async remove(bucket, key, precondition, versionId) {
      const { ifMatch, checkedHereAlone } = precondition
      if (checkedHereAlone) throw new S3Error('NotImplemented')
      const query = versionQuery(versionId)
      // A store that ignores the names of versions must not take this for a removal of the object.
      if (versionId !== undefined && versionId !== NULL_VERSION && !(await find(bucket, key, versionId))) {
        return { versionId }
      }
      // Asked for here too, since many stores remove regardless.
      if (ifMatch !== undefined) {
        const object = await find(bucket, key, versionId)
        precondition.check(isDeleteMarker(object) ? undefined : object)
      }
      const headers = { 'if-match': ifMatch }
      return removalIn(await asked(client.headers({ method: 'DELETE', bucket: bucket.name, key, query, headers })))
    },

    async copy(from, source, bucket, { key, metadata, tags, algorithm, precondition }) {
      await source.close()
      const headers = {
        ...copySourceHeaders(from.name, source),
        ...(metadata && { 'x-amz-metadata-directive': 'REPLACE', ...metadataHeaders(metadata) }),
        'x-amz-tagging-directive': 'REPLACE',
        ...taggingHeader(tags),
        'x-amz-checksum-algorithm': algorithm && storeAlgorithm(algorithm),
        ...conditionHeaders(precondition),
      }
      const answer = await asked(client.answer({ method: 'PUT', bucket: bucket.name, key, headers }))
      const made = answer.document
      const { size } = source.object
      const { headers: kept, user } = metadata ?? source.object
      const modifiedAt = timeOf(textIn(made, 'LastModified')) ?? now()
      const told = elementChecksums(made)
      const expected = algorithm !== undefined || Object.keys(source.object.checksums).length > 0
      const untold = expected && Object.keys(told).length === 0
      const checksums = (untold && (await current(bucket, key))?.checksums) || told
      const version = versionIn(answer.headers)
      return { key, size, headers: kept, user, etag: bareTag(textIn(made, 'ETag')), modifiedAt, checksums, ...version }
    },

    async tags({ name: bucket }, key, versionId) {
      const query = { tagging: '', ...versionQuery(versionId) }
      try {
        const { document, headers } = await client.answer({ method: 'GET', bucket, key, query })
        if (!isAskedFor(headers, versionId)) return undefined
        const [set] = elementsOf(document, 'TagSet')
        const told = set ? elementsOf(set, 'Tag') : []
        const tags = told.map((tag) => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? ''] as const)
        return { tags, ...versionIn(headers) }
      } catch (error) {
        return await absentOf(error, key, versionId)
      }
    },

    async setTags({ name: bucket }, key, tags, versionId) {
      const about = { bucket, key, query: { tagging: '', ...versionQuery(versionId) } }
      const content = tags.length > 0 && documentBody(s3Document('Tagging', tagSet(tags)))
      const wish = content
        ? ({ method: 'PUT', ...about, ...content } as const)
        : ({ method: 'DELETE', ...about } as const)
      return versionIn(await asked(client.headers(wish)))
    },

    async setAcl() {
      throw new S3Error('AccessControlListNotSupported')
    },

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

    // Of what S3 keeps apart, MinIO finds `/key` and `//key` as `key`.
    otherKey: (key) => (client.isAws || !key.startsWith('/') ? undefined : key.replace(/^\/+/, '') || undefined),

    presignedRead: ({ name }, key, query) => client.presignedRead(name, key, query, PRESIGNED_SECONDS),

    uploads: endpointUploads({ client, now }),
  }
}

/** Whether an answer is of these bytes and says so: a store may ignore that a range was asked for (RFC 9110 14.2). */
function isExactly({ headers }: StoreAnswer, { first, last }: ByteRange, size: number): boolean {
  if (headers['content-length'] !== String(last - first + 1)) return false
  const stated = headers['content-range']
  return stated === undefined ? last - first + 1 === size : stated.startsWith(`bytes ${first}-${last}/`)
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
