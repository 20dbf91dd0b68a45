import type { ChecksumAlgorithm } from '@daypass/core/checksum/checksum.ts'
import type { ByteRange } from '../range.ts'
import type { Tags } from '../tags.ts'
import type { Bucket, VersioningStatus } from './buckets-port.ts'
import type { Listing, ListQuery, VersionListing, VersionQuery } from './listings-port.ts'
import type { UploadStore } from './uploads-port.ts'

/** What a client sent along with an object and gets back with it. Names in lower case. */
export interface ObjectMetadata {
  /** `content-type`, `cache-control` … */
  readonly headers: Readonly<Record<string, string>>
  /** Without the `x-amz-meta-` before the name. */
  readonly user: Readonly<Record<string, string>>
}

/** Whether a checksum is of the whole content, or of the checksums of its parts. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT'

/** What says who may do what with an object. Where ACLs are off it is kept and has no effect. */
export interface ObjectRights {
  /** The canonical user id of its owner; absent: the bucket's owner. */
  readonly owner?: string
  /** Its access control list in JSON; absent: its owner has everything. */
  readonly acl?: string
}

export interface StoredObject extends ObjectMetadata, ObjectRights {
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
  /** What this version is called, `null` included; absent where the bucket never kept versions. */
  readonly versionId?: string
}

/** A version that says that the object is deleted. */
export interface DeleteMarker {
  readonly marker: true
  readonly key: string
  readonly versionId: string
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
}

export const isDeleteMarker = (found: object | undefined): found is DeleteMarker =>
  found !== undefined && 'marker' in found

/** The tags of one version of an object. */
export interface TaggedVersion {
  readonly tags: Tags
  readonly versionId?: string
}

/** What a removal came to. */
export interface Removal {
  /** The version that was removed, or the delete marker that was put in its place. */
  readonly versionId?: string
  /** Whether that version is, or was, a delete marker. */
  readonly marker?: true
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
  /** The version was asked for by this name, and not as the current one. */
  readonly asked?: string
  /** Its tags, where the store came by them with the object. */
  readonly tags?: Tags
  /** The bytes of the range, the whole by default. To be called once; whoever has them frees them by `return`. */
  read(range?: ByteRange): Promise<AsyncIterableIterator<Buffer>>
  /** Frees what it holds when it will not be read. */
  close(): Promise<void>
}

/** What must hold of the object that a write replaces; the write and the check are one step. */
export interface WritePrecondition {
  /**
   * `undefined`: there is no object under the key; then `marked` says whether that is a delete marker's word. Throws S3Error to
   * forbid the write.
   */
  check(existing: StoredObject | undefined, marked?: boolean): void
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

export interface NewObject extends ObjectMetadata, ObjectRights {
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
export interface NewCopy extends ObjectRights {
  readonly key: string
  readonly metadata?: ObjectMetadata
  readonly tags: Tags
  /** The checksum that the copy is to have, whatever the source has. */
  readonly algorithm?: ChecksumAlgorithm
  readonly precondition: WritePrecondition
}

/**
 * Where objects live. Wherever a `versionId` may be named, its absence means the current version; one that there is none of
 * is as an absent object, and one that no version can have is S3Error InvalidArgument. Buckets are handed in as the registry proved them; every call throws S3Error NoSuchBucket when the
 * bucket is gone by then, and whatever else the store has to say in S3's codes.
 */
export interface ObjectStore {
  /** All or nothing: after a failure at any instant the old object, or none, is whole and there. */
  put(bucket: Bucket, object: NewObject): Promise<StoredObject>
  find(bucket: Bucket, key: string, versionId?: string): Promise<StoredObject | DeleteMarker | undefined>
  /**
   * `whole` says that all of it will be read, and `found` is what `find` told of it, either of which may spare the store a
   * question. What is opened may be another object than that.
   */
  open(
    bucket: Bucket,
    key: string,
    intent?: {
      readonly whole?: boolean
      readonly versionId?: string | undefined
      readonly found?: StoredObject | DeleteMarker | undefined
    },
  ): Promise<OpenObject | DeleteMarker | undefined>
  /**
   * Removes the object, or where versions are kept covers it with a delete marker; with a version named, removes that one for
   * good. Succeeds also when there is none, unless the precondition asks for one.
   */
  remove(bucket: Bucket, key: string, precondition: WritePrecondition, versionId?: string): Promise<Removal>
  list(bucket: Bucket, query: ListQuery): Promise<Listing>
  /** Copies an opened object of the bucket `from`, which it reads or frees. All or nothing, as `put`. */
  copy(from: Bucket, source: OpenObject, bucket: Bucket, copy: NewCopy): Promise<StoredObject>
  listVersions(bucket: Bucket, query: VersionQuery): Promise<VersionListing>
  /** `undefined`: no such object. */
  tags(bucket: Bucket, key: string, versionId?: string): Promise<TaggedVersion | DeleteMarker | undefined>
  /** Replaces all of its tags; answers which version's. @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed */
  setTags(bucket: Bucket, key: string, tags: Tags, versionId?: string): Promise<{ readonly versionId?: string }>
  /** Whether the bucket keeps versions; `undefined`: it never did. */
  versioning(bucket: Bucket): Promise<VersioningStatus | undefined>
  /** @throws S3Error NotImplemented by a store without versions */
  setVersioning(bucket: Bucket, status: VersioningStatus): Promise<void>
  /**
   * Replaces the ACL of the version that was found; `undefined`: its owner has everything.
   * @throws S3Error NoSuchKey, NoSuchVersion, OperationAborted when it is another object by now, AccessControlListNotSupported
   * where the store keeps no ACLs
   */
  setAcl(bucket: Bucket, object: StoredObject, acl: string | undefined): Promise<void>
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
   * Another key by which the store may find the same object, if there is one: who is not to have the object by that name may not
   * have it by this one.
   */
  otherKey?(key: string): string | undefined
  /**
   * A URL by which anybody reads the object from the store itself, for a minute; absent where the store has no address of
   * its own. `query` goes along.
   */
  presignedRead?(bucket: Bucket, key: string, query: ReadonlyMap<string, string>): Promise<string>
}
