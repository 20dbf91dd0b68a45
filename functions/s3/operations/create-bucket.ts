import { elementsOf, textOf } from '@daypass/core/http/xml-reader.ts'
import { bucketArn, permits } from '../access.ts'
import { aclOfNewBucket } from '../acl/asked-acl.ts'
import { hasAcls, parseOwnership } from '../acl/ownership.ts'
import { asksForAcl } from '../acl/parse-headers.ts'
import { emptyAnswer } from '../answers.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import type { NewBucketCall, Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { readDocument } from '../request-document.ts'
import { verifyNewBucketName } from '../target.ts'
import { refuseUnbuiltHeaders } from '../unbuilt-headers.ts'

/** What a bucket's region is called when its maker says nothing. */
const DEFAULT_REGION = 'us-east-1'

/**
 * The region that a CreateBucketConfiguration asks for. Any name will do, for there is one place only.
 * @throws S3Error MalformedXML
 */
async function parseRegion(call: NewBucketCall): Promise<string | undefined> {
  const root = await readDocument(call, 'CreateBucketConfiguration')
  if (root === undefined) return undefined
  if (elementsOf(root).some(({ name }) => name !== 'LocationConstraint')) throw new S3Error('NotImplemented')
  const [constraint] = elementsOf(root)
  const region = constraint && textOf(constraint).trim()
  if (region === undefined || region === '') return undefined
  if (!/^[A-Za-z0-9-]{1,64}$/.test(region)) throw new S3Error('MalformedXML')
  return region
}

/**
 * Ownership and ACL of a new bucket. Each needs the right to set it (S3 API reference, CreateBucket).
 * @throws S3Error AccessDenied, InvalidBucketAclWithObjectOwnership, and what an ACL is refused for
 */
async function parseSettings(call: NewBucketCall, account: string): Promise<Pick<Bucket, 'ownership' | 'acl'>> {
  const { request, bucketName } = call
  const stated = request.headers['x-amz-object-ownership']
  const ownership = stated === undefined ? undefined : parseOwnership(stated)
  const needed = [
    ...(ownership ? ['s3:PutBucketOwnershipControls'] : []),
    ...(asksForAcl(request.headers) ? ['s3:PutBucketAcl'] : []),
  ]
  for (const action of needed) {
    if (!(await permits(call, action, { arn: bucketArn(bucketName), account }))) throw new S3Error('AccessDenied')
  }
  const acl = await aclOfNewBucket(call, bucketName, account)
  if (acl !== undefined && !hasAcls({ account, ...(ownership && { ownership }) })) {
    throw new S3Error('InvalidBucketAclWithObjectOwnership')
  }
  return { ...(ownership && { ownership }), ...(acl !== undefined && { acl }) }
}

/**
 * Makes the bucket for the caller's account. Making one's own again answers as if it were new.
 * @throws S3Error InvalidBucketName, BucketAlreadyExists, BucketAlreadyOwnedByYou, AccessDenied
 */
async function createBucket(call: NewBucketCall) {
  const { caller, bucketName, deps, request } = call
  if (!caller) throw new S3Error('AccessDenied')
  verifyNewBucketName(bucketName, { asHost: followsCeph(caller) })
  refuseUnbuiltHeaders(request.headers)
  const region = await parseRegion(call)
  const keys = new Map(region === undefined ? [] : [['s3:LocationConstraint', [region]] as const])
  const allowed = await permits(call, 's3:CreateBucket', { arn: bucketArn(bucketName), account: caller.account }, keys)
  if (!allowed) throw new S3Error('AccessDenied')
  const settings = await parseSettings(call, caller.account)
  const wanted = { name: bucketName, account: caller.account, region: region ?? DEFAULT_REGION, ...settings }
  const bucket = await deps.buckets.create(wanted)
  // One that was there already keeps what it has: what asks for more must not be told that it got it.
  const ceph = followsCeph(caller)
  const kept = bucket.acl === settings.acl || !(ceph || asksForAcl(request.headers))
  if (!kept || (settings.ownership && bucket.ownership !== settings.ownership)) {
    throw new S3Error(ceph ? 'BucketAlreadyExists' : 'BucketAlreadyOwnedByYou', {
      elements: { BucketName: bucketName },
    })
  }
  return emptyAnswer(200, { location: `/${bucketName}` })
}

export const createBucketOperation: Operation = { on: 'new-bucket', run: createBucket }
