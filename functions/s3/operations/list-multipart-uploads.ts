import { initiatorElements, userElements } from '../acl/document.ts'
import { ownerOf } from '../acl/ownership.ts'
import { xmlAnswer } from '../answers.ts'
import type { BucketCall, Operation } from '../call.ts'
import { parseCount } from '../parameters.ts'
import { group, s3Document, text } from '../xml.ts'
import { parseEncoding, parsePosition } from './list-objects.ts'

const MAX_UPLOADS = 1000

/** Lists the multipart uploads that are under way in a bucket. */
async function listMultipartUploads(call: BucketCall) {
  const { deps, query, bucket } = call
  const encode = parseEncoding(query, bucket)
  const wish = parseCount(query, 'max-uploads', { least: 0, most: 2_147_483_647 }) ?? MAX_UPLOADS
  const limit = Math.min(wish, MAX_UPLOADS)
  const asked = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    key: parsePosition(query, 'key-marker'),
    uploadId: parsePosition(query, 'upload-id-marker'),
  }
  const page = limit === 0 ? { entries: [] } : await deps.objects.uploads.list(bucket, { ...asked, limit })
  const { next } = page
  return xmlAnswer(
    s3Document(
      'ListMultipartUploadsResult',
      text('Bucket', bucket.name),
      text('KeyMarker', encode(asked.key)),
      text('UploadIdMarker', asked.uploadId),
      ...(next ? [text('NextKeyMarker', encode(next.key)), text('NextUploadIdMarker', next.uploadId)] : []),
      text('Prefix', encode(asked.prefix)),
      ...(asked.delimiter === '' ? [] : [text('Delimiter', encode(asked.delimiter))]),
      ...(query.get('encoding-type') ? [text('EncodingType', 'url')] : []),
      text('MaxUploads', limit),
      text('IsTruncated', next !== undefined),
      ...page.entries.map((entry) =>
        entry.kind === 'prefix'
          ? group('CommonPrefixes', text('Prefix', encode(entry.prefix)))
          : group(
              'Upload',
              text('Key', encode(entry.upload.key)),
              text('UploadId', entry.upload.uploadId),
              group('Initiator', ...initiatorElements(bucket, entry.upload.initiator)),
              group('Owner', ...userElements(ownerOf(bucket, entry.upload))),
              text('StorageClass', 'STANDARD'),
              text('Initiated', new Date(entry.upload.initiatedAt).toISOString()),
              ...(entry.upload.checksum
                ? [
                    text('ChecksumAlgorithm', entry.upload.checksum.algorithm.toUpperCase()),
                    text('ChecksumType', entry.upload.checksum.type),
                  ]
                : []),
            ),
      ),
    ),
  )
}

export const listMultipartUploadsOperation: Operation = {
  on: 'bucket',
  action: 's3:ListBucketMultipartUploads',
  run: listMultipartUploads,
}
