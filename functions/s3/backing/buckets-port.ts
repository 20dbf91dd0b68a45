import type { Rows } from '@daypass/core/authentication/rows.ts'
import type { Ownership } from '../acl/ownership.ts'

/** A bucket as the gateway knows it. Its record, not the store behind it, says who owns it. */
export interface Bucket {
  readonly name: string
  /** Made anew with each bucket, so that a bucket made again under a name starts empty. */
  readonly id: string
  /** The account that owns it. */
  readonly account: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** As the creator asked for it; any text of a region's form. */
  readonly region: string
  /** The bucket policy's document as its author wrote it, where there is one. */
  readonly policy?: string
  /** The policy that decides, where it differs: users and roles by their unique ids. */
  readonly boundPolicy?: string
  /** What public access it refuses, in JSON, where that was set. */
  readonly publicAccessBlock?: string
  /** Whose objects are that others write, where that was set; `none` where the setting was taken away. */
  readonly ownership?: Ownership | 'none'
  /** Its access control list in JSON; absent: its owner has everything. */
  readonly acl?: string
  /** The CORS rules in JSON, where there are some. */
  readonly cors?: string
  /** Its tags in JSON, where it has some. */
  readonly tags?: string
  /** Whether the gateway's own store keeps versions of its objects; absent: it never did. */
  readonly versioning?: VersioningStatus
}

export type VersioningStatus = 'Enabled' | 'Suspended'

/** What of a bucket's record may change; `undefined` takes it away. */
export type BucketChange = Readonly<
  Partial<
    Record<'policy' | 'boundPolicy' | 'publicAccessBlock' | 'acl' | 'cors' | 'tags' | 'versioning', string | undefined>
  > & {
    readonly ownership?: Bucket['ownership']
  }
>

/** What is settled of a bucket when it is made. */
export type NewBucket = Pick<Bucket, 'name' | 'account' | 'region' | 'ownership' | 'acl'>

/** Which buckets there are and whose they are. Names are global: one name, one owner. */
export interface BucketRegistry {
  /** `rows` that were read already, the bucket's among them, spare a look into the table. */
  find(name: string, rows?: Rows): Promise<Bucket | undefined>
  /**
   * Changes the bucket's record in one step; what is not named stays.
   * @throws S3Error NoSuchBucket
   */
  change(bucket: Bucket, change: BucketChange): Promise<void>
  /**
   * Makes the bucket, or answers the caller's own that already exists.
   * @throws S3Error BucketAlreadyExists when the name is another account's
   */
  create(bucket: NewBucket): Promise<Bucket>
  /** @throws S3Error BucketNotEmpty, NoSuchBucket */
  remove(bucket: Bucket): Promise<void>
  /** The account's buckets in the order of their names. */
  list(account: string): AsyncIterable<Bucket>
}
