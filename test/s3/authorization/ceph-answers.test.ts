import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome, policy, startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const as = (name: string) => world.client(world.credentials(name))
/** Whose bucket it is: what differs must differ for this reason alone. */
const CEPH = 'cephroot'
const AWS = 'ourroot'
const put = (root: string, Bucket: string, more: object) =>
  as(root).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'other', ...more }))
const ETAG = '"9a0364b9e99bb480dd25e1f0284c8555"' // MD5 of `content`
const exists = (root: string, Bucket: string) => outcome(as(root).send(new HeadObjectCommand({ Bucket, Key: 'k' })))

describe('If-None-Match with an entity tag', () => {
  it('writes over any other object of a Ceph-style account, and not over that one', async () => {
    const bucket = await world.bucket(CEPH)
    expect(await outcome(put(CEPH, bucket, { IfNoneMatch: ETAG }))).toBe('PreconditionFailed')
    expect(await outcome(put(CEPH, bucket, { IfNoneMatch: '*' }))).toBe('PreconditionFailed')
    expect(await outcome(put(CEPH, bucket, { IfNoneMatch: '"other"' }))).toBe('granted')
    expect(await outcome(put(CEPH, bucket, { IfNoneMatch: ETAG }))).toBe('granted')
  })

  it('completes an upload over any other object, and not over that one', async () => {
    const Bucket = await world.bucket(CEPH)
    const s3 = as(CEPH)
    const complete = async (IfNoneMatch: string) => {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }))
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'p' }))
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
      return outcome(
        s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'k', UploadId, IfNoneMatch, MultipartUpload })),
      )
    }
    expect(await complete(ETAG)).toBe('PreconditionFailed')
    expect(await complete('"other"')).toBe('granted')
  })

  it('is not implemented in an account of AWS’s kind', async () => {
    const bucket = await world.bucket(AWS)
    expect(await outcome(put(AWS, bucket, { IfNoneMatch: '"other"' }))).toBe('NotImplemented')
  })
})

describe('checksums', () => {
  const bad = { ChecksumSHA256: 'bad' }
  /** Completes an upload of one part that was promised a checksum. */
  const complete = async (root: string, more: object) => {
    const s3 = as(root)
    const object = { Bucket: await world.bucket(root), Key: 'k' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm: 'SHA256' }))
    const part = { ...object, UploadId, PartNumber: 1, Body: 'content', ChecksumAlgorithm: 'SHA256' } as const
    const { ETag } = await s3.send(new UploadPartCommand(part))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    return outcome(s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload, ...more })))
  }

  it('of parts need not be stated twice in a Ceph-style account, but what is stated of the whole must be right', async () => {
    expect([await complete(CEPH, {}), await complete(AWS, {})]).toEqual(['granted', 'InvalidRequest'])
    expect(await complete(CEPH, bad)).toBe('BadDigest')
  })

  it('that are none are refused by other codes', async () => {
    const one = async (root: string) => outcome(put(root, await world.bucket(root), bad))
    expect([await one(CEPH), await one(AWS)]).toEqual(['BadDigest', 'InvalidRequest'])
  })
})

describe('a removal that asks something of the object', () => {
  const WRONG = [
    ['tag', { IfMatch: '"other"' }, { ETag: '"other"' }],
    ['size', { IfMatchSize: 8 }, { Size: 8 }],
    ['time', { IfMatchLastModifiedTime: new Date(0) }, { LastModifiedTime: new Date(0) }],
  ] as const
  const one = (root: string, Bucket: string, more: object) =>
    outcome(as(root).send(new DeleteObjectCommand({ Bucket, Key: 'k', ...more })))
  const many = async (root: string, Bucket: string, more: object) => {
    const Delete = { Objects: [{ Key: 'k', ...more }] }
    const { Errors = [] } = await as(root).send(new DeleteObjectsCommand({ Bucket, Delete }))
    return Errors[0]?.Code ?? 'granted'
  }

  it.each(WRONG)('leaves one with another %s in a Ceph-style account', async (_what, inHeaders, inDocument) => {
    const bucket = await world.bucket(CEPH)
    expect(await one(CEPH, bucket, inHeaders)).toBe('PreconditionFailed')
    expect(await many(CEPH, bucket, inDocument)).toBe('PreconditionFailed')
    expect(await exists(CEPH, bucket)).toBe('granted')
  })

  it('removes what is as it asks, and what is not there', async () => {
    const bucket = await world.bucket(CEPH)
    const { LastModified } = await as(CEPH).send(new HeadObjectCommand({ Bucket: bucket, Key: 'k' }))
    const right = { IfMatch: ETAG, IfMatchSize: 7, IfMatchLastModifiedTime: LastModified }
    expect(await one(CEPH, bucket, right)).toBe('granted')
    expect(await exists(CEPH, bucket)).toBe('NotFound')
    for (const [, inHeaders, inDocument] of WRONG) {
      expect(await one(CEPH, bucket, inHeaders)).toBe('granted')
      expect(await many(CEPH, bucket, inDocument)).toBe('granted')
    }
  })

  it('leaves alone what a delete marker hides', async () => {
    const Bucket = await world.bucket(CEPH)
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await as(CEPH).send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    expect(await one(CEPH, Bucket, { IfMatch: ETAG })).toBe('granted')
    for (const [, inHeaders, inDocument] of WRONG) {
      expect(await one(CEPH, Bucket, inHeaders)).toBe('PreconditionFailed')
      expect(await many(CEPH, Bucket, inDocument)).toBe('PreconditionFailed')
    }
    expect(await one(CEPH, Bucket, { IfMatch: '*' })).toBe('granted')
    expect(await one(CEPH, Bucket, {})).toBe('granted')
  })

  it('removes by a document what is as it asks', async () => {
    const bucket = await world.bucket(CEPH)
    const { LastModified } = await as(CEPH).send(new HeadObjectCommand({ Bucket: bucket, Key: 'k' }))
    expect(await many(CEPH, bucket, { ETag: ETAG, Size: 7, LastModifiedTime: LastModified })).toBe('granted')
    expect(await exists(CEPH, bucket)).toBe('NotFound')
  })

  it('is by its entity tag alone in an account of AWS’s kind', async () => {
    const bucket = await world.bucket(AWS)
    for (const [what, inHeaders, inDocument] of WRONG) {
      const refusal = what === 'tag' ? 'PreconditionFailed' : 'NotImplemented'
      expect(await one(AWS, bucket, inHeaders)).toBe(refusal)
      expect(await outcome(many(AWS, bucket, inDocument))).toBe(what === 'tag' ? 'granted' : refusal)
    }
    expect(await exists(AWS, bucket)).toBe('granted')
    expect(await one(AWS, bucket, { IfMatch: ETAG })).toBe('granted')
    expect(await one(AWS, bucket, { IfMatch: ETAG })).toBe('NoSuchKey')
  })
})

