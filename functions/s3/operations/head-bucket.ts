import { emptyAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'

/** Tells that the bucket is there and where. */
export const headBucketOperation: Operation = {
  on: 'bucket',
  action: 's3:ListBucket',
  run: async ({ bucket }) => emptyAnswer(200, { 'x-amz-bucket-region': bucket.region }),
}
