import type { SignedForm, UnverifiedForm } from '@daypass/core/authentication/authenticate-form.ts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import type { Log } from '@daypass/core/deps.ts'
import type { VerifiedContent } from '@daypass/core/sigv4/content.ts'
import type { BoundPolicy } from '@daypass/core/trust-policies/bind.ts'
import type { BucketRegistry } from './backing/buckets-port.ts'
import type { ObjectStore } from './backing/port.ts'
import type { S3RequestHead } from './port.ts'

/** Who asks, and how the body is to be read so that it is what that caller signed. */
export interface Authenticated {
  /** Absent: an anonymous request. */
  readonly caller?: Caller
  readonly content: ReadContent
  /** When the sender signed, in milliseconds since the epoch. */
  readonly signedAt?: number
  /** What was read on the way, the row of the bucket that the path names among it. */
  readonly rows?: Rows
}

/**
 * From the body as it was sent to the content that the sender meant: transfer framing (`aws-chunked`) taken off, hashes
 * and chunk signatures checked. Nothing of it is proven before it has ended without SignatureRefusal or ChecksumMismatch.
 */
export type ReadContent = (body: AsyncIterable<Buffer>) => VerifiedContent

/** Proves who signed the head of a request. Throws SignatureRefusal, CredentialRefusal, StsError or S3Error. */
export type Authenticate = (head: S3RequestHead, unverifiedBucketName?: string) => Promise<Authenticated>

/** Condition keys that begin alike, and where their values come from. */
export interface LateKeys {
  /** In lower case: `s3:existingobjecttag/` */
  readonly prefix: string
  readonly read: () => Promise<ReadonlyMap<string, readonly string[]>>
}

/** One question to the policies. The policies' own view of time, caller and connection is the authoriser's part. */
export interface AccessRequest {
  /** `s3:GetObject` */
  readonly action: string
  /** `arn:aws:s3:::bucket/key`, or `*` where S3 knows no resource. */
  readonly resource: string
  /** The account that owns the resource; absent: the caller's own. */
  readonly resourceAccount?: string
  /** The bucket policy's document. */
  readonly resourcePolicy?: string
  /** An access control list grants this very action: to the caller as one of a group, or to its account. */
  readonly listed?: 'everyone' | 'account'
  /** The account that owns the object, where that is not the bucket's: what the bucket policy allows is not for it. */
  readonly objectAccount?: string
  /** S3's own condition keys, by their names as policies write them. */
  readonly context: ReadonlyMap<string, readonly string[]>
  /** Keys whose values cost a look: fetched only when a policy in play speaks of one. */
  readonly late?: readonly LateKeys[]
  /** When the sender signed, in milliseconds since the epoch; absent when nobody did. */
  readonly signedAt?: number
  /** The head that was authenticated: where it came from and over what. Its headers are not for the context. */
  readonly head: S3RequestHead
}

/** Decides; an anonymous caller has only what a resource policy grants. */
export type Authorize = (caller: Caller | undefined, request: AccessRequest) => Promise<Verdict>

export interface Verdict {
  readonly allowed: boolean
  /** A policy denies it in so many words, and does not merely leave it unsaid. */
  readonly denied?: boolean
}

/** Proves who signed the policy of a browser's form. Throws SignatureRefusal and CredentialRefusal. */
export type AuthenticateForm = (form: UnverifiedForm, unverifiedBucketName: string) => Promise<SignedForm>

/** Ties a bucket policy that was found valid to the principals that it names. */
export type BindPolicy = (document: string) => Promise<BoundPolicy>

/** Whether the deployment has an account of this id. */
export type IsAccount = (account: string) => Promise<boolean>

/** What one answer can carry where that has a limit. */
export interface AnswerLimit {
  readonly bytes: number
  /** Beginnings of the User-Agent of clients that are sent to the store itself for more. */
  readonly redirected: readonly string[]
}

export interface S3Deps {
  /** Absent: answers may be of any length. */
  readonly answers?: AnswerLimit
  readonly authenticate: Authenticate
  readonly authenticateForm: AuthenticateForm
  readonly authorize: Authorize
  readonly bindPolicy: BindPolicy
  readonly isAccount: IsAccount
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly buckets: BucketRegistry
  readonly objects: ObjectStore
  /** Names under which `<bucket>.<name>` is a bucket's own host; in lower case. */
  readonly domains?: readonly string[]
  readonly log: Log
}
