import { createHash } from 'node:crypto'
import { elementsOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { group, s3Document, text } from '../../xml.ts'
import type { ChecksumType } from '../port.ts'
import type { NamedPart, StoredPart, UploadChecksum, UploadEntry, UploadPage, UploadStore } from '../uploads-port.ts'
import { decoderOf, textIn, timeOf } from './answer.ts'
import { algorithmOf, checksumElements, checksumHeaders, elementChecksums, storeAlgorithm } from './checksum-fields.ts'
import type { StoreClient } from './client.ts'
import { documentBody, outgoing } from './content.ts'
import { asked, codeOf, endpointFailure } from './failures.ts'
import {
  bareTag,
  conditionHeaders,
  copySourceHeaders,
  metadataHeaders,
  storedObject,
  taggingHeader,
} from './object-fields.ts'
import { versionIn } from './versions.ts'

interface Deps {
  readonly client: StoreClient
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const typeOf = (type: string | undefined): ChecksumType => (type === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE')

function checksumOf(told: XmlElement) {
  const algorithm = algorithmOf(textIn(told, 'ChecksumAlgorithm'))
  const checksum: UploadChecksum | undefined = algorithm && { algorithm, type: typeOf(textIn(told, 'ChecksumType')) }
  return checksum && { checksum }
}

/** Whoever began it, as the store calls them. */
function initiatorOf(told: XmlElement): string {
  const [initiator] = elementsOf(told, 'Initiator')
  return textIn(initiator, 'ID') ?? ''
}

/** What S3 makes the tag of a multipart object of. */
function tagOf(parts: readonly NamedPart[]): string {
  const md5 = createHash('md5')
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'))
  return `${md5.digest('hex')}-${parts.length}`
}

const partOf = (part: XmlElement): StoredPart => ({
  number: Number(textIn(part, 'PartNumber') ?? 0),
  size: Number(textIn(part, 'Size') ?? 0),
  etag: bareTag(textIn(part, 'ETag')),
  modifiedAt: timeOf(textIn(part, 'LastModified')) ?? 0,
  checksums: elementChecksums(part),
})

/** Multipart uploads of an S3-compatible store, whose ids and rules are that store's. */
export function endpointUploads({ client, now }: Deps): UploadStore {
  return {
    async create({ name: bucket }, { key, tags, checksum, initiator, ...metadata }) {
      const algorithm = checksum && storeAlgorithm(checksum.algorithm)
      const headers = {
        ...metadataHeaders(metadata),
        ...taggingHeader(tags),
        ...(algorithm && { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': checksum.type }),
      }
      const wish = { method: 'POST', bucket, key, query: { uploads: '' }, headers, once: true } as const
      const uploadId = textIn(await asked(client.document(wish)), 'UploadId') ?? ''
      return { key, uploadId, initiatedAt: now(), initiator, ...(checksum && { checksum }) }
    },

    async putPart({ name: bucket }, { key, uploadId }, part) {
      const { number, size, checksums } = part
      const query = { partNumber: number, uploadId }
      const { body, headers } = await outgoing(part)
      const { etag } = await asked(client.headers({ method: 'PUT', bucket, key, query, headers, body }))
      return { number, size, etag: bareTag(etag), modifiedAt: now(), checksums: checksums() }
    },

    async copyPart({ name: bucket }, { key, uploadId }, { number, from, source, range }) {
      await source.close()
      const headers = {
        ...copySourceHeaders(from.name, source),
        'x-amz-copy-source-range': range && `bytes=${range.first}-${range.last}`,
      }
      const wish = { method: 'PUT', bucket, key, query: { partNumber: number, uploadId }, headers } as const
      const made = await asked(client.document(wish))
      const size = range ? range.last - range.first + 1 : source.object.size
      return { ...partOf(made), number, size, modifiedAt: timeOf(textIn(made, 'LastModified')) ?? now() }
    },

    async complete({ name: bucket }, { key, uploadId }, { parts, precondition, checksums, checksumType, size }) {
      const document = s3Document(
        'CompleteMultipartUpload',
        ...parts.map((part) =>
          group(
            'Part',
            text('PartNumber', part.number),
            text('ETag', `"${part.etag}"`),
            ...checksumElements(part.checksums),
          ),
        ),
      )
      const { body, headers: about } = documentBody(document)
      const headers = {
        ...about,
        ...checksumHeaders(checksums),
        'x-amz-checksum-type': checksumType,
        'x-amz-mp-object-size': size === undefined ? undefined : String(size),
        ...conditionHeaders(precondition),
      }
      const wish = { method: 'POST', bucket, key, query: { uploadId }, headers, body } as const
      const made = await asked(
        client.answer(wish).then(
          (told) => ({ tag: textIn(told.document, 'ETag'), version: versionIn(told.headers) }),
          (error: unknown) => {
            // A store that forgets completed uploads may still have what this one came to.
            if (codeOf(error) === 'NoSuchUpload') return { tag: `"${tagOf(parts)}"`, error }
            throw error
          },
        ),
      )
      const known = { 'if-match': made.tag, 'x-amz-checksum-mode': 'ENABLED' }
      try {
        const object = storedObject(key, await client.headers({ method: 'HEAD', bucket, key, headers: known }))
        return { ...object, ...('version' in made && made.version) }
      } catch (error) {
        throw endpointFailure('error' in made ? made.error : error)
      }
    },

    async abort({ name: bucket }, { key, uploadId }) {
      await asked(client.headers({ method: 'DELETE', bucket, key, query: { uploadId } }))
    },

    async listParts({ name: bucket }, { key, uploadId }, { after, limit }) {
      const query = { uploadId, 'max-parts': limit, 'part-number-marker': after > 0 ? after : undefined }
      const told = await asked(client.document({ method: 'GET', bucket, key, query }))
      return {
        upload: { key, uploadId, initiatedAt: 0, initiator: initiatorOf(told), ...checksumOf(told) },
        parts: elementsOf(told, 'Part').map(partOf),
        more: textIn(told, 'IsTruncated') === 'true',
      }
    },

    async list({ name: bucket }, { prefix, delimiter, key, uploadId, limit }) {
      const query = {
        uploads: '',
        'encoding-type': 'url',
        'max-uploads': limit,
        prefix: prefix || undefined,
        delimiter: delimiter || undefined,
        'key-marker': key || undefined,
        'upload-id-marker': uploadId || undefined,
      }
      const told = await asked(client.document({ method: 'GET', bucket, query }))
      const decode = decoderOf(told)
      const uploads = elementsOf(told, 'Upload').map((each): UploadEntry => {
        const upload = {
          key: decode(textIn(each, 'Key')),
          uploadId: textIn(each, 'UploadId') ?? '',
          initiatedAt: timeOf(textIn(each, 'Initiated')) ?? 0,
          initiator: initiatorOf(each),
          ...checksumOf(each),
        }
        return { kind: 'upload', upload }
      })
      const prefixes = elementsOf(told, 'CommonPrefixes').map(
        (common): UploadEntry => ({ kind: 'prefix', prefix: decode(textIn(common, 'Prefix')) }),
      )
      const entries = [...uploads, ...prefixes].sort((a, b) => compareUtf8(keyOf(a), keyOf(b)))
      const next = { key: decode(textIn(told, 'NextKeyMarker')), uploadId: textIn(told, 'NextUploadIdMarker') ?? '' }
      return { entries, ...(textIn(told, 'IsTruncated') === 'true' && { next }) } satisfies UploadPage
    },
  }
}

const keyOf = (entry: UploadEntry) => (entry.kind === 'upload' ? entry.upload.key : entry.prefix)
