import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { readDocument } from '../request-document.ts'
import { MAX_BUCKET_TAGS, parseTagging, repeatsOf, type Tags, tagSet } from '../tags.ts'
import { s3Document } from '../xml.ts'

export const getBucketTaggingOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketTagging',
  async run({ bucket }) {
    if (bucket.tags === undefined) throw new S3Error('NoSuchTagSet', { elements: { BucketName: bucket.name } })
    return xmlAnswer(s3Document('Tagging', tagSet(JSON.parse(bucket.tags) as Tags)))
  },
}

export const putBucketTaggingOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketTagging',
  async run(call) {
    const root = await readDocument(call, 'Tagging')
    if (!root) throw new S3Error('MalformedXML')
    const tags = parseTagging(root, MAX_BUCKET_TAGS, repeatsOf(call.bucket))
    await call.deps.buckets.change(call.bucket, { tags: tags.length > 0 ? JSON.stringify(tags) : undefined })
    return emptyAnswer(followsCeph(call.bucket) ? 200 : 204)
  },
}

export const deleteBucketTaggingOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketTagging',
  async run({ deps, bucket }) {
    await deps.buckets.change(bucket, { tags: undefined })
    return emptyAnswer(204)
  },
}
