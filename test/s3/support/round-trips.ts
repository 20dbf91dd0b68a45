import { createHash } from 'node:crypto'
import type { SigningCredentials } from '../../support/sign.ts'
import { sendRaw } from '../authorization/support/raw-request.ts'
import type { World } from '../authorization/support/world.ts'

const DELETION = '<Delete><Object><Key>parts</Key></Object></Delete>'
const md5 = (text: string) => createHash('md5').update(text).digest('base64')

/** One operation, and the calls to the table that it made from the request's first byte to the answer's last. */
export interface OperationTrips {
  readonly operation: string
  /** `get OBJECT`, `getMany SESSION`: the kind of call, and of the first row that it names. */
  readonly trips: readonly string[]
}

/** Each operation on a bucket and its objects once, in an order in which each finds what it needs. The sender may do everything. */
export async function operationTrips(
  { gateway, trips }: Pick<World, 'gateway' | 'trips'>,
  as: SigningCredentials,
  bucket: string,
): Promise<OperationTrips[]> {
  const made: OperationTrips[] = []
  const run = async (operation: string, request: string, body = '', headers = {}) => {
    const [method = '', path = ''] = request.split(' ')
    trips.length = 0
    const answer = await sendRaw(gateway.endpoint, { method, path: `/${bucket}${path}`, body, headers, as })
    if (answer.status >= 300) throw new Error(`${operation} was answered with ${answer.status} ${answer.code}`)
    made.push({ operation, trips: trips.map((trip) => trip.split('#', 1)[0] ?? '') })
    return answer
  }
  const copied = { 'x-amz-copy-source': `/${bucket}/k` }
  const part = (etag: string | undefined) => `<Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part>`

  await run('CreateBucket', 'PUT ')
  await run('HeadBucket', 'HEAD ')
  await run('PutObject', 'PUT /k', 'hello')
  await run('PutObject, replacing', 'PUT /k', 'hello')
  await run('PutObject, If-None-Match', 'PUT /new', 'hello', { 'if-none-match': '*' })
  await run('GetObject', 'GET /k')
  await run('HeadObject', 'HEAD /k')
  await run('ListObjectsV2', 'GET ?list-type=2')
  await run('CopyObject', 'PUT /copy', '', copied)
  const begun = await run('CreateMultipartUpload', 'POST /parts?uploads=')
  const upload = `/parts?uploadId=${/<UploadId>([^<]*)</.exec(begun.body)?.[1]}`
  await run('UploadPartCopy', `PUT ${upload}&partNumber=1`, '', copied)
  const { headers } = await run('UploadPart', `PUT ${upload}&partNumber=1`, 'part')
  await run('ListParts', `GET ${upload}`)
  const document = `<CompleteMultipartUpload>${part(headers.etag)}</CompleteMultipartUpload>`
  await run('CompleteMultipartUpload of one part', `POST ${upload}`, document)
  const other = /<UploadId>([^<]*)</.exec((await run('CreateMultipartUpload', 'POST /no?uploads=')).body)?.[1]
  made.pop()
  await run('AbortMultipartUpload', `DELETE /no?uploadId=${other}`)
  await run('GetObjectTagging', 'GET /k?tagging=')
  await run('DeleteObject', 'DELETE /k')
  for (const key of ['new', 'copy'])
    await sendRaw(gateway.endpoint, { method: 'DELETE', path: `/${bucket}/${key}`, as })
  await run('DeleteObjects of one key', 'POST ?delete=', DELETION, { 'content-md5': md5(DELETION) })
  await run('DeleteBucket', 'DELETE ')
  return made
}
