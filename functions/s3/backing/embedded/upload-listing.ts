import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import type { PendingUpload, UploadEntry, UploadPage, UploadQuery } from '../uploads-port.ts'

/** Whether an upload comes behind the place where a page begins. */
function isBehind({ key, uploadId }: PendingUpload, query: UploadQuery): boolean {
  const order = compareUtf8(key, query.key)
  return order > 0 || (order === 0 && query.uploadId !== '' && uploadId > query.uploadId)
}

/** One page of uploads that are sorted by key and beginning, keys under a common prefix rolled up into one entry. */
export function uploadPage(sorted: readonly PendingUpload[], query: UploadQuery): UploadPage {
  const { prefix, delimiter, limit } = query
  const entries: UploadEntry[] = []
  let last: UploadEntry | undefined
  for (const upload of sorted) {
    const { key } = upload
    if (!key.startsWith(prefix)) continue
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const common = at < 0 ? undefined : key.slice(0, at + delimiter.length)
    if (common === undefined ? !isBehind(upload, query) : compareUtf8(common, query.key) <= 0) continue
    if (common !== undefined && last?.kind === 'prefix' && last.prefix === common) continue
    if (entries.length === limit) return last ? { entries, next: placeOf(last) } : { entries }
    last = common === undefined ? { kind: 'upload', upload } : { kind: 'prefix', prefix: common }
    entries.push(last)
  }
  return { entries }
}

const placeOf = (entry: UploadEntry) =>
  entry.kind === 'upload'
    ? { key: entry.upload.key, uploadId: entry.upload.uploadId }
    : { key: entry.prefix, uploadId: '' }
