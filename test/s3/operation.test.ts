import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findOperation } from '../../functions/s3/operation.ts'
import { BUILT } from '../../functions/s3/operations/built.ts'
import { parseQuery } from '../../functions/s3/query.ts'
import { parseTarget } from '../../functions/s3/target.ts'

const operationOf = (request: string, headers = {}) => {
  const [method = '', url = ''] = request.split(' ')
  const [path = '', query = ''] = url.split('?')
  return findOperation(method, parseTarget(path), parseQuery(query), headers)
}

describe('a request', () => {
  it.each([
    ['GET /', 'ListBuckets'],
    ['GET /?x-id=ListBuckets', 'ListBuckets'],
    ['PUT /bkt', 'CreateBucket'],
    ['PUT /bkt/', 'CreateBucket'],
    ['HEAD /bkt', 'HeadBucket'],
    ['DELETE /bkt', 'DeleteBucket'],
    ['GET /bkt', 'ListObjects'],
    ['GET /bkt/?delimiter=%2F', 'ListObjects'],
    ['GET /bkt?list-type=2', 'ListObjectsV2'],
    ['GET /bkt?location', 'GetBucketLocation'],
    ['GET /bkt?location=', 'GetBucketLocation'],
    ['POST /bkt?delete', 'DeleteObjects'],
    ['POST /bkt', 'PostObject'],
    ['GET /bkt?policy', 'GetBucketPolicy'],
    ['PUT /bkt?policy', 'PutBucketPolicy'],
    ['DELETE /bkt?policy', 'DeleteBucketPolicy'],
    ['GET /bkt?acl', 'GetBucketAcl'],
    ['GET /bkt?uploads', 'ListMultipartUploads'],
    ['GET /bkt/key', 'GetObject'],
    ['GET /bkt/key?versionId=1', 'GetObject'],
    ['GET /bkt/key?policy', 'GetObject'],
    ['HEAD /bkt/key', 'HeadObject'],
    ['PUT /bkt/key', 'PutObject'],
    ['DELETE /bkt/key', 'DeleteObject'],
    ['GET /bkt/key?tagging', 'GetObjectTagging'],
    ['PUT /bkt/key?acl', 'PutObjectAcl'],
    ['POST /bkt/key?uploads', 'CreateMultipartUpload'],
    ['PUT /bkt/key?partNumber=1&uploadId=u', 'UploadPart'],
    ['POST /bkt/key?uploadId=u', 'CompleteMultipartUpload'],
    ['DELETE /bkt/key?uploadId=u', 'AbortMultipartUpload'],
  ])('%s is %s', (request, name) => expect(operationOf(request)).toBe(name))

  it.each([
    ['PUT /bkt/key', 'CopyObject'],
    ['PUT /bkt/key?partNumber=1&uploadId=u', 'UploadPartCopy'],
    ['GET /bkt/key', 'GetObject'],
  ])('%s with a copy source is %s', (request, name) =>
    expect(operationOf(request, { 'x-amz-copy-source': '/a/b' })).toBe(name),
  )

  it.each([
    ['POST /', 'MethodNotAllowed'],
    ['PATCH /bkt/key', 'MethodNotAllowed'],
    ['POST /bkt/key', 'MethodNotAllowed'],
    ['HEAD /bkt/key?tagging', 'MethodNotAllowed'],
    ['DELETE /bkt?location', 'MethodNotAllowed'],
    ['PUT /bkt?acl&policy', 'InvalidRequest'],
    ['GET /bkt?list-type=2&policy', 'InvalidRequest'],
    ['GET /bkt?policy&policy=1', 'InvalidArgument'],
    ['OPTIONS /bkt/key', 'MethodNotAllowed'],
  ])('%s is refused with %s', (request, code) =>
    expect(() => operationOf(request)).toThrow(expect.objectContaining({ code })),
  )
})

describe('what is built', () => {
  it('is what docs/s3.md tells of, and nothing else', () => {
    const rows = readFileSync('docs/s3.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| `[A-Z]/.test(line))
    const told = rows.flatMap((row) => (row.split('|')[1] ?? '').match(/[A-Z]\w+/g) ?? [])
    expect(told.sort()).toEqual(Object.keys(BUILT).sort())
  })

  it('is exactly this list, which only grows', () => {
    expect(Object.keys(BUILT)).toEqual([
      'AbortMultipartUpload',
      'CompleteMultipartUpload',
      'CopyObject',
      'CreateBucket',
      'CreateMultipartUpload',
      'DeleteBucket',
      'DeleteBucketCors',
      'DeleteBucketOwnershipControls',
      'DeleteBucketPolicy',
      'DeleteBucketTagging',
      'DeleteObject',
      'DeleteObjectTagging',
      'DeleteObjects',
      'DeletePublicAccessBlock',
      'GetBucketAcl',
      'GetBucketCors',
      'GetBucketLocation',
      'GetBucketOwnershipControls',
      'GetBucketPolicy',
      'GetBucketPolicyStatus',
      'GetBucketTagging',
      'GetBucketVersioning',
      'GetObject',
      'GetObjectAcl',
      'GetObjectAttributes',
      'GetObjectTagging',
      'GetPublicAccessBlock',
      'HeadBucket',
      'HeadObject',
      'ListBuckets',
      'ListMultipartUploads',
      'ListObjectVersions',
      'ListObjects',
      'ListObjectsV2',
      'ListParts',
      'PutBucketAcl',
      'PutBucketCors',
      'PutBucketOwnershipControls',
      'PutBucketPolicy',
      'PutBucketTagging',
      'PutBucketVersioning',
      'PutObject',
      'PutObjectAcl',
      'PutObjectTagging',
      'PutPublicAccessBlock',
      'UploadPart',
      'UploadPartCopy',
      'GetBucketAccelerateConfiguration',
      'GetBucketAnalyticsConfiguration',
      'GetBucketEncryption',
      'GetBucketIntelligentTieringConfiguration',
      'GetBucketInventoryConfiguration',
      'GetBucketLifecycleConfiguration',
      'GetBucketLogging',
      'GetBucketMetricsConfiguration',
      'GetBucketNotificationConfiguration',
      'GetBucketReplication',
      'GetBucketRequestPayment',
      'GetBucketWebsite',
    ])
  })
})
