import type { Rows } from '@daypass/core/authentication/rows.ts'
import type { ChecksumAlgorithm } from '@daypass/core/checksum/checksum.ts'
import type { ByteRange } from '../range.ts'
import type { Tags } from '../tags.ts'
import type { UploadStore } from './uploads-port.ts'

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
  /** The CORS rules in JSON, where there are some. */
  readonly cors?: string
  /** Its tags in JSON, where it has some. */
  readonly tags?: string
}

/** What of a bucket's record may change; `undefined` takes it away. */
export type BucketChange = Readonly<
  Partial<Record<'policy' | 'boundPolicy' | 'publicAccessBlock' | 'cors' | 'tags', string | undefined>>
>

/** What a client sent along with an object and gets back with it. Names in lower case. */
export interface ObjectMetadata {
  /** `content-type`, `cache-control` … */
  readonly headers: Readonly<Record<string, string>>
  /** Without the `x-amz-meta-` before the name. */
  readonly user: Readonly<Record<string, string>>
}

/** Whether a checksum is of the whole content, or of the checksums of its parts. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT'

export interface StoredObject extends ObjectMetadata {
  readonly key: string
  readonly size: number
  /** Without quotes: the MD5 of the content in hex, or of its parts' MD5s with their number behind. */
  readonly etag: string
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
  /** Checksums by algorithm (`crc32`, `crc64nvme`, `sha256` …), base64. */
  readonly checksums: Readonly<Record<string, string>>
  /** Absent: FULL_OBJECT. */
  readonly checksumType?: ChecksumType
  /** How many parts it was completed of; absent when it was put at once. */
  readonly parts?: number
  /** How many tags it has, where the store tells. */
  readonly tagCount?: number
}

/** One of the parts that an object was completed of. */
export interface ObjectPart {
  readonly number: number
  readonly size: number
  readonly checksums: Readonly<Record<string, string>>
}

/** A version of an object that stays readable although the object is replaced or deleted meanwhile. */
export interface OpenObject {
  readonly object: StoredObject
  /** The bytes of the range, the whole by default. To be called once; whoever has them frees them by `return`. */
  read(range?: ByteRange): Promise<AsyncIterableIterator<Buffer>>
  /** Frees what it holds when it will not be read. */
  close(): Promise<void>
}

/** What must hold of the object that a write replaces; the write and the check are one step. */
export interface WritePrecondition {
  /** `undefined`: there is no object under the key. Throws S3Error to forbid the write. */
  check(existing: StoredObject | undefined): void
  /** The same as headers, for a store that checks by itself. */
  readonly ifMatch?: string
  readonly ifNoneMatch?: string
  /** It asks for more than these headers, which no store that checks by itself could be relied on to know. */
  readonly checkedHereAlone?: true
}

/** The checksum that an upload states: at once in a header, or behind its content in a trailer. */
export interface AnnouncedChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value?: string
}

export interface NewObject extends ObjectMetadata {
  readonly key: string
  /** The exact length of the content in bytes. */
  readonly size: number
  /** Fails when the content is not what its sender vouched for; its last bytes come only once that is settled. */
  readonly content: AsyncIterable<Buffer>
  /** Called after the end of the content: the checksums that its sender stated, to be kept. */
  readonly checksums: () => Readonly<Record<string, string>>
  readonly announced?: AnnouncedChecksum
  /** A checksum that the store is to work out by itself. */
  readonly computes?: ChecksumAlgorithm
  readonly tags: Tags
  readonly precondition: WritePrecondition
}

/** What a copy has of its own; absent members are the source's. */
export interface NewCopy {
  readonly key: string
  readonly metadata?: ObjectMetadata
  readonly tags?: Tags
  /** The checksum that the copy is to have, whatever the source has. */
  readonly algorithm?: ChecksumAlgorithm
  readonly precondition: WritePrecondition
}

export interface ListQuery {
  readonly prefix: string
  /** Empty: no roll-up. */
  readonly delimiter: string
  /** Only what sorts behind this, by the bytes of its UTF-8; a common prefix skips all that it stands for. */
  readonly after: string
  /** At most this many objects and common prefixes together, 1 … 1,000. */
  readonly limit: number
}

export type ListEntry =
  | { readonly kind: 'object'; readonly object: StoredObject }
  | { readonly kind: 'prefix'; readonly prefix: string }

export interface Listing {
  readonly entries: readonly ListEntry[]
  /** Where the next page goes on (an `after`); absent on the last page. */
  readonly next?: string
}

/**
 * Where objects live. Buckets are handed in as the registry proved them; every call throws S3Error NoSuchBucket when the
 * bucket is gone by then, and whatever else the store has to say in S3's codes.
 */
export interface ObjectStore {
  /** All or nothing: after a failure at any instant the old object, or none, is whole and there. */
  put(bucket: Bucket, object: NewObject): Promise<StoredObject>
  find(bucket: Bucket, key: string): Promise<StoredObject | undefined>
  /** `whole` says that all of it will be read, which may spare the store a question. */
  open(bucket: Bucket, key: string, intent?: { readonly whole: boolean }): Promise<OpenObject | undefined>
  /** Succeeds also when there is no such object, unless the precondition asks for one. */
  remove(bucket: Bucket, key: string, precondition: WritePrecondition): Promise<void>
  list(bucket: Bucket, query: ListQuery): Promise<Listing>
  /** Copies an opened object of the bucket `from`, which it reads or frees. All or nothing, as `put`. */
  copy(from: Bucket, source: OpenObject, bucket: Bucket, copy: NewCopy): Promise<StoredObject>
  /** `undefined`: no such object. */
  tags(bucket: Bucket, key: string): Promise<Tags | undefined>
  /** Replaces all of its tags. @throws S3Error NoSuchKey */
  setTags(bucket: Bucket, key: string, tags: Tags): Promise<void>
  /** Bytes and checksums of one of the object's parts; `undefined` when it has no part of that number. */
  part(bucket: Bucket, object: StoredObject, number: number): Promise<(ObjectPart & { range: ByteRange }) | undefined>
  /** The parts whose numbers are above `after`, in order; none of an object that was put at once. */
  parts(
    bucket: Bucket,
    object: StoredObject,
    page: { readonly after: number; readonly limit: number },
  ): Promise<{ readonly parts: readonly ObjectPart[]; readonly more: boolean }>
  readonly uploads: UploadStore
  /**
   * A URL by which anybody reads the object from the store itself, for a minute; absent where the store has no address of
   * its own. `query` goes along.
   */
  presignedRead?(bucket: Bucket, key: string, query: ReadonlyMap<string, string>): Promise<string>
}

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
  create(bucket: { readonly name: string; readonly account: string; readonly region: string }): Promise<Bucket>
  /** @throws S3Error BucketNotEmpty, NoSuchBucket */
  remove(bucket: Bucket): Promise<void>
  /** The account's buckets in the order of their names. */
  list(account: string): AsyncIterable<Bucket>
}
