import { S3Error } from './errors.ts'
import type { Query } from './query.ts'
import type { Target } from './target.ts'

type Level = 'service' | 'bucket' | 'object'
/** Method, what the path names, and the sub-resource of the query that sets the operation apart. */
type Shape = readonly [method: string, level: Level, subresource?: string]

/** Every operation that a path-style request can be, built or not (S3 API reference, "Actions"). */
const SHAPES = {
  ListBuckets: ['GET', 'service'],

  CreateBucket: ['PUT', 'bucket'],
  DeleteBucket: ['DELETE', 'bucket'],
  HeadBucket: ['HEAD', 'bucket'],
  ListObjects: ['GET', 'bucket'],
  PostObject: ['POST', 'bucket'],
  ListObjectsV2: ['GET', 'bucket', 'list-type'],
  GetBucketLocation: ['GET', 'bucket', 'location'],
  DeleteObjects: ['POST', 'bucket', 'delete'],
  ListMultipartUploads: ['GET', 'bucket', 'uploads'],
  ListObjectVersions: ['GET', 'bucket', 'versions'],
  CreateSession: ['GET', 'bucket', 'session'],
  GetBucketAbac: ['GET', 'bucket', 'abac'],
  PutBucketAbac: ['PUT', 'bucket', 'abac'],
  GetBucketAccelerateConfiguration: ['GET', 'bucket', 'accelerate'],
  PutBucketAccelerateConfiguration: ['PUT', 'bucket', 'accelerate'],
  GetBucketAcl: ['GET', 'bucket', 'acl'],
  PutBucketAcl: ['PUT', 'bucket', 'acl'],
  GetBucketAnalyticsConfiguration: ['GET', 'bucket', 'analytics'],
  PutBucketAnalyticsConfiguration: ['PUT', 'bucket', 'analytics'],
  DeleteBucketAnalyticsConfiguration: ['DELETE', 'bucket', 'analytics'],
  GetBucketCors: ['GET', 'bucket', 'cors'],
  PutBucketCors: ['PUT', 'bucket', 'cors'],
  DeleteBucketCors: ['DELETE', 'bucket', 'cors'],
  GetBucketEncryption: ['GET', 'bucket', 'encryption'],
  PutBucketEncryption: ['PUT', 'bucket', 'encryption'],
  DeleteBucketEncryption: ['DELETE', 'bucket', 'encryption'],
  GetBucketIntelligentTieringConfiguration: ['GET', 'bucket', 'intelligent-tiering'],
  PutBucketIntelligentTieringConfiguration: ['PUT', 'bucket', 'intelligent-tiering'],
  DeleteBucketIntelligentTieringConfiguration: ['DELETE', 'bucket', 'intelligent-tiering'],
  GetBucketInventoryConfiguration: ['GET', 'bucket', 'inventory'],
  PutBucketInventoryConfiguration: ['PUT', 'bucket', 'inventory'],
  DeleteBucketInventoryConfiguration: ['DELETE', 'bucket', 'inventory'],
  GetBucketLifecycleConfiguration: ['GET', 'bucket', 'lifecycle'],
  PutBucketLifecycleConfiguration: ['PUT', 'bucket', 'lifecycle'],
  DeleteBucketLifecycle: ['DELETE', 'bucket', 'lifecycle'],
  GetBucketLogging: ['GET', 'bucket', 'logging'],
  PutBucketLogging: ['PUT', 'bucket', 'logging'],
  GetBucketMetadataConfiguration: ['GET', 'bucket', 'metadataConfiguration'],
  CreateBucketMetadataConfiguration: ['POST', 'bucket', 'metadataConfiguration'],
  DeleteBucketMetadataConfiguration: ['DELETE', 'bucket', 'metadataConfiguration'],
  GetBucketMetadataTableConfiguration: ['GET', 'bucket', 'metadataTable'],
  CreateBucketMetadataTableConfiguration: ['POST', 'bucket', 'metadataTable'],
  DeleteBucketMetadataTableConfiguration: ['DELETE', 'bucket', 'metadataTable'],
  GetBucketMetricsConfiguration: ['GET', 'bucket', 'metrics'],
  PutBucketMetricsConfiguration: ['PUT', 'bucket', 'metrics'],
  DeleteBucketMetricsConfiguration: ['DELETE', 'bucket', 'metrics'],
  GetBucketNotificationConfiguration: ['GET', 'bucket', 'notification'],
  PutBucketNotificationConfiguration: ['PUT', 'bucket', 'notification'],
  GetObjectLockConfiguration: ['GET', 'bucket', 'object-lock'],
  PutObjectLockConfiguration: ['PUT', 'bucket', 'object-lock'],
  GetBucketOwnershipControls: ['GET', 'bucket', 'ownershipControls'],
  PutBucketOwnershipControls: ['PUT', 'bucket', 'ownershipControls'],
  DeleteBucketOwnershipControls: ['DELETE', 'bucket', 'ownershipControls'],
  GetBucketPolicy: ['GET', 'bucket', 'policy'],
  PutBucketPolicy: ['PUT', 'bucket', 'policy'],
  DeleteBucketPolicy: ['DELETE', 'bucket', 'policy'],
  GetBucketPolicyStatus: ['GET', 'bucket', 'policyStatus'],
  GetPublicAccessBlock: ['GET', 'bucket', 'publicAccessBlock'],
  PutPublicAccessBlock: ['PUT', 'bucket', 'publicAccessBlock'],
  DeletePublicAccessBlock: ['DELETE', 'bucket', 'publicAccessBlock'],
  GetBucketReplication: ['GET', 'bucket', 'replication'],
  PutBucketReplication: ['PUT', 'bucket', 'replication'],
  DeleteBucketReplication: ['DELETE', 'bucket', 'replication'],
  GetBucketRequestPayment: ['GET', 'bucket', 'requestPayment'],
  PutBucketRequestPayment: ['PUT', 'bucket', 'requestPayment'],
  GetBucketTagging: ['GET', 'bucket', 'tagging'],
  PutBucketTagging: ['PUT', 'bucket', 'tagging'],
  DeleteBucketTagging: ['DELETE', 'bucket', 'tagging'],
  GetBucketVersioning: ['GET', 'bucket', 'versioning'],
  PutBucketVersioning: ['PUT', 'bucket', 'versioning'],
  GetBucketWebsite: ['GET', 'bucket', 'website'],
  PutBucketWebsite: ['PUT', 'bucket', 'website'],
  DeleteBucketWebsite: ['DELETE', 'bucket', 'website'],

  DeleteObject: ['DELETE', 'object'],
  GetObject: ['GET', 'object'],
  HeadObject: ['HEAD', 'object'],
  PutObject: ['PUT', 'object'],
  GetObjectAcl: ['GET', 'object', 'acl'],
  PutObjectAcl: ['PUT', 'object', 'acl'],
  GetObjectAttributes: ['GET', 'object', 'attributes'],
  UpdateObjectEncryption: ['PUT', 'object', 'encryption'],
  GetObjectLegalHold: ['GET', 'object', 'legal-hold'],
  PutObjectLegalHold: ['PUT', 'object', 'legal-hold'],
  RenameObject: ['PUT', 'object', 'renameObject'],
  RestoreObject: ['POST', 'object', 'restore'],
  GetObjectRetention: ['GET', 'object', 'retention'],
  PutObjectRetention: ['PUT', 'object', 'retention'],
  SelectObjectContent: ['POST', 'object', 'select'],
  GetObjectTagging: ['GET', 'object', 'tagging'],
  PutObjectTagging: ['PUT', 'object', 'tagging'],
  DeleteObjectTagging: ['DELETE', 'object', 'tagging'],
  GetObjectTorrent: ['GET', 'object', 'torrent'],
  AbortMultipartUpload: ['DELETE', 'object', 'uploadId'],
  ListParts: ['GET', 'object', 'uploadId'],
  CompleteMultipartUpload: ['POST', 'object', 'uploadId'],
  UploadPart: ['PUT', 'object', 'uploadId'],
  CreateMultipartUpload: ['POST', 'object', 'uploads'],
} as const satisfies Record<string, Shape>

