import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  type Part,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import type { ChecksumType } from '../port.ts'
import type {
  NamedPart,
  PendingUpload,
  StoredPart,
  UploadChecksum,
  UploadEntry,
  UploadName,
  UploadPage,
  UploadStore,
} from '../uploads-port.ts'
import { algorithmOf, checksumFields, checksumsOf, sdkAlgorithm } from './checksum-fields.ts'
import { conditionFields } from './condition-fields.ts'
import { copySource } from './copy-source.ts'
import { asked, endpointFailure } from './failures.ts'
import { bareTag, metadataFields, storedObject, taggingField } from './object-fields.ts'
import { toldChecksum } from './trailing-checksum.ts'
import { asFramed, sendContent } from './upload.ts'

interface Deps {
  readonly client: S3Client
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const typeOf = (type: string | undefined): ChecksumType => (type === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE')

function checksumOf(told: { ChecksumAlgorithm?: string | undefined; ChecksumType?: string | undefined }) {
  const algorithm = algorithmOf(told.ChecksumAlgorithm)
  const checksum: UploadChecksum | undefined = algorithm && { algorithm, type: typeOf(told.ChecksumType) }
  return checksum && { checksum }
}

/** What S3 makes the tag of a multipart object of. */
function tagOf(parts: readonly NamedPart[]): string {
  const md5 = createHash('md5')
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'))
  return `${md5.digest('hex')}-${parts.length}`
}

const partOf = (part: Part): StoredPart => ({
  number: part.PartNumber ?? 0,
  size: part.Size ?? 0,
  etag: bareTag(part.ETag),
  modifiedAt: part.LastModified?.getTime() ?? 0,
  checksums: checksumsOf(part),
})

/** Multipart uploads of an S3-compatible store, whose ids and rules are that store's. */
export function endpointUploads({ client, now }: Deps): UploadStore {
  return {
    async create({ name: Bucket }, { key, tags, checksum, initiator, ...metadata }) {
      const ChecksumAlgorithm = checksum && sdkAlgorithm(checksum.algorithm)
      const wish = new CreateMultipartUploadCommand({
        Bucket,
        Key: key,
        ...metadataFields(metadata),
        ...taggingField(tags),
        ...(ChecksumAlgorithm && { ChecksumAlgorithm, ChecksumType: checksum.type }),
      })
      const { UploadId = '' } = await asked(client.send(wish))
      return { key, uploadId: UploadId, initiatedAt: now(), initiator, ...(checksum && { checksum }) }
    },

    async putPart({ name: Bucket }, { key, uploadId }, { number, size, content, checksums, announced }) {
      const told = toldChecksum(announced, size, checksums)
      const about = { Bucket, Key: key, UploadId: uploadId, PartNumber: number, ContentLength: size, ...told.fields }
      const { ETag } = await sendContent(told.frame(content), (Body, abortSignal) =>
        client.send(asFramed(new UploadPartCommand({ ...about, Body }), told), { abortSignal }),
      )
      return { number, size, etag: bareTag(ETag), modifiedAt: now(), checksums: checksums() }
    },

    async copyPart({ name: Bucket }, { key, uploadId }, { number, from, source, range }) {
      await source.close()
      const wish = new UploadPartCopyCommand({
        Bucket,
        Key: key,
        UploadId: uploadId,
        PartNumber: number,
        ...copySource(from.name, source),
        ...(range && { CopySourceRange: `bytes=${range.first}-${range.last}` }),
      })
      const { CopyPartResult: made = {} } = await asked(client.send(wish))
      const size = range ? range.last - range.first + 1 : source.object.size
      const modifiedAt = made.LastModified?.getTime() ?? now()
      return { number, size, etag: bareTag(made.ETag), modifiedAt, checksums: checksumsOf(made) }
    },

    async complete({ name: Bucket }, { key, uploadId }, { parts, precondition, checksums, checksumType, size }) {
      const Parts = parts.map((part) => ({
        PartNumber: part.number,
        ETag: `"${part.etag}"`,
        ...checksumFields(part.checksums),
      }))
      const wish = new CompleteMultipartUploadCommand({
        Bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: { Parts },
        ...checksumFields(checksums),
        ...(checksumType && { ChecksumType: checksumType }),
        ...(size !== undefined && { MpuObjectSize: size }),
        ...conditionFields(precondition),
      })
      const made = await asked(
        client.send(wish).catch((error: unknown) => {
          // A store that forgets completed uploads may still have what this one came to.
          if (error instanceof Error && error.name === 'NoSuchUpload') return { ETag: `"${tagOf(parts)}"`, error }
          throw error
        }),
      )
      const head = new HeadObjectCommand({ Bucket, Key: key, IfMatch: made.ETag, ChecksumMode: 'ENABLED' })
      try {
        return storedObject(key, await client.send(head))
      } catch (error) {
        throw endpointFailure('error' in made ? made.error : error)
      }
    },

    async abort({ name: Bucket }, { key, uploadId }) {
      await asked(client.send(new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: uploadId })))
    },

    async listParts({ name: Bucket }, name, { after, limit }) {
      const from = { ...(after > 0 && { PartNumberMarker: String(after) }), MaxParts: limit }
      const wish = new ListPartsCommand({ Bucket, Key: name.key, UploadId: name.uploadId, ...from })
      const told = await asked(client.send(wish))
      return {
        upload: { ...pendingUpload(name, told) },
        parts: (told.Parts ?? []).map(partOf),
        more: told.IsTruncated === true,
      }
    },

    async list({ name: Bucket }, { prefix, delimiter, key, uploadId, limit }) {
      const wish = new ListMultipartUploadsCommand({
        Bucket,
        MaxUploads: limit,
        ...(prefix !== '' && { Prefix: prefix }),
        ...(delimiter !== '' && { Delimiter: delimiter }),
        ...(key !== '' && { KeyMarker: key }),
        ...(uploadId !== '' && { UploadIdMarker: uploadId }),
      })
      const told = await asked(client.send(wish))
      const uploads = (told.Uploads ?? []).map((each): UploadEntry => {
        const name = { key: each.Key ?? '', uploadId: each.UploadId ?? '' }
        const initiatedAt = each.Initiated?.getTime() ?? 0
        return {
          kind: 'upload',
          upload: { ...name, initiatedAt, initiator: each.Initiator?.ID ?? '', ...checksumOf(each) },
        }
      })
      const prefixes = (told.CommonPrefixes ?? []).map(
        ({ Prefix = '' }): UploadEntry => ({ kind: 'prefix', prefix: Prefix }),
      )
      const entries = [...uploads, ...prefixes].sort((a, b) => compareUtf8(keyOf(a), keyOf(b)))
      const next = { key: told.NextKeyMarker ?? '', uploadId: told.NextUploadIdMarker ?? '' }
      return { entries, ...(told.IsTruncated && { next }) } satisfies UploadPage
    },
  }
}

const keyOf = (entry: UploadEntry) => (entry.kind === 'upload' ? entry.upload.key : entry.prefix)

const pendingUpload = (name: UploadName, told: ListPartsCommandOutput): PendingUpload => ({
  ...name,
  initiatedAt: 0,
  initiator: told.Initiator?.ID ?? '',
  ...checksumOf(told),
})
