import { randomUUID } from 'node:crypto'
import { countingStore } from '@daypass/core/store/counting.ts'
import { bucketRecords } from '../functions/s3/backing/bucket-records.ts'
import { embeddedObjects } from '../functions/s3/backing/embedded/object-store.ts'
import { startGateway } from '../test/s3/support/gateway.ts'
import { element, send } from '../test/s3/support/raw.ts'

/** Calls to the table for requests to embedded objects, beside those that know the caller and its policies. */
export async function benchS3RoundTrips(): Promise<void> {
  let counted: ReturnType<typeof countingStore> | undefined
  const now = () => Date.now()
  const gateway = await startGateway((inner, folder) => {
    counted = countingStore(inner)
    const { store } = counted
    return embeddedObjects({ store, buckets: bucketRecords({ store, now, newId: randomUUID }), now, folder })
  })
  const rows: Record<string, string | number>[] = []
  const count = async (operation: string, method: string, path: string, body = '', headers = {}) => {
    const before = counted?.total() ?? 0
    const answer = await send(gateway, { method, path, body, headers })
    if (answer.status >= 300) throw new Error(`${operation} was answered with ${answer.status}`)
    rows.push({ operation, 'round trips': (counted?.total() ?? 0) - before })
    return answer
  }
  try {
    await count('CreateBucket', 'PUT', '/bkt')
    await count('PutObject, new', 'PUT', '/bkt/k', 'hello')
    await count('PutObject, replacing', 'PUT', '/bkt/k', 'hello')
    await count('GetObject', 'GET', '/bkt/k')
    await count('HeadObject', 'HEAD', '/bkt/k')
    await count('ListObjectsV2', 'GET', '/bkt?list-type=2')
    await count('CopyObject', 'PUT', '/bkt/copy', '', { 'x-amz-copy-source': '/bkt/k' })
    const id = element(await count('CreateMultipartUpload', 'POST', '/bkt/parts?uploads'), 'UploadId')
    const { headers } = await count('UploadPart', 'PUT', `/bkt/parts?partNumber=1&uploadId=${id}`, 'part')
    const part = `<Part><PartNumber>1</PartNumber><ETag>${headers.etag}</ETag></Part>`
    const document = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`
    await count('CompleteMultipartUpload of one part', 'POST', `/bkt/parts?uploadId=${id}`, document)
    await count('DeleteObject', 'DELETE', '/bkt/k')
    console.table(rows)
  } finally {
    await gateway.close()
  }
}
