import { xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { s3Document } from '../xml.ts'

/** Tells the bucket's region; S3 writes us-east-1 as an empty element. */
export const getBucketLocationOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketLocation',
  run: async ({ bucket }) =>
    xmlAnswer(s3Document('LocationConstraint', bucket.region === 'us-east-1' ? undefined : { markup: bucket.region })),
}
