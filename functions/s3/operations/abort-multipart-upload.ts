import { emptyAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { uploadName } from './upload-part.ts'

/** Ends a multipart upload without an object. */
export const abortMultipartUploadOperation: Operation = {
  on: 'object',
  action: 's3:AbortMultipartUpload',
  async run(call) {
    await call.deps.objects.uploads.abort(call.bucket, uploadName(call))
    return emptyAnswer(204)
  },
}
