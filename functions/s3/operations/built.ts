import type { Operation } from '../call.ts'
import type { S3OperationName } from '../operation.ts'
import {
  deleteBucketPolicyOperation,
  getBucketPolicyOperation,
  getBucketPolicyStatusOperation,
  putBucketPolicyOperation,
} from './bucket-policy.ts'
import { createBucketOperation } from './create-bucket.ts'
import { deleteBucketOperation } from './delete-bucket.ts'
import { deleteObjectOperation } from './delete-object.ts'
import { getBucketLocationOperation } from './get-bucket-location.ts'
import { getObjectOperation, headObjectOperation } from './get-object.ts'
import { headBucketOperation } from './head-bucket.ts'
import { listBucketsOperation } from './list-buckets.ts'
import { listObjectVersionsOperation } from './list-object-versions.ts'
import { listObjectsOperation, listObjectsV2Operation } from './list-objects.ts'
import { putObjectOperation } from './put-object.ts'

/** The operations that are built; every other one answers NotImplemented by name. */
export const BUILT: Readonly<Partial<Record<S3OperationName, Operation>>> = {
  CreateBucket: createBucketOperation,
  DeleteBucket: deleteBucketOperation,
  DeleteBucketPolicy: deleteBucketPolicyOperation,
  DeleteObject: deleteObjectOperation,
  GetBucketLocation: getBucketLocationOperation,
  GetBucketPolicy: getBucketPolicyOperation,
  GetBucketPolicyStatus: getBucketPolicyStatusOperation,
  GetObject: getObjectOperation,
  HeadBucket: headBucketOperation,
  HeadObject: headObjectOperation,
  ListBuckets: listBucketsOperation,
  ListObjectVersions: listObjectVersionsOperation,
  ListObjects: listObjectsOperation,
  ListObjectsV2: listObjectsV2Operation,
  PutBucketPolicy: putBucketPolicyOperation,
  PutObject: putObjectOperation,
}
