import { elementsOf, textOf } from '@daypass/core/http/xml-reader.ts'
import { bucketArn, permits } from '../access.ts'
import { emptyAnswer } from '../answers.ts'
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
 * Makes the bucket for the caller's account. Making one's own again answers as if it were new.
 * @throws S3Error InvalidBucketName, BucketAlreadyExists, AccessDenied
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
  await deps.buckets.create({ name: bucketName, account: caller.account, region: region ?? DEFAULT_REGION })
  return emptyAnswer(200, { location: `/${bucketName}` })
}

export const createBucketOperation: Operation = { on: 'new-bucket', run: createBucket }
