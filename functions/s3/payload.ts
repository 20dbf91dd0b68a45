import { createHash } from 'node:crypto'
import { type ChecksumAlgorithm, checksumAlgorithmOf, checksummed } from '@daypass/core/checksum/checksum.ts'
import type { VerifiedContent } from '@daypass/core/sigv4/content.ts'
import type { AnnouncedChecksum } from './backing/port.ts'
import type { BucketCall, Call } from './call.ts'
import { followsCeph } from './dialect.ts'
import { S3Error } from './errors.ts'

type Headers = Readonly<Record<string, string>>

/** What of a call its body is read by. */
export type Sent = Pick<Call, 'request' | 'readContent'> & Partial<Pick<BucketCall, 'bucket'>>

/** Content that is on its way in. */
export interface Upload {
  /** In bytes, as the sender stated it; absent when nothing states it. Content of another length fails at its end. */
  readonly size?: number
  /** Its last bytes come only once everything that vouches for it was checked: whoever has them all has the truth. */
  readonly content: AsyncIterable<Buffer>
  /** The checksums that were sent along, proven; to be called when the content has ended. */
  readonly checksums: () => Readonly<Record<string, string>>
  /** The checksum that the head states, or says that a trailer will. */
  readonly announced?: AnnouncedChecksum
}

/** Lengths of the checksums in bytes. */
const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
}

/** Canonical base64 of exactly so many bytes. */
const isDigest = (value: string, bytes: number) => {
  const decoded = Buffer.from(value, 'base64')
  return decoded.length === bytes && decoded.toString('base64') === value
}

/** The one `x-amz-checksum-…` header, when there is one. */
function parseStatedChecksum(
  headers: Headers,
  ceph: boolean,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const stated = Object.entries(headers).flatMap(([name, value]) => {
    const algorithm = checksumAlgorithmOf(name)
    return algorithm === undefined ? [] : [{ algorithm, value }]
  })
  const [first, second] = stated
  if (second) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    })
  }
  if (first && !isDigest(first.value, CHECKSUM_BYTES[first.algorithm])) {
    if (ceph) throw new S3Error('BadDigest')
    throw new S3Error('InvalidRequest', { message: `Value for x-amz-checksum-${first.algorithm} header is invalid.` })
  }
  const announced = headers['x-amz-sdk-checksum-algorithm']
  if (announced !== undefined && !first && headers['x-amz-trailer'] === undefined) {
    throw new S3Error('InvalidRequest', {
      message:
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    })
  }
  return first
}

/** The checksum that is to come behind the content. */
function announcedTrailer(headers: Headers): AnnouncedChecksum | undefined {
  const names = (headers['x-amz-trailer'] ?? '').split(',')
  const algorithm = names.map((name) => checksumAlgorithmOf(name.trim().toLowerCase())).find(Boolean)
  return algorithm && { algorithm }
}

function parseLength(headers: Headers): number | undefined {
  const text = headers['content-length']
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new S3Error('InvalidArgument', { elements: { ArgumentName: 'Content-Length' } })
  return Number(text)
}

/** Fails at the end when the MD5 is not the one that Content-MD5 stated. */
async function* matchingMd5(source: AsyncIterable<Uint8Array>, stated: string): AsyncGenerator<Uint8Array> {
  const md5 = createHash('md5')
  for await (const bytes of source) {
    md5.update(bytes)
    yield bytes
  }
  if (md5.digest('base64') !== stated) throw new S3Error('BadDigest')
}

/** Holds the latest chunk back until the next one, or a clean end, proves that it may go. */
async function* heldBack(source: AsyncIterable<Uint8Array>, size: number | undefined): AsyncGenerator<Buffer> {
  let held: Uint8Array | undefined
  let length = 0
  for await (const bytes of source) {
    length += bytes.length
    if (size !== undefined && length > size) throw new S3Error('IncompleteBody')
    if (bytes.length === 0) continue
    if (held) yield asBuffer(held)
    held = bytes
  }
  if (size !== undefined && length !== size) throw new S3Error('IncompleteBody')
  if (held) yield asBuffer(held)
}

const asBuffer = (bytes: Uint8Array) =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * The call's body as the content that its sender vouched for: framing off, payload hash, chunk signatures, trailing and
 * stated checksums and Content-MD5 checked while it streams. Headers that cannot be right are refused before any byte.
 * @throws S3Error InvalidDigest, InvalidRequest, InvalidArgument; the content: BadDigest, IncompleteBody and what
 *   `ReadContent` throws
 */
export function readUpload({ request, readContent, bucket }: Sent): Upload {
  const { headers, body } = request
  const md5 = headers['content-md5']
  if (md5 !== undefined && !isDigest(md5, 16)) throw new S3Error('InvalidDigest')
  const stated = parseStatedChecksum(headers, bucket !== undefined && followsCeph(bucket))
  const sent: VerifiedContent = readContent(body)
  const size = sent.decodedLength ?? parseLength(headers)

  let bytes: AsyncIterable<Uint8Array> = sent
  if (stated) bytes = checksummed(bytes, stated.algorithm, () => stated.value)
  if (md5 !== undefined) bytes = matchingMd5(bytes, md5)

  const announced = stated ?? announcedTrailer(headers)
  return {
    ...(size !== undefined && { size }),
    ...(announced && { announced }),
    content: heldBack(bytes, size),
    checksums: () => {
      const trailing = [...sent.trailers].flatMap(([name, value]) => {
        const algorithm = checksumAlgorithmOf(name)
        return algorithm === undefined ? [] : [[algorithm, value] as const]
      })
      return Object.fromEntries(stated ? [...trailing, [stated.algorithm, stated.value] as const] : trailing)
    },
  }
}
