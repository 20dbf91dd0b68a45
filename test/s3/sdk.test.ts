import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from './support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

describe('the AWS SDK', () => {
  it('makes a bucket, finds it, and removes it again', async () => {
    const s3 = gateway.client()
    const made = await s3.send(new CreateBucketCommand({ Bucket: 'first-bucket' }))
    expect(made.Location).toBe('/first-bucket')
    await s3.send(new CreateBucketCommand({ Bucket: 'first-bucket' }))
    expect((await s3.send(new HeadBucketCommand({ Bucket: 'first-bucket' }))).BucketRegion).toBe('us-east-1')
    const { Buckets, Owner } = await s3.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['first-bucket'])
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/)
    await s3.send(new DeleteBucketCommand({ Bucket: 'first-bucket' }))
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'first-bucket' }))).rejects.toMatchObject({ name: 'NotFound' })
  })

  it('keeps a region and tells it', async () => {
    const s3 = gateway.client()
    await s3.send(
      new CreateBucketCommand({
        Bucket: 'in-dublin',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    )
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: 'in-dublin' }))
    expect(LocationConstraint).toBe('eu-west-1')
  })

  it.each([
    { name: 'no checksum', config: { requestChecksumCalculation: 'WHEN_REQUIRED' }, upload: {} },
    { name: 'its default checksum', config: {}, upload: {} },
    { name: 'CRC32C', config: {}, upload: { ChecksumAlgorithm: 'CRC32C' } },
    { name: 'CRC64NVME', config: {}, upload: { ChecksumAlgorithm: 'CRC64NVME' } },
    { name: 'SHA1', config: {}, upload: { ChecksumAlgorithm: 'SHA1' } },
    { name: 'SHA256', config: {}, upload: { ChecksumAlgorithm: 'SHA256' } },
  ] as const)('stores an object with $name and reads it back', async ({ config, upload }) => {
    const s3 = gateway.client('AKIDALICE', config)
    await s3.send(new CreateBucketCommand({ Bucket: 'objects' }))
    const put = await s3.send(
      new PutObjectCommand({
        Bucket: 'objects',
        Key: 'a/b c.txt',
        Body: 'hello world',
        ContentType: 'text/plain',
        CacheControl: 'no-cache',
        Metadata: { colour: 'blue' },
        ...upload,
      }),
    )
    expect(put.ETag).toBe('"5eb63bbbe01eeed093cb22bb8f5acdc3"')
    const got = await s3.send(new GetObjectCommand({ Bucket: 'objects', Key: 'a/b c.txt', ChecksumMode: 'ENABLED' }))
    expect(await got.Body?.transformToString()).toBe('hello world')
    expect(got).toMatchObject({
      ContentLength: 11,
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      Metadata: { colour: 'blue' },
    })
    expect(got.ContentEncoding).toBeUndefined()
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'objects', Key: 'a/b c.txt' }))
    expect(head).toMatchObject({ ContentLength: 11, ETag: put.ETag, Metadata: { colour: 'blue' } })
    await s3.send(new DeleteObjectCommand({ Bucket: 'objects', Key: 'a/b c.txt' }))
    await expect(s3.send(new GetObjectCommand({ Bucket: 'objects', Key: 'a/b c.txt' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    })
  })

  it('lists objects in pages, with folders', async () => {
    const s3 = gateway.client()
    await s3.send(new CreateBucketCommand({ Bucket: 'listing' }))
    for (const Key of ['a.txt', 'dir/1', 'dir/2', 'z']) {
      await s3.send(new PutObjectCommand({ Bucket: 'listing', Key, Body: Key }))
    }
    const page = await s3.send(new ListObjectsV2Command({ Bucket: 'listing', Delimiter: '/', MaxKeys: 2 }))
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(['a.txt'])
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'dir/' }])
    expect(page).toMatchObject({ IsTruncated: true, KeyCount: 2 })
    const rest = await s3.send(
      new ListObjectsV2Command({
        Bucket: 'listing',
        Delimiter: '/',
        ContinuationToken: page.NextContinuationToken,
      }),
    )
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['z'])
    expect(rest).toMatchObject({ IsTruncated: false, KeyCount: 1 })
    const old = await s3.send(new ListObjectsCommand({ Bucket: 'listing', Delimiter: '/', MaxKeys: 2 }))
    expect(old).toMatchObject({ IsTruncated: true, NextMarker: 'dir/' })
    const next = await s3.send(new ListObjectsCommand({ Bucket: 'listing', Delimiter: '/', Marker: old.NextMarker }))
    expect(next.Contents?.map(({ Key }) => Key)).toEqual(['z'])
  })

  it('is told by name what is not built', async () => {
    const s3 = gateway.client()
    await s3.send(new CreateBucketCommand({ Bucket: 'versioned' }))
    const VersioningConfiguration = { Status: 'Enabled', MFADelete: 'Enabled' } as const
    await expect(
      s3.send(new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration })),
    ).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'MFA delete is not implemented.',
      $metadata: { httpStatusCode: 501 },
    })
  })
})
