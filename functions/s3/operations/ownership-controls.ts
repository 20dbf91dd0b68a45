import { grantsToOthers } from '../acl/acl.ts'
import { ownershipControls, parseOwnershipControls } from '../acl/ownership.ts'
import { bucketAcl } from '../acl/rights.ts'
import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { readDocument } from '../request-document.ts'
import { group, s3Document, text } from '../xml.ts'

const CONTROLS = 'OwnershipControls'

/** Sets who owns what others write, and with that whether ACLs have a say. */
export const putBucketOwnershipControlsOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketOwnershipControls',
  async run(call) {
    const { bucket, deps } = call
    const root = await readDocument(call, CONTROLS)
    if (!root) throw new S3Error('MalformedXML')
    const ownership = parseOwnershipControls(root)
    if (ownership === 'BucketOwnerEnforced' && grantsToOthers(bucketAcl(bucket), bucket.account)) {
      throw new S3Error('InvalidBucketAclWithObjectOwnership')
    }
    await deps.buckets.change(bucket, { ownership })
    return emptyAnswer(200)
  },
}

export const getBucketOwnershipControlsOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketOwnershipControls',
  async run({ bucket }) {
    const ownership = ownershipControls(bucket)
    if (!ownership) throw new S3Error('OwnershipControlsNotFoundError', { elements: { BucketName: bucket.name } })
    return xmlAnswer(s3Document(CONTROLS, group('Rule', text('ObjectOwnership', ownership))))
  },
}

/** Needs the right to set them, as in S3; a bucket without any lets writers own what they write. */
export const deleteBucketOwnershipControlsOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketOwnershipControls',
  async run({ bucket, deps }) {
    await deps.buckets.change(bucket, { ownership: 'none' })
    return emptyAnswer(204)
  },
}
