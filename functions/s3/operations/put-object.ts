import { rightsOfNew } from '../acl/asked-acl.ts'
import { emptyAnswer } from '../answers.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { checksumHeaders, parseMetadata } from '../object-headers.ts'
import { readUpload, type Upload } from '../payload.ts'
import { parseWritePrecondition } from '../preconditions.ts'
import { parseTaggingHeader, repeatsOf } from '../tags.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'
import { versionHeader } from '../versions.ts'
import { creationKeys, uploadNeeds } from './upload-rights.ts'

/** The most that one PUT carries (S3 user guide, "Uploading objects"). */
const MAX_BYTES = 5 * 1024 ** 3

/**
 * The content of a request that carries so much at once at most.
 * @throws S3Error MissingContentLength, EntityTooLarge, and what `readUpload` throws
 */
export function readSizedUpload(call: ObjectCall): Upload & { readonly size: number } {
  const { size, ...upload } = readUpload(call)
  if (size === undefined) throw new S3Error('MissingContentLength')
  if (size > MAX_BYTES) {
    throw new S3Error('EntityTooLarge', { elements: { ProposedSize: String(size), MaxSizeAllowed: String(MAX_BYTES) } })
  }
  return { ...upload, size }
}

/**
 * Stores the content once it has all arrived as its sender vouched for it; until then, and after any failure, the old
 * object stays.
 * @throws S3Error MissingContentLength, EntityTooLarge, MetadataTooLarge, PreconditionFailed, what an ACL is refused for, and what the content throws
 */
async function putObject(call: ObjectCall) {
  const { deps, request, bucket, key } = call
  refuseUnbuiltHeaders(request.headers)
  const precondition = parseWritePrecondition(request.headers, { tags: followsCeph(bucket) })
  const metadata = parseMetadata(request.headers)
  const tags = parseTaggingHeader(request.headers['x-amz-tagging'], repeatsOf(bucket))
  const rights = await rightsOfNew(call)
  const upload = readSizedUpload(call)
  const object = await deps.objects.put(bucket, { key, ...upload, tags, precondition, ...metadata, ...rights })
  return emptyAnswer(200, { etag: `"${object.etag}"`, ...checksumHeaders(object.checksums), ...versionHeader(object) })
}

export const putObjectOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: creationKeys,
  needs: uploadNeeds,
  run: putObject,
}
