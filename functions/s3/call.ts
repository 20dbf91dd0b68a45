import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import type { Bucket } from './backing/buckets-port.ts'
import type { LateKeys, ReadContent, S3Deps } from './deps.ts'
import type { S3Request, S3Response } from './port.ts'
import type { Query } from './query.ts'

/** A request whose sender is proven (or known to be nobody) and whose operation is known. */
export interface Call {
  readonly deps: S3Deps
  readonly request: S3Request
  readonly query: Query
  /** Absent: anonymous. */
  readonly caller?: Caller
  /** The request is a browser's form, signed by its policy or by nobody. */
  readonly form?: true
  /** When the sender signed, in milliseconds since the epoch. */
  readonly signedAt?: number
  /** What was read to prove who asks. */
  readonly rows?: Rows
  readonly readContent: ReadContent
}

/** A call that the policies allow on this bucket. */
export interface BucketCall extends Call {
  readonly bucket: Bucket
  /** Other buckets that its further needs name, by name: a copy's source. */
  readonly others: ReadonlyMap<string, Bucket>
}

/** A call that the policies allow on this object, whether or not it exists. */
export interface ObjectCall extends BucketCall {
  readonly key: string
  /** The version that the query names; absent: the current one. */
  readonly versionId?: string
}

/** A call about a bucket that need not exist; the operation authorises it, since nobody's record says whose it is. */
export interface NewBucketCall extends Call {
  readonly bucketName: string
}

/** The condition keys of an action beside those that every S3 action has. */
export type ContextKeys = (call: Call) => ReadonlyMap<string, readonly string[]>

/** A right that a request needs beside its operation's own: on the same resource, or on an object of another bucket. */
export interface Need {
  readonly action: string
  readonly source?: { readonly bucket: string; readonly key: string; readonly versionId?: string }
  /** Condition keys of this right, beside those that every S3 action has. */
  readonly keys?: ReadonlyMap<string, readonly string[]>
  /** On an object that the sender is about to make: a right over its own, whatever its bucket's policy leaves unsaid. */
  readonly overOwn?: true
}

/** What else must be allowed, as the request's head tells. Throws S3Error for a head that cannot be right. */
export type Needs = (call: Call) => readonly Need[]

/** A call about objects of a bucket that its body names: the operation asks for each key. */
export interface EachKeyCall extends BucketCall {
  /** Whether the policies allow the operation's action on this key, or on that version of it. */
  readonly permits: (key: string, versionId?: string) => Promise<boolean>
}

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
      /**
       * Of the bucket policy itself: only callers of the owner's account, and its root whatever that policy says, so that
       * nobody locks a bucket for good (S3 API reference, PutBucketPolicy).
       */
      readonly guardsPolicy?: true
      readonly needs?: Needs
      readonly run: (call: BucketCall) => Promise<S3Response>
    }
  | {
      readonly on: 'object'
      readonly action: string
      /** What a query with a version asks for instead. Absent: the operation takes no version. */
      readonly versionAction?: string
      readonly contextKeys?: ContextKeys
      /** Condition keys that are in the body. */
      readonly lateKeys?: (call: Call) => readonly LateKeys[]
      readonly needs?: Needs
      readonly run: (call: ObjectCall) => Promise<S3Response>
    }
  | {
      readonly on: 'each-key'
      readonly action: string
      readonly versionAction: string
      readonly contextKeys?: ContextKeys
      readonly run: (call: EachKeyCall) => Promise<S3Response>
    }
