// An application as it runs in a pod: no key in its code, its settings in the environment.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
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
  const { Buckets } = await s3.send(new ListBucketsCommand())
  await s3.send(new DeleteObjectCommand({ Bucket, Key }))
  await s3.send(new DeleteBucketCommand({ Bucket }))
  console.log(JSON.stringify({ arn: Arn, whole, buckets: Buckets.map(({ Name }) => Name) }))
} catch (error) {
  console.log(JSON.stringify({ error: error.name }))
}
