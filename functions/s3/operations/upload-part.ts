import { emptyAnswer } from '../answers.ts'
import type { UploadName } from '../backing/uploads-port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { checksumHeaders } from '../object-headers.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'
import { readSizedUpload } from './put-object.ts'
import { stepKeys } from './upload-rights.ts'

const MAX_PARTS = 10_000

/** The multipart upload that the request names. */
export const uploadName = ({ key, query }: ObjectCall): UploadName => ({ key, uploadId: query.get('uploadId') ?? '' })

/** @throws S3Error InvalidArgument */
export function parsePartNumber({ query }: ObjectCall): number {
  const sent = query.get('partNumber') ?? ''
  const number = Number(sent)
  if (!/^\d{1,5}$/.test(sent) || number < 1 || number > MAX_PARTS) {
    throw new S3Error('InvalidArgument', {
      message: `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
      elements: { ArgumentName: 'partNumber', ArgumentValue: sent },
    })
  }
  return number
}

/** Stores a part once it has all arrived as its sender vouched for it; until then a former part of its number stays. */
async function uploadPart(call: ObjectCall) {
  const { deps, request, bucket } = call
  refuseUnbuiltHeaders(request.headers)
  const number = parsePartNumber(call)
  const upload = readSizedUpload(call)
  const part = await deps.objects.uploads.putPart(bucket, uploadName(call), { number, ...upload })
  const { 'x-amz-checksum-type': _whole, ...checksums } = checksumHeaders(part.checksums)
  return emptyAnswer(200, { etag: `"${part.etag}"`, ...checksums })
}

export const uploadPartOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: stepKeys,
  run: uploadPart,
}
