import { emptyAnswer } from '../answers.ts'
import type { ContextKeys, ObjectCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { checksumHeaders, parseMetadata } from '../object-headers.ts'
import { readUpload } from '../payload.ts'
import { parseWritePrecondition } from '../preconditions.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'

/** The most that one PUT carries (S3 user guide, "Uploading objects"). */
const MAX_BYTES = 5 * 1024 ** 3

/** Headers that policies may ask about, each under the name that S3 gives it. */
const CONDITION_HEADERS = {
  'x-amz-acl': 's3:x-amz-acl',
  'x-amz-storage-class': 's3:x-amz-storage-class',
  'x-amz-server-side-encryption': 's3:x-amz-server-side-encryption',
  'if-match': 's3:if-match',
  'if-none-match': 's3:if-none-match',
} as const

const uploadKeys: ContextKeys = ({ request }) =>
  new Map(
    Object.entries(CONDITION_HEADERS).flatMap(([header, key]) => {
      const value = request.headers[header]
      return value === undefined ? [] : [[key, [value]] as const]
    }),
  )

/**
 * Stores the content once it has all arrived as its sender vouched for it; until then, and after any failure, the old
 * object stays.
 * @throws S3Error MissingContentLength, EntityTooLarge, MetadataTooLarge, PreconditionFailed, and what the content throws
 */
async function putObject(call: ObjectCall) {
  const { deps, request, bucket, key } = call
  refuseUnbuiltHeaders(request.headers)
  const precondition = parseWritePrecondition(request.headers)
  const metadata = parseMetadata(request.headers)
  const { size, content, checksums } = readUpload(call)
  if (size === undefined) throw new S3Error('MissingContentLength')
  if (size > MAX_BYTES) {
    throw new S3Error('EntityTooLarge', { elements: { ProposedSize: String(size), MaxSizeAllowed: String(MAX_BYTES) } })
  }
  const object = await deps.objects.put(bucket, { key, size, content, checksums, precondition, ...metadata })
  return emptyAnswer(200, { etag: `"${object.etag}"`, ...checksumHeaders(object.checksums) })
}

export const putObjectOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: uploadKeys,
  run: putObject,
}
