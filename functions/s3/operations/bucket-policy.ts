import { emptyAnswer, xmlAnswer } from '../answers.ts'
import { isPublicPolicy } from '../bucket-policy/public.ts'
import { hasPublicAcl, requireMayBePublic } from '../bucket-policy/public-access-block.ts'
import { MAX_POLICY_BYTES, parseBucketPolicy } from '../bucket-policy/validate.ts'
import type { BucketCall, Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { readSmallBody } from '../request-document.ts'
import { s3Document, text } from '../xml.ts'

/**
 * Sets the bucket's policy, tied to the users and roles that it names: a namesake made later inherits nothing. In an account
 * of AWS's kind everyone that it names must exist.
 * @throws S3Error MalformedPolicy, AccessDenied where the bucket refuses public policies
 */
async function putBucketPolicy(call: BucketCall) {
  const { bucket, deps } = call
  // Enough to tell a policy that is too large from a body that nobody would send as one.
  const document = decoded(await readSmallBody(call, 4 * MAX_POLICY_BYTES))
  const { strict } = parseBucketPolicy(document, bucket)
  requireMayBePublic(bucket, document)
  const { bound, unknown } = await deps.bindPolicy(document)
  if (strict && unknown[0] !== undefined) {
    throw new S3Error('MalformedPolicy', {
      message: 'Invalid principal in policy',
      elements: { Detail: JSON.stringify({ AWS: unknown[0] }) },
    })
  }
  await deps.buckets.change(bucket, { policy: document, boundPolicy: bound })
  return emptyAnswer(204)
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new S3Error('MalformedPolicy', { cause })
  }
}

const noPolicy = (name: string) => new S3Error('NoSuchBucketPolicy', { elements: { BucketName: name } })

export const putBucketPolicyOperation: Operation = {
  on: 'bucket',
  action: 's3:PutBucketPolicy',
  guardsPolicy: true,
  run: putBucketPolicy,
}

/** Answers the policy as its author wrote it. */
export const getBucketPolicyOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketPolicy',
  guardsPolicy: true,
  async run({ bucket: { policy, name } }) {
    if (policy === undefined) throw noPolicy(name)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: policy }
  },
}

export const deleteBucketPolicyOperation: Operation = {
  on: 'bucket',
  action: 's3:DeleteBucketPolicy',
  guardsPolicy: true,
  async run({ bucket, deps }) {
    await deps.buckets.change(bucket, { policy: undefined, boundPolicy: undefined })
    return emptyAnswer(204)
  },
}

/**
 * Tells whether the policy opens the bucket to everyone. In a Ceph-style account its ACL counts too, and a bucket without a
 * policy has a status, as Ceph has it.
 */
export const getBucketPolicyStatusOperation: Operation = {
  on: 'bucket',
  action: 's3:GetBucketPolicyStatus',
  async run({ bucket }) {
    const ofCeph = followsCeph(bucket)
    if (bucket.policy === undefined && !ofCeph) throw noPolicy(bucket.name)
    const open = isPublicPolicy(bucket) || (ofCeph && hasPublicAcl(bucket))
    return xmlAnswer(s3Document('PolicyStatus', text('IsPublic', open)))
  },
}
