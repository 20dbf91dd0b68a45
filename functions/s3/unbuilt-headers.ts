import { statesUnknownChecksum } from '@daypass/core/checksum/checksum.ts'
import { S3Error } from './errors.ts'

type Headers = Readonly<Record<string, string>>

/**
 * Headers that ask for protection, rights or places that are not built. To store the data and stay silent about them
 * would leave their sender with a false belief.
 */
const UNBUILT = [
  'x-amz-server-side-encryption',
  'x-amz-object-lock-',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
  'x-amz-if-match-',
]

/** Says of a new bucket whether its objects can be locked: rclone sends `false` with every one. */
const BUCKET_LOCK = 'x-amz-bucket-object-lock-enabled'

/**
 * `built` are headers that this request's operation does heed.
 * @throws S3Error NotImplemented, InvalidStorageClass
 */
export function refuseUnbuiltHeaders(headers: Headers, built: readonly string[] = []): void {
  for (const name of Object.keys(headers)) {
    const unbuilt = UNBUILT.some((start) => name.startsWith(start)) && !built.includes(name)
    if (unbuilt || statesUnknownChecksum(name)) throw new S3Error('NotImplemented', { elements: { Header: name } })
    if (name === BUCKET_LOCK && headers[name]?.toLowerCase() !== 'false')
      throw new S3Error('NotImplemented', { elements: { Header: name } })
  }
  for (const name of (headers['x-amz-trailer'] ?? '').split(',')) {
    if (statesUnknownChecksum(name.trim().toLowerCase())) {
      throw new S3Error('NotImplemented', { elements: { Header: name.trim() } })
    }
  }
  const storageClass = headers['x-amz-storage-class']
  if (storageClass !== undefined && storageClass !== 'STANDARD') throw new S3Error('InvalidStorageClass')
}
