import type { ChecksumAlgorithm } from '@daypass/core/checksum/checksum.ts'
import type { ByteRange } from '../range.ts'
import type { Tags } from '../tags.ts'
import type { Bucket } from './buckets-port.ts'
import type {
  AnnouncedChecksum,
  ChecksumType,
  ObjectMetadata,
  ObjectRights,
  OpenObject,
  StoredObject,
  WritePrecondition,
} from './port.ts'

/** What the checksum of the whole will be, settled when a multipart upload begins. */
export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: ChecksumType
}

export interface NewUpload extends ObjectMetadata, ObjectRights {
  readonly key: string
  readonly tags: Tags
  readonly checksum?: UploadChecksum
  /** The ARN of who begins it. */
  readonly initiator: string
}

/** A multipart upload by the two names that a request gives it. */
export interface UploadName {
  readonly key: string
  readonly uploadId: string
}

export interface PendingUpload extends UploadName {
  /** Milliseconds since the epoch. */
  readonly initiatedAt: number
  /** As the store tells it; the gateway's own store keeps the ARN. */
  readonly initiator: string
  /** The canonical user id of whose the object will be; absent: the bucket's owner. */
  readonly owner?: string
  readonly checksum?: UploadChecksum
}

export interface NewPart {
  /** 1 … 10,000 */
  readonly number: number
  readonly size: number
  /** As `NewObject.content`. */
  readonly content: AsyncIterable<Buffer>
  /** Called after the end of the content: the checksums that its sender stated. */
  readonly checksums: () => Readonly<Record<string, string>>
  readonly announced?: AnnouncedChecksum
}

export interface StoredPart {
  readonly number: number
  readonly size: number
  readonly etag: string
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
  readonly checksums: Readonly<Record<string, string>>
}

/** A part as the request to complete names it. */
export interface NamedPart {
  readonly number: number
  readonly etag: string
  readonly checksums: Readonly<Record<string, string>>
}

export interface Completion {
  /** By ascending numbers, none twice. */
  readonly parts: readonly NamedPart[]
  readonly precondition: WritePrecondition
  /** What the sender says the whole comes to: its checksums, their type, its size. */
  readonly checksums: Readonly<Record<string, string>>
  readonly checksumType?: ChecksumType
  readonly size?: number
  /** Parts need not be named with their checksums again, which were proven when they came. */
  readonly partsProven?: true
}

export interface PartPage {
  readonly upload: PendingUpload
  readonly parts: readonly StoredPart[]
  readonly more: boolean
}

export interface UploadQuery {
  readonly prefix: string
  readonly delimiter: string
  /** Only uploads of keys behind this one, and of this key those behind `uploadId`, if one is given. */
  readonly key: string
  readonly uploadId: string
  readonly limit: number
}

export type UploadEntry =
  | { readonly kind: 'upload'; readonly upload: PendingUpload }
  | { readonly kind: 'prefix'; readonly prefix: string }

export interface UploadPage {
  readonly entries: readonly UploadEntry[]
  readonly next?: UploadName
}

/** Multipart uploads that are under way. Every call about one throws S3Error NoSuchUpload when there is none of its names. */
export interface UploadStore {
  create(bucket: Bucket, upload: NewUpload): Promise<PendingUpload>
  /** Replaces a part of the same number, once the new one is whole. */
  putPart(bucket: Bucket, name: UploadName, part: NewPart): Promise<StoredPart>
  /** A part from bytes of an object, which it reads or frees. */
  copyPart(
    bucket: Bucket,
    name: UploadName,
    part: { readonly number: number; readonly from: Bucket; readonly source: OpenObject; readonly range?: ByteRange },
  ): Promise<StoredPart>
  /**
   * Makes the object of exactly these parts, all or nothing, and ends the upload. Again: answers the same object.
   * @throws S3Error InvalidPart, EntityTooSmall, BadDigest, InvalidRequest, PreconditionFailed
   */
  complete(bucket: Bucket, name: UploadName, completion: Completion): Promise<StoredObject>
  /** Ends the upload and removes its parts. */
  abort(bucket: Bucket, name: UploadName): Promise<void>
  /** Parts whose numbers are above `after`, in order. */
  listParts(
    bucket: Bucket,
    name: UploadName,
    page: { readonly after: number; readonly limit: number },
  ): Promise<PartPage>
  /** By key, then by the time of their beginning. */
  list(bucket: Bucket, query: UploadQuery): Promise<UploadPage>
}
