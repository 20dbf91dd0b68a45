import { elementsOf } from '@daypass/core/http/xml-reader.ts'
import { S3Error } from '../../errors.ts'
import { tagSet } from '../../tags.ts'
import { s3Document } from '../../xml.ts'
import type { Bucket } from '../buckets-port.ts'
import { isDeleteMarker, type ObjectStore } from '../port.ts'
import { textIn, timeOf } from './answer.ts'
import { elementChecksums, storeAlgorithm } from './checksum-fields.ts'
import type { StoreClient } from './client.ts'
import { documentBody, outgoing } from './content.ts'
import { asked } from './failures.ts'
import { bareTag, conditionHeaders, copySourceHeaders, metadataHeaders, taggingHeader } from './object-fields.ts'
import { objectListing } from './object-listing.ts'
import { objectParts } from './object-parts.ts'
import { objectReads } from './object-reads.ts'
import { endpointUploads } from './uploads.ts'
import { absentOf, endpointVersions, isAskedFor, NULL_VERSION, removalIn, versionIn, versionQuery } from './versions.ts'

interface Deps {
  readonly client: StoreClient
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** How long a URL of an object in the store is good for, in seconds. */
const PRESIGNED_SECONDS = 60

/** Objects in an S3-compatible store, streamed through. Atomicity, durability and preconditions are that store's. */
export function endpointObjects({ client, now }: Deps): ObjectStore {
  const { find, open } = objectReads(client)
  const current = async (bucket: Bucket, key: string) => {
    const object = await find(bucket, key)
    return isDeleteMarker(object) ? undefined : object
  }
  const list = objectListing(client)

  return {
    find,
    open,
    list,
    ...objectParts(client),
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

    // Of what S3 keeps apart, MinIO finds `/key` and `//key` as `key`.
    otherKey: (key) => (client.isAws || !key.startsWith('/') ? undefined : key.replace(/^\/+/, '') || undefined),

    presignedRead: ({ name }, key, query) => client.presignedRead(name, key, query, PRESIGNED_SECONDS),

    uploads: endpointUploads({ client, now }),
  }
}
