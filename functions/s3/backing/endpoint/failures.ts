import { S3ServiceException } from '@aws-sdk/client-s3'
import { isS3ErrorCode, S3Error, type S3ErrorCode } from '../../errors.ts'

/** What the store may tell our callers in its own words. Its refusals of *our* credentials are not for them. */
const PASSED_ON: ReadonlySet<S3ErrorCode> = new Set([
  'BucketAlreadyExists',
  'BucketNotEmpty',
  'BadDigest',
  'EntityTooLarge',
  'EntityTooSmall',
  'InvalidBucketName',
  'InvalidPart',
  'InvalidPartOrder',
  'InvalidRange',
  'KeyTooLongError',
  'MetadataTooLarge',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchUpload',
  'NotImplemented',
  'OperationAborted',
  'PreconditionFailed',
  'ServiceUnavailable',
  'SlowDown',
])

/** The status with which the store refused; `undefined` when it did not answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined

/** The store's failure as ours; what only the operator can mend stays in the log. */
export function endpointFailure(cause: unknown): unknown {
  if (cause instanceof S3Error) return cause
  if (!(cause instanceof S3ServiceException)) return new S3Error('ServiceUnavailable', { cause })
  if (isS3ErrorCode(cause.name) && PASSED_ON.has(cause.name)) return new S3Error(cause.name, { cause })
  if (cause.name === 'XAmzContentChecksumMismatch') return new S3Error('BadDigest', { cause })
  const status = statusOf(cause) ?? 500
  if (status === 404) return new S3Error('NoSuchBucket', { cause })
  if (status === 412) return new S3Error('PreconditionFailed', { cause })
  if (status >= 500 || status === 429) return new S3Error('ServiceUnavailable', { cause })
  if (status === 400) {
    return new S3Error('InvalidRequest', { message: 'The store behind this endpoint refused the request.', cause })
  }
  return new S3Error('InternalError', { cause })
}

/** Does `call` and says its failures in our words. */
export async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw endpointFailure(error)
  }
}
