import { randomBytes } from 'node:crypto'
import { objectPartKey, objectUploadKey } from '@daypass/core/store/keys.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../../errors.ts'
import type { UploadName } from '../uploads-port.ts'
import { type PartRecord, partRecordOf, type UploadRecord, uploadRecordOf } from './upload-record.ts'

const PAGE = 1000

/** Ids sort by the time of their beginning. */
export const newUploadId = (now: number) => now.toString(16).padStart(12, '0') + randomBytes(16).toString('hex')
/** Whether an upload can have such an id; only then may rows be asked for by it. */
export const isUploadId = (claimed: string) => /^[0-9a-f]{44}$/.test(claimed)
/** Milliseconds since the epoch. */
export const begunAt = (uploadId: string) => Number.parseInt(uploadId.slice(0, 12), 16)

export const noSuchUpload = ({ uploadId }: UploadName): S3Error =>
  new S3Error('NoSuchUpload', { elements: { UploadId: uploadId } })

export interface UploadRows {
  /** The upload of these names, if there is one. */
  lookUp(bucketId: string, name: UploadName): Promise<UploadRecord | undefined>
  /** @throws S3Error NoSuchUpload */
  find(bucketId: string, name: UploadName): Promise<UploadRecord>
  /** All uploads of a bucket in the order of their ids. */
  ofBucket(bucketId: string): Promise<UploadRecord[]>
  /** All parts of an upload in the order of their numbers. */
  partsOf(bucketId: string, uploadId: string): Promise<PartRecord[]>
  /** Those whose numbers are above `after`. */
  partPage(
    bucketId: string,
    uploadId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<{ readonly parts: readonly PartRecord[]; readonly more: boolean }>
}

/** Reads of the rows of multipart uploads and their parts. */
export function uploadRows(store: Store): UploadRows {
  const all = async (pk: string): Promise<Item[]> => {
    const items: Item[] = []
    for (let after = ''; ; ) {
      const page = await store.query(pk, { after, limit: PAGE })
      items.push(...page.items)
      if (page.next === undefined) return items
      after = page.next
    }
  }
  const partition = (bucketId: string, uploadId: string) => objectPartKey(bucketId, uploadId, 0).pk

  const lookUp = async (bucketId: string, { key, uploadId }: UploadName): Promise<UploadRecord | undefined> => {
    if (!isUploadId(uploadId)) return undefined
    const item = await store.get(objectUploadKey(bucketId, uploadId))
    return item?.key === key ? uploadRecordOf(item) : undefined
  }

  return {
    lookUp,
    async find(bucketId, name) {
      const record = await lookUp(bucketId, name)
      if (!record) throw noSuchUpload(name)
      return record
    },
    ofBucket: async (bucketId) => (await all(objectUploadKey(bucketId, '').pk)).map(uploadRecordOf),
    partsOf: async (bucketId, uploadId) => (await all(partition(bucketId, uploadId))).map(partRecordOf),
    async partPage(bucketId, uploadId, { after, limit }) {
      const from = after > 0 ? { after: objectPartKey(bucketId, uploadId, after).sk } : {}
      const { items, next } = await store.query(partition(bucketId, uploadId), { ...from, limit })
      return { parts: items.map(partRecordOf), more: next !== undefined }
    },
  }
}