describe('answers of Ceph’s, in its style of account alone', () => {
  it.each([
    [CEPH, '%20', 200, 'granted', 'InvalidPart', ['bar', 'foo']],
    [AWS, '+', 204, 'NoSuchBucketPolicy', 'InvalidPartNumber', ['foo', 'bar']],
  ])('%s’s', async (root, space, tagged, status, part, order) => {
    const Bucket = await world.bucket(root)
    const s3 = as(root)
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a b', Body: 'x', Tagging: 'foo=1&bar=2' }))
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url', Prefix: 'a' }))
    expect(Contents?.[0]?.Key).toBe(`a${space}b`)
    const Tagging = { TagSet: [{ Key: 'k', Value: 'v' }] }
    const { $metadata } = await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }))
    expect($metadata.httpStatusCode).toBe(tagged)
    expect(await outcome(s3.send(new GetBucketPolicyStatusCommand({ Bucket })))).toBe(status)
    expect(await outcome(s3.send(new GetObjectCommand({ Bucket, Key: 'k', PartNumber: 2 })))).toBe(part)
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a b' }))
    expect(TagSet?.map(({ Key }) => Key)).toEqual(order)
  })

  it.each([
    [CEPH, 'InvalidRange'],
    [AWS, 'InvalidArgument'],
  ])('say of a copy of more than there is in a bucket of %s’s: %s', async (root, code) => {
    const Bucket = await world.bucket(root)
    const s3 = as(root)
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'new' }))
    const copy = (CopySourceRange: string) =>
      outcome(
        s3.send(
          new UploadPartCopyCommand({
            Bucket,
            Key: 'new',
            UploadId,
            PartNumber: 1,
            CopySource: `${Bucket}/k`,
            CopySourceRange,
          }),
        ),
      )
    expect([await copy('bytes=0-6'), await copy('bytes=0-7')]).toEqual(['granted', code])
  })

  it('take an empty continuation token for none', async () => {
    const list = async (root: string) => {
      const Bucket = await world.bucket(root)
      return outcome(as(root).send(new ListObjectsV2Command({ Bucket, ContinuationToken: '' })))
    }
    expect([await list(CEPH), await list(AWS)]).toEqual(['granted', 'InvalidArgument'])
  })

  it('know no name whose parts are no host’s', async () => {
    const make = (root: string, Bucket: string) => outcome(as(root).send(new CreateBucketCommand({ Bucket })))
    expect(await Promise.all(['one.-a', 'one-.a'].map((name) => make(CEPH, name)))).toEqual([
      'InvalidBucketName',
      'InvalidBucketName',
    ])
    expect(await make(AWS, 'one.-a')).toBe('granted')
    expect(await make(CEPH, 'one.a-b')).toBe('granted')
  })

  it('tell of missing objects to who may list what begins so', async () => {
    const grant = (bucket: string) =>
      policy({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:ListBucket',
        Resource: `arn:aws:s3:::${bucket}`,
        Condition: { StringLike: { 's3:prefix': 'public/*' } },
      })
    const look = async (root: string, reader: string) => {
      const Bucket = await world.bucket(root, (name) =>
        policy(...grant(name).Statement, {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${name}/*`,
        }),
      )
      const get = (Key: string) => outcome(as(reader).send(new GetObjectCommand({ Bucket, Key })))
      return [await get('public/x'), await get('private/x')]
    }
    expect(await look(CEPH, 'cephplain')).toEqual(['NoSuchKey', 'AccessDenied'])
    expect(await look(AWS, 'plain')).toEqual(['AccessDenied', 'AccessDenied'])
  })
})

describe('Allow with NotPrincipal', () => {
  it.each([CEPH, AWS])('is no policy for a bucket of %s’s', async (root) => {
    const Bucket = await world.bucket(root)
    const set = (Effect: string) =>
      outcome(
        as(root).send(
          new PutBucketPolicyCommand({
            Bucket,
            Policy: JSON.stringify(
              policy({
                Effect,
                NotPrincipal: { AWS: 'arn:aws:iam::111122223333:user/plain' },
                Action: 's3:GetObject',
                Resource: `arn:aws:s3:::${Bucket}/*`,
              }),
            ),
          }),
        ),
      )
    expect([await set('Allow'), await set('Deny')]).toEqual(['MalformedPolicy', 'granted'])
  })
})
