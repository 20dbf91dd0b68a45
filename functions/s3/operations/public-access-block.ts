import { emptyAnswer, xmlAnswer } from '../answers.ts'
import { parsePublicAccessBlock, renderPublicAccessBlock } from '../bucket-policy/public-access-block.ts'
import type { Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { readDocument } from '../request-document.ts'
import { s3Document } from '../xml.ts'

const CONFIGURATION = 'PublicAccessBlockConfiguration'

/** Sets what public access the bucket refuses whatever its policy says. */
export const putPublicAccessBlockOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketPublicAccessBlock',
  async run(call) {
    const root = await readDocument(call, CONFIGURATION)
    if (root === undefined) throw new S3Error('MalformedXML')
    await call.deps.buckets.change(call.bucket, { publicAccessBlock: JSON.stringify(parsePublicAccessBlock(root)) })
    return emptyAnswer(200)
  },
}

export const getPublicAccessBlockOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketPublicAccessBlock',
  async run({ bucket: { publicAccessBlock, name } }) {
    if (publicAccessBlock === undefined) {
      throw new S3Error('NoSuchPublicAccessBlockConfiguration', { elements: { BucketName: name } })
    }
    return xmlAnswer(s3Document(CONFIGURATION, ...renderPublicAccessBlock(publicAccessBlock)))
  },
}

/** Needs the right to set it, as in S3. */
export const deletePublicAccessBlockOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketPublicAccessBlock',
  async run({ bucket, deps }) {
    await deps.buckets.change(bucket, { publicAccessBlock: undefined })
    return emptyAnswer(204)
  },
}
