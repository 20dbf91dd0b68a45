import { isS3ErrorCode, S3Error, type S3ErrorCode } from '../../errors.ts'

/** The store's refusal in its own words, which are for the operator's log. */
export class StoreFailure extends Error {
  /** S3's code, as the store says it; empty where it says none. */
  readonly code: string
  readonly status: number
  /** Of the answer; names in lower case. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(`the store answered ${status} ${code} ${message}`)
    this.name = 'StoreFailure'
    this.code = code
    this.status = status
    this.headers = headers
  }
}

/** The content that was to be sent failed, not the store: its failure is the cause. */
export class ContentFailure extends Error {
  constructor(cause: unknown) {
    super('the content that was to be sent failed', { cause })
    this.name = 'ContentFailure'
  }
}

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
  'NoSuchVersion',
  'NotImplemented',
  'OperationAborted',
  'PreconditionFailed',
  'ServiceUnavailable',
  'SlowDown',
])

/** The status with which the store refused; `undefined` when it did not answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof StoreFailure ? error.status : undefined

/** The code with which the store refused. */
export const codeOf = (error: unknown): string | undefined => (error instanceof StoreFailure ? error.code : undefined)

/** The store's failure as ours; what only the operator can mend stays in the log. */
export function endpointFailure(cause: unknown): unknown {
  if (cause instanceof S3Error) return cause
  if (cause instanceof ContentFailure) return cause.cause
  if (!(cause instanceof StoreFailure)) return new S3Error('ServiceUnavailable', { cause })
  const { code, status } = cause
  if (isS3ErrorCode(code) && PASSED_ON.has(code)) return new S3Error(code, { cause })
  if (code === 'XAmzContentChecksumMismatch') return new S3Error('BadDigest', { cause })
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
