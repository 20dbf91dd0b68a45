// An application as it runs in a pod: no key in its code, its settings in the environment.
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

const content = Buffer.alloc(6 * 1024 * 1024, 'six mebibytes ')
const [Bucket, Key] = ['js-bucket', 'folder/käy + more']
try {
  const { Arn } = await new STSClient().send(new GetCallerIdentityCommand())
  const s3 = new S3Client()
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: content }))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  const whole = content.equals(Buffer.from(await Body.transformToByteArray()))

  const parts = { Bucket, Key: 'parts' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...parts, ChecksumAlgorithm: 'CRC32C' }))
  const Parts = []
  for (const PartNumber of [1, 2]) {
    const part = { ...parts, UploadId, PartNumber, Body: content, ChecksumAlgorithm: 'CRC32C' }
    const { ETag, ChecksumCRC32C } = await s3.send(new UploadPartCommand(part))
    Parts.push({ PartNumber, ETag, ChecksumCRC32C })
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...parts, UploadId, MultipartUpload: { Parts } }))
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/parts` }))
  const copied = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }))
  const inParts = Buffer.concat([content, content]).equals(Buffer.from(await copied.Body.transformToByteArray()))
  const { Buckets } = await s3.send(new ListBucketsCommand())
  const Objects = [{ Key }, { Key: 'parts' }, { Key: 'copy' }]
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  await s3.send(new DeleteBucketCommand({ Bucket }))
  console.log(JSON.stringify({ arn: Arn, whole, inParts, buckets: Buckets.map(({ Name }) => Name) }))
} catch (error) {
  console.log(JSON.stringify({ error: error.name }))
}