/** These two differ from PutObject and UploadPart by the header `x-amz-copy-source` alone. */
const COPIES = { PutObject: 'CopyObject', UploadPart: 'UploadPartCopy' } as const

export type S3OperationName = keyof typeof SHAPES | (typeof COPIES)[keyof typeof COPIES]

const subresourcesOf = (level: Level) =>
  new Set(
    Object.values(SHAPES).flatMap(([, l, subresource]: Shape) => (l === level && subresource ? [subresource] : [])),
  )

const SUBRESOURCES = {
  service: subresourcesOf('service'),
  bucket: subresourcesOf('bucket'),
  object: subresourcesOf('object'),
} as const

const BY_SHAPE: ReadonlyMap<string, keyof typeof SHAPES> = new Map(
  Object.entries(SHAPES).map(([name, shape]) => [shape.join(' '), name as keyof typeof SHAPES]),
)

/**
 * Which operation a request is, from its method, what its path names, and its query. Query parameters that S3 does not
 * know are ignored, as S3 does; two sub-resources at once are refused, because only one of them could be authorised.
 * @throws S3Error MethodNotAllowed, InvalidRequest
 */
export function findOperation(
  method: string,
  target: Target,
  query: Query,
  headers: Readonly<Record<string, string>>,
): S3OperationName {
  const level: Level = target.bucket === undefined ? 'service' : target.key === undefined ? 'bucket' : 'object'
  const subresources = [...query.keys()].filter((name) => SUBRESOURCES[level].has(name))
  if (subresources.length > 1) {
    throw new S3Error('InvalidRequest', { message: `The sub-resources ${subresources.join(', ')} exclude each other.` })
  }
  const name = BY_SHAPE.get([method, level, ...subresources].join(' '))
  if (name === undefined) {
    throw new S3Error('MethodNotAllowed', { elements: { Method: method, ResourceType: level.toUpperCase() } })
  }
  const copies = headers['x-amz-copy-source'] !== undefined
  return copies && (name === 'PutObject' || name === 'UploadPart') ? COPIES[name] : name
}
