import { checksumAlgorithmOf } from '@daypass/core/checksum/checksum.ts'
import { isCombinable } from '@daypass/core/checksum/combine.ts'
import { rightsOfNew } from '../acl/asked-acl.ts'
import { xmlAnswer } from '../answers.ts'
import type { UploadChecksum } from '../backing/uploads-port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { parseMetadata } from '../object-headers.ts'
import { parseTaggingHeader } from '../tags.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'
import { s3Document, text } from '../xml.ts'
import { stepKeys, uploadNeeds } from './upload-rights.ts'

const invalid = (message: string) => new S3Error('InvalidRequest', { message })

/**
 * The checksum that the object is to have. Hashes can only be composite; CRC64NVME only full (S3 user guide, "Checking
 * object integrity").
 * @throws S3Error InvalidRequest
 */
function parseUploadChecksum(headers: Readonly<Record<string, string>>): UploadChecksum | undefined {
  const stated = headers['x-amz-checksum-algorithm']
  const type = headers['x-amz-checksum-type']?.toUpperCase()
  if (stated === undefined) {
    if (type === undefined) return undefined
    throw invalid('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  }
  const algorithm = checksumAlgorithmOf(`x-amz-checksum-${stated.toLowerCase()}`)
  if (!algorithm) {
    throw invalid(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  }
  if (type !== undefined && type !== 'COMPOSITE' && type !== 'FULL_OBJECT') {
    throw invalid('Value for x-amz-checksum-type header is invalid.')
  }
  const chosen = type ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE')
  if (chosen === 'FULL_OBJECT' ? !isCombinable(algorithm) : algorithm === 'crc64nvme') {
    throw invalid(`The ${chosen} checksum type cannot be used with the ${algorithm} checksum algorithm.`)
  }
  return { algorithm, type: chosen }
}

/** Begins a multipart upload: all that the object will have beside its content is said here. */
async function createMultipartUpload(call: ObjectCall) {
  const { deps, request, bucket, key, caller } = call
  const { headers } = request
  refuseUnbuiltHeaders(headers)
  const checksum = parseUploadChecksum(headers)
  const { uploadId } = await deps.objects.uploads.create(bucket, {
    key,
    ...parseMetadata(headers),
    tags: parseTaggingHeader(headers['x-amz-tagging']),
    ...(await rightsOfNew(call)),
    initiator: caller?.arn ?? 'anonymous',
    ...(checksum && { checksum }),
  })
  const answer = xmlAnswer(
    s3Document(
      'InitiateMultipartUploadResult',
      text('Bucket', bucket.name),
      text('Key', key),
      text('UploadId', uploadId),
    ),
  )
  const told = checksum && {
    'x-amz-checksum-algorithm': checksum.algorithm.toUpperCase(),
    'x-amz-checksum-type': checksum.type,
  }
  return { ...answer, headers: { ...answer.headers, ...told } }
}

export const createMultipartUploadOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: stepKeys,
  needs: uploadNeeds,
  run: createMultipartUpload,
}
