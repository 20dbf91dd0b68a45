import { xmlAnswer } from '../answers.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { checksumElements } from '../checksum-elements.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import type { ByteRange } from '../range.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'
import { copiedVersion } from '../versions.ts'
import { s3Document, text } from '../xml.ts'
import { MAX_COPY_BYTES, verifyCopySize } from './copy-object.ts'
import { openSource } from './copy-source-object.ts'
import { parsePartNumber, uploadName } from './upload-part.ts'
import { sourceNeeds, stepKeys } from './upload-rights.ts'

/**
 * `x-amz-copy-source-range`, which unlike a Range must be whole and within the source.
 * @throws S3Error InvalidArgument; InvalidRange, as Ceph says it, for one that reaches behind the end
 */
function parseSourceRange(header: string | undefined, size: number, ceph: boolean): ByteRange | undefined {
  if (header === undefined) return undefined
  const invalid = (message: string) =>
    new S3Error('InvalidArgument', {
      message,
      elements: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header },
    })
  const [, from, to] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header) ?? []
  if (from === undefined || to === undefined || Number(from) > Number(to)) {
    throw invalid(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  }
  const range = { first: Number(from), last: Number(to) }
  if (range.last >= size && ceph) throw new S3Error('InvalidRange')
  if (range.last >= size) throw invalid(`Range specified is not valid for source object of size: ${size}`)
  return range
}

/** Makes a part of bytes of another object. */
async function uploadPartCopy(call: ObjectCall) {
  const { deps, request, bucket } = call
  refuseUnbuiltHeaders(request.headers)
  const number = parsePartNumber(call)
  const { from, source } = await openSource(call)
  let range: ByteRange | undefined
  try {
    const { size } = source.object
    range = parseSourceRange(request.headers['x-amz-copy-source-range'], size, followsCeph(bucket))
    verifyCopySize(range ? range.last - range.first + 1 : size, MAX_COPY_BYTES)
  } catch (error) {
    await source.close()
    throw error
  }
  const copied = { number, from, source, ...(range && { range }) }
  const part = await deps.objects.uploads.copyPart(bucket, uploadName(call), copied)
  const answer = xmlAnswer(
    s3Document(
      'CopyPartResult',
      text('LastModified', new Date(part.modifiedAt).toISOString()),
      text('ETag', `"${part.etag}"`),
      ...checksumElements(part.checksums),
    ),
  )
  return { ...answer, headers: { ...answer.headers, ...copiedVersion(source.object) } }
}

export const uploadPartCopyOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: stepKeys,
  needs: sourceNeeds,
  run: uploadPartCopy,
}
