import { CHECKSUM_ALGORITHMS } from '@daypass/core/checksum/checksum.ts'
import { objectPartKey, objectUploadKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import type { Tags } from '../../tags.ts'
import type { ObjectMetadata, ObjectRights } from '../port.ts'
import type { PendingUpload, StoredPart } from '../uploads-port.ts'
import { pairList, pairs, rightsIn } from './object-record.ts'

/** The row of a multipart upload: what its object will have beside its content. */
export interface UploadRecord {
  readonly upload: PendingUpload
  readonly metadata: ObjectMetadata
  readonly tags: Tags
  readonly rights: ObjectRights
}

export const uploadItemOf = (bucketId: string, { upload, metadata, tags, rights }: UploadRecord): Item => ({
  ...objectUploadKey(bucketId, upload.uploadId),
  key: upload.key,
  initiatedAt: upload.initiatedAt,
  initiator: upload.initiator,
  headers: Object.entries(metadata.headers),
  user: Object.entries(metadata.user),
  ...rights,
  ...(tags.length > 0 && { tags }),
  ...(upload.checksum && { algorithm: upload.checksum.algorithm, checksumType: upload.checksum.type }),
})

export function uploadRecordOf(item: Item): UploadRecord {
  const algorithm = CHECKSUM_ALGORITHMS.find((each) => each === item.algorithm)
  const rights = rightsIn(item)
  const type = item.checksumType === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE'
  return {
    upload: {
      key: String(item.key),
      uploadId: item.sk,
      initiatedAt: Number(item.initiatedAt),
      initiator: String(item.initiator),
      ...(rights.owner !== undefined && { owner: rights.owner }),
      ...(algorithm && { checksum: { algorithm, type } }),
    },
    rights,
    metadata: { headers: pairs(item.headers), user: pairs(item.user) },
    tags: pairList(item.tags),
  }
}

/** The row of a part: what clients see of it, and which content holds its bytes. */
export interface PartRecord {
  readonly part: StoredPart
  readonly contentId: string
}

export const partItemOf = (bucketId: string, uploadId: string, { part, contentId }: PartRecord): Item => ({
  ...objectPartKey(bucketId, uploadId, part.number),
  contentId,
  size: part.size,
  etag: part.etag,
  modifiedAt: part.modifiedAt,
  checksums: Object.entries(part.checksums),
})

export const partRecordOf = (item: Item): PartRecord => ({
  contentId: String(item.contentId),
  part: {
    number: Number(item.sk),
    size: Number(item.size),
    etag: String(item.etag),
    modifiedAt: Number(item.modifiedAt),
    checksums: pairs(item.checksums),
  },
})
