import { initiatorElements, userElements } from '../acl/document.ts'
import { ownerOf } from '../acl/ownership.ts'
import { xmlAnswer } from '../answers.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { checksumElements } from '../checksum-elements.ts'
import { parseCount } from '../parameters.ts'
import { group, s3Document, text } from '../xml.ts'
import { uploadName } from './upload-part.ts'

const MAX_PARTS = 1000

/** Lists the parts that an upload has so far. */
async function listParts(call: ObjectCall) {
  const { deps, query, bucket, key } = call
  const wish = parseCount(query, 'max-parts', { least: 0, most: 2_147_483_647 }) ?? MAX_PARTS
  const limit = Math.min(wish, MAX_PARTS)
  const after = parseCount(query, 'part-number-marker', { least: 0, most: 2_147_483_647 }) ?? 0
  const name = uploadName(call)
  const found = await deps.objects.uploads.listParts(bucket, name, {
    after: Math.min(after, 99_999),
    limit: Math.max(limit, 1),
  })
  const { upload } = found
  const parts = limit === 0 ? [] : found.parts
  return xmlAnswer(
    s3Document(
      'ListPartsResult',
      text('Bucket', bucket.name),
      text('Key', key),
      text('UploadId', name.uploadId),
      text('PartNumberMarker', after),
      text('NextPartNumberMarker', parts.at(-1)?.number ?? 0),
      text('MaxParts', limit),
      text('IsTruncated', limit > 0 && found.more),
      ...(upload.checksum
        ? [
            text('ChecksumAlgorithm', upload.checksum.algorithm.toUpperCase()),
            text('ChecksumType', upload.checksum.type),
          ]
        : []),
      group('Initiator', ...initiatorElements(bucket, upload.initiator)),
      group('Owner', ...userElements(ownerOf(bucket, upload))),
      text('StorageClass', 'STANDARD'),
      ...parts.map((part) =>
        group(
          'Part',
          text('PartNumber', part.number),
          text('LastModified', new Date(part.modifiedAt).toISOString()),
          text('ETag', `"${part.etag}"`),
          text('Size', part.size),
          ...checksumElements(part.checksums),
        ),
      ),
    ),
  )
}

export const listPartsOperation: Operation = { on: 'object', action: 's3:ListMultipartUploadParts', run: listParts }
