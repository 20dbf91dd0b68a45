import { emptyAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'

/** Removes an empty bucket. */
export const deleteBucketOperation: Operation = {
  on: 'bucket',
  action: 's3:DeleteBucket',
  async run({ deps, bucket }) {
    await deps.buckets.remove(bucket)
    return emptyAnswer(204)
  },
}
