import { createHash } from 'node:crypto'
import { type ChecksumAlgorithm, startChecksum } from '@daypass/core/checksum/checksum.ts'
import type { ContentFiles } from './content-files.ts'

/** What was learnt of a content while it was written. */
interface Written {
  readonly size: number
  /** The MD5 in hex: S3's entity tag, not a protection. */
  readonly etag: string
  /** In base64, when one was asked for. */
  readonly checksum?: string
}

/** Writes a content under an id while it is hashed. */
export async function writeContent(
  files: ContentFiles,
  id: string,
  content: AsyncIterable<Buffer>,
  algorithm?: ChecksumAlgorithm,
): Promise<Written> {
  const md5 = createHash('md5')
  const checksum = algorithm && startChecksum(algorithm)
  let size = 0
  const hashed = async function* () {
    for await (const chunk of content) {
      md5.update(chunk)
      checksum?.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  await files.write(id, hashed())
  return { size, etag: md5.digest('hex'), ...(checksum && { checksum: checksum.digest() }) }
}
