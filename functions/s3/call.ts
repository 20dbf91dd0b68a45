import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { Bucket } from './backing/port.ts'
import type { ReadContent, S3Deps } from './deps.ts'
import type { S3Request, S3Response } from './port.ts'
import type { Query } from './query.ts'

/** A request whose sender is proven (or known to be nobody) and whose operation is known. */
export interface Call {
  readonly deps: S3Deps
  readonly request: S3Request
  readonly query: Query
  /** Absent: anonymous. */
  readonly caller?: Caller
  readonly readContent: ReadContent
}

/** A call that the policies allow on this bucket. */
export interface BucketCall extends Call {
  readonly bucket: Bucket
}

/** A call that the policies allow on this object, whether or not it exists. */
export interface ObjectCall extends BucketCall {
  readonly key: string
}

/** A call about a bucket that need not exist; the operation authorises it, since nobody's record says whose it is. */
export interface NewBucketCall extends Call {
  readonly bucketName: string
}

/** The condition keys of an action beside those that every S3 action has. */
export type ContextKeys = (call: Call) => ReadonlyMap<string, readonly string[]>

/**
 * An operation that is built. For buckets and objects the service finds the bucket and authorises `action` before `run`,
 * so that no operation can forget to.
 */
export type Operation =
  | { readonly on: 'service'; readonly run: (call: Call) => Promise<S3Response> }
  | { readonly on: 'new-bucket'; readonly run: (call: NewBucketCall) => Promise<S3Response> }
  | {
      readonly on: 'bucket'
      readonly action: string
      readonly contextKeys?: ContextKeys
      readonly run: (call: BucketCall) => Promise<S3Response>
    }
  | {
      readonly on: 'object'
      readonly action: string
      readonly contextKeys?: ContextKeys
      readonly run: (call: ObjectCall) => Promise<S3Response>
    }
