import { parseStoredAcl } from '../acl/acl.ts'
import { askedAcl } from '../acl/asked-acl.ts'
import { renderAcl } from '../acl/document.ts'
import { hasAcls, ownerOf } from '../acl/ownership.ts'
import { bucketAcl, findOnce } from '../acl/rights.ts'
import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { canonicalUserId } from '../owner.ts'
import { requireObject, versionHeader } from '../versions.ts'

/** As it stands; where ACLs are off it is told too, though it has no effect: the owner has every right. */
export const getBucketAclOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketAcl',
  run: async ({ bucket }) => {
    const owner = canonicalUserId(bucket.account)
    return xmlAnswer(renderAcl(owner, bucketAcl(bucket)))
  },
}

export const putBucketAclOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketAcl',
  async run(call) {
    const { bucket, deps } = call
    if (!hasAcls(bucket)) throw new S3Error('AccessControlListNotSupported')
    const acl = await askedAcl(call, { bucket, owner: canonicalUserId(bucket.account) })
    await deps.buckets.change(bucket, { acl })
    return emptyAnswer(200)
  },
}

export const getObjectAclOperation: Operation = {
  on: 'object',
  action: 's3:GetObjectAcl',
  versionAction: 's3:GetObjectVersionAcl',
  async run(call) {
    const { bucket } = call
    const object = await requireObject(call, await findOnce(call, bucket, call.key, call.versionId))
    const owner = ownerOf(bucket, object)
    const answer = xmlAnswer(renderAcl(owner, parseStoredAcl(hasAcls(bucket) ? object.acl : undefined, owner)))
    return { ...answer, headers: { ...answer.headers, ...versionHeader(object) } }
  },
}

export const putObjectAclOperation: Operation = {
  on: 'object',
  action: 's3:PutObjectAcl',
  versionAction: 's3:PutObjectVersionAcl',
  async run(call) {
    const { bucket, key, versionId, deps } = call
    if (!hasAcls(bucket)) throw new S3Error('AccessControlListNotSupported')
    const object = await requireObject(call, await findOnce(call, bucket, key, versionId))
    const acl = await askedAcl(call, { bucket, key, owner: ownerOf(bucket, object) })
    await deps.objects.setAcl(bucket, object, acl)
    return emptyAnswer(200, versionHeader(object))
  },
}
