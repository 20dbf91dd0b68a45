import { S3Error } from './errors.ts'
import { percentDecoded, verifyBucketName, verifyKeyLength } from './target.ts'

/** What a copy is made of. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
}

const invalid = (message: string) =>
  new S3Error('InvalidArgument', { message, elements: { ArgumentName: 'x-amz-copy-source' } })

/**
 * Reads `x-amz-copy-source`: bucket and key, percent-encoded, with or without a slash before, and perhaps a version.
 * @throws S3Error InvalidArgument, InvalidBucketName, KeyTooLongError
 */
export function parseCopySource(headers: Readonly<Record<string, string>>): CopySource {
  const header = headers['x-amz-copy-source'] ?? ''
  const [path = '', version] = header.split('?versionId=')
  let decoded: string
  let versionId: string | undefined
  try {
    decoded = percentDecoded(path)
    versionId = version === undefined ? undefined : percentDecoded(version)
  } catch (cause) {
    throw new S3Error('InvalidArgument', {
      message: 'Copy Source must be URL-encoded',
      elements: { ArgumentName: 'x-amz-copy-source' },
      cause,
    })
  }
  if (/^\/?arn:/.test(decoded)) throw new S3Error('NotImplemented')
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decoded) ?? []
  if (bucket === '' || key === '') {
    throw invalid('Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  }
  verifyBucketName(bucket)
  verifyKeyLength(key)
  if (versionId === '') throw invalid('Version id cannot be the empty string')
  return { bucket, key, ...(versionId !== undefined && { versionId }) }
}

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']

/** The conditions that a copy puts on its source, under the names that a read gives them. */
export const sourceConditions = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    CONDITIONS.flatMap((name) => {
      const value = headers[`x-amz-copy-source-${name}`]
      return value === undefined ? [] : [[name, value]]
    }),
  )
