import type { ObjectCall } from './call.ts'
import { S3Error } from './errors.ts'
import type { S3Response } from './port.ts'

/** What is handed on to the store's own address: which part, which version, and the headers of the answer. */
const KEPT = /^(?:partNumber|versionId|response-.*)$/

/**
 * The answer in place of a content that is more than one answer can carry: clients that are known to follow go to the store
 * itself, by a URL that lives for a minute; all others are told what to do. `undefined` when it fits.
 * @throws S3Error InvalidRequest
 */
export async function oversizeAnswer(
  { deps, request, query, bucket, key }: ObjectCall,
  size: number,
): Promise<S3Response | undefined> {
  const { answers, objects } = deps
  if (!answers || size <= answers.bytes) return undefined
  const agent = request.headers['user-agent'] ?? ''
  if (objects.presignedRead && answers.redirected.some((start) => start !== '' && agent.startsWith(start))) {
    const kept = new Map([...query].filter(([name]) => KEPT.test(name)))
    const location = await objects.presignedRead(bucket, key, kept)
    return { status: 307, headers: { location, 'cache-control': 'no-store', 'content-length': '0' } }
  }
  throw new S3Error('InvalidRequest', {
    message: `One answer of this gateway carries ${answers.bytes} bytes at most. Read the object in ranges (Range: bytes=first-last) of that size or less.`,
    elements: { MaxSizeAllowed: String(answers.bytes), ProposedSize: String(size) },
  })
}
