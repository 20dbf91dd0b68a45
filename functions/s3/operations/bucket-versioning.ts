import { xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { s3Document } from '../xml.ts'

/** A bucket that never kept versions says nothing of them (S3 API reference, GetBucketVersioning). */
export const getBucketVersioningOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketVersioning',
  run: async () => xmlAnswer(s3Document('VersioningConfiguration')),
}

export const putBucketVersioningOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketVersioning',
  async run() {
    throw new S3Error('NotImplemented', { message: 'The operation PutBucketVersioning is not implemented.' })
  },
}
