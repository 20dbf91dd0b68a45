import type { Operation } from '../call.ts'
import type { S3OperationName } from '../operation.ts'
import { abortMultipartUploadOperation } from './abort-multipart-upload.ts'
import { getBucketAclOperation, getObjectAclOperation, putBucketAclOperation, putObjectAclOperation } from './acl.ts'
import { deleteBucketCorsOperation, getBucketCorsOperation, putBucketCorsOperation } from './bucket-cors.ts'
import {
  deleteBucketPolicyOperation,
  getBucketPolicyOperation,
  getBucketPolicyStatusOperation,
  putBucketPolicyOperation,
} from './bucket-policy.ts'
import { deleteBucketTaggingOperation, getBucketTaggingOperation, putBucketTaggingOperation } from './bucket-tagging.ts'
import { getBucketVersioningOperation, putBucketVersioningOperation } from './bucket-versioning.ts'
import { completeMultipartUploadOperation } from './complete-multipart-upload.ts'
import { copyObjectOperation } from './copy-object.ts'
import { createBucketOperation } from './create-bucket.ts'
import { createMultipartUploadOperation } from './create-multipart-upload.ts'
import { deleteBucketOperation } from './delete-bucket.ts'
import { deleteObjectOperation } from './delete-object.ts'
import { deleteObjectsOperation } from './delete-objects.ts'
import { getBucketLocationOperation } from './get-bucket-location.ts'
import { getObjectOperation, headObjectOperation } from './get-object.ts'
import { getObjectAttributesOperation } from './get-object-attributes.ts'
import { headBucketOperation } from './head-bucket.ts'
import { listBucketsOperation } from './list-buckets.ts'
import { listMultipartUploadsOperation } from './list-multipart-uploads.ts'
import { listObjectVersionsOperation } from './list-object-versions.ts'
import { listObjectsOperation, listObjectsV2Operation } from './list-objects.ts'
import { listPartsOperation } from './list-parts.ts'
import { deleteObjectTaggingOperation, getObjectTaggingOperation, putObjectTaggingOperation } from './object-tagging.ts'
import {
  deleteBucketOwnershipControlsOperation,
  getBucketOwnershipControlsOperation,
  putBucketOwnershipControlsOperation,
} from './ownership-controls.ts'
import {
  deletePublicAccessBlockOperation,
  getPublicAccessBlockOperation,
  putPublicAccessBlockOperation,
} from './public-access-block.ts'
import { putObjectOperation } from './put-object.ts'
import { UNCONFIGURED } from './unconfigured.ts'
import { uploadPartOperation } from './upload-part.ts'
import { uploadPartCopyOperation } from './upload-part-copy.ts'

/** The operations that are built; every other one answers NotImplemented by name. */
export const BUILT: Readonly<Partial<Record<S3OperationName, Operation>>> = {
  AbortMultipartUpload: abortMultipartUploadOperation,
  CompleteMultipartUpload: completeMultipartUploadOperation,
  CopyObject: copyObjectOperation,
  CreateBucket: createBucketOperation,
  CreateMultipartUpload: createMultipartUploadOperation,
  DeleteBucket: deleteBucketOperation,
  DeleteBucketCors: deleteBucketCorsOperation,
  DeleteBucketOwnershipControls: deleteBucketOwnershipControlsOperation,
  DeleteBucketPolicy: deleteBucketPolicyOperation,
  DeleteBucketTagging: deleteBucketTaggingOperation,
  DeleteObject: deleteObjectOperation,
  DeleteObjectTagging: deleteObjectTaggingOperation,
  DeleteObjects: deleteObjectsOperation,
  DeletePublicAccessBlock: deletePublicAccessBlockOperation,
  GetBucketAcl: getBucketAclOperation,
  GetBucketCors: getBucketCorsOperation,
  GetBucketLocation: getBucketLocationOperation,
  GetBucketOwnershipControls: getBucketOwnershipControlsOperation,
  GetBucketPolicy: getBucketPolicyOperation,
  GetBucketPolicyStatus: getBucketPolicyStatusOperation,
  GetBucketTagging: getBucketTaggingOperation,
  GetBucketVersioning: getBucketVersioningOperation,
  GetObject: getObjectOperation,
  GetObjectAcl: getObjectAclOperation,
  GetObjectAttributes: getObjectAttributesOperation,
  GetObjectTagging: getObjectTaggingOperation,
  GetPublicAccessBlock: getPublicAccessBlockOperation,
  HeadBucket: headBucketOperation,
  HeadObject: headObjectOperation,
  ListBuckets: listBucketsOperation,
  ListMultipartUploads: listMultipartUploadsOperation,
  ListObjectVersions: listObjectVersionsOperation,
  ListObjects: listObjectsOperation,
  ListObjectsV2: listObjectsV2Operation,
  ListParts: listPartsOperation,
  PutBucketAcl: putBucketAclOperation,
  PutBucketCors: putBucketCorsOperation,
  PutBucketOwnershipControls: putBucketOwnershipControlsOperation,
  PutBucketPolicy: putBucketPolicyOperation,
  PutBucketTagging: putBucketTaggingOperation,
  PutBucketVersioning: putBucketVersioningOperation,
  PutObject: putObjectOperation,
  PutObjectAcl: putObjectAclOperation,
  PutObjectTagging: putObjectTaggingOperation,
  PutPublicAccessBlock: putPublicAccessBlockOperation,
  UploadPart: uploadPartOperation,
  UploadPartCopy: uploadPartCopyOperation,
  ...UNCONFIGURED,
}
