import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { MAX_CORS_BYTES, parseCorsRules, renderCorsRules, storedCorsRules } from '../cors/rules.ts'
import { S3Error } from '../errors.ts'
import { readDocument } from '../request-document.ts'
import { s3Document } from '../xml.ts'

/** Sets which pages of other origins may read answers about the bucket. */
export const putBucketCorsOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketCORS',
  async run(call) {
    const root = await readDocument(call, 'CORSConfiguration', { size: MAX_CORS_BYTES })
    if (root === undefined) throw new S3Error('MalformedXML')
    await call.deps.buckets.change(call.bucket, { cors: JSON.stringify(parseCorsRules(root)) })
    return emptyAnswer(200)
  },
}

export const getBucketCorsOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketCORS',
  async run({ bucket }) {
    if (bucket.cors === undefined) {
      throw new S3Error('NoSuchCORSConfiguration', { elements: { BucketName: bucket.name } })
    }
    return xmlAnswer(s3Document('CORSConfiguration', ...renderCorsRules(storedCorsRules(bucket.cors))))
  },
}

/** Needs the right to set the rules, as in S3. */
export const deleteBucketCorsOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketCORS',
  async run({ bucket, deps }) {
    await deps.buckets.change(bucket, { cors: undefined })
    return emptyAnswer(204)
  },
}
