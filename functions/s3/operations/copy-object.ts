import { checksumAlgorithmOf } from '@daypass/core/checksum/checksum.ts'
import { permitsOn } from '../access.ts'
import { rightsOfNew } from '../acl/asked-acl.ts'
import { xmlAnswer } from '../answers.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import { isDeleteMarker, type NewCopy, type OpenObject, type StoredObject } from '../backing/port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { checksumElements } from '../checksum-elements.ts'
import { requestTagContext } from '../context-keys.ts'
import { parseCopySource } from '../copy-source.ts'
import { S3Error } from '../errors.ts'
import { parseMetadata } from '../object-headers.ts'
import { parseWritePrecondition } from '../preconditions.ts'
import { parseTaggingHeader, type Tags } from '../tags.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'
import { copiedVersion, versionHeader } from '../versions.ts'
import { s3Document, text } from '../xml.ts'
import { openSource } from './copy-source-object.ts'
import { copyNeeds, creationKeys } from './upload-rights.ts'

/** The most that one copy takes over (S3 API reference, CopyObject and UploadPartCopy). */
export const MAX_COPY_BYTES = 5 * 1024 ** 3

/** @throws S3Error InvalidRequest */
export function verifyCopySize(size: number, most: number): void {
  if (size <= most) return
  throw new S3Error('InvalidRequest', {
    message: `The specified copy source is larger than the maximum allowable size for a copy source: ${most}`,
  })
}

/** @throws S3Error InvalidArgument */
function parseDirective(headers: Readonly<Record<string, string>>, name: string): 'COPY' | 'REPLACE' {
  const value = headers[name] ?? 'COPY'
  if (value === 'COPY' || value === 'REPLACE') return value
  throw new S3Error('InvalidArgument', {
    message: `Unknown ${name === 'x-amz-metadata-directive' ? 'metadata' : 'tagging'} directive.`,
    elements: { ArgumentName: name, ArgumentValue: value },
  })
}

function parseChecksum(headers: Readonly<Record<string, string>>): Pick<NewCopy, 'algorithm'> {
  const stated = headers['x-amz-checksum-algorithm']
  if (stated === undefined) return {}
  const algorithm = checksumAlgorithmOf(`x-amz-checksum-${stated.toLowerCase()}`)
  if (!algorithm) throw new S3Error('InvalidRequest', { message: 'Checksum algorithm provided is unsupported.' })
  return { algorithm }
}

async function tagsOf({ deps }: ObjectCall, from: Bucket, { key, versionId }: StoredObject): Promise<Tags> {
  const found = await deps.objects.tags(from, key, versionId)
  return found && !isDeleteMarker(found) ? found.tags : []
}

/**
 * Tags that go along with a copy need the right to read them there and to write them here.
 * @throws S3Error AccessDenied
 */
async function requireTagRights(call: ObjectCall, from: Bucket, { object, tags: known }: OpenObject): Promise<Tags> {
  const { key } = object
  const tags = known ?? (await tagsOf(call, from, object))
  if (tags.length === 0) return tags
  const asked = parseCopySource(call.request.headers).versionId
  const reading = asked === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging'
  const mayRead = await permitsOn(call, reading, from, key, new Map(), [], asked)
  const mayWrite = await permitsOn(call, 's3:PutObjectTagging', call.bucket, call.key, requestTagContext(tags))
  if (!mayRead || !mayWrite) throw new S3Error('AccessDenied')
  return tags
}

/**
 * Copies an object, with its metadata and tags or with those that the request brings.
 * @throws S3Error NoSuchKey, PreconditionFailed, InvalidRequest for a copy that would change nothing
 */
async function copyObject(call: ObjectCall) {
  const { deps, request, bucket, key } = call
  const { headers } = request
  refuseUnbuiltHeaders(headers)
  const precondition = parseWritePrecondition(headers)
  const metadataDirective = parseDirective(headers, 'x-amz-metadata-directive')
  const taggingDirective = parseDirective(headers, 'x-amz-tagging-directive')
  const algorithm = parseChecksum(headers)
  const rights = await rightsOfNew(call)
  const { from, source } = await openSource(call)
  let tags: Tags
  try {
    verifyCopySize(source.object.size, MAX_COPY_BYTES)
    const restores = parseCopySource(headers).versionId !== undefined
    if (from.name === bucket.name && source.object.key === key && metadataDirective === 'COPY' && !restores) {
      throw new S3Error('InvalidRequest', {
        message:
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      })
    }
    tags =
      taggingDirective === 'REPLACE'
        ? parseTaggingHeader(headers['x-amz-tagging'])
        : await requireTagRights(call, from, source)
  } catch (error) {
    await source.close()
    throw error
  }
  const object = await deps.objects.copy(from, source, bucket, {
    key,
    precondition,
    ...rights,
    ...algorithm,
    tags,
    ...(metadataDirective === 'REPLACE' && { metadata: parseMetadata(headers) }),
  })
  const answer = xmlAnswer(
    s3Document(
      'CopyObjectResult',
      text('LastModified', new Date(object.modifiedAt).toISOString()),
      text('ETag', `"${object.etag}"`),
      ...checksumElements(object.checksums),
    ),
  )
  return { ...answer, headers: { ...answer.headers, ...copiedVersion(source.object), ...versionHeader(object) } }
}

export const copyObjectOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: creationKeys,
  needs: copyNeeds,
  run: copyObject,
}
