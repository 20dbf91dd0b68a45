import { hash } from 'node:crypto'
import type { AnnouncedChecksum } from '../port.ts'
import { checksumHeaders } from './checksum-fields.ts'
import type { Content } from './exchange.ts'

/** What comes in of an object or a part. */
interface Upload {
  /** Of an object: the headers that it keeps. */
  readonly headers?: Readonly<Record<string, string>>
  readonly size: number
  readonly content: AsyncIterable<Buffer>
  readonly checksums: () => Readonly<Record<string, string>>
  readonly announced?: AnnouncedChecksum
}

/** A body for the store and the headers that tell of it. */
interface Outgoing {
  readonly body: Buffer | Content
  readonly headers: Readonly<Record<string, string>>
}

/** Up to this size a content is read whole before it goes, so that it is signed, and can be sent again. */
const IN_HAND_BYTES = 64 * 1024

const CHUNK_BYTES = 1024 * 1024
const CR_LF = Buffer.from('\r\n')
/** Lengths of checksums in base64. */
const DIGITS: Readonly<Record<string, number>> = {
  crc32: 8,
  crc32c: 8,
  crc64nvme: 12,
  md5: 24,
  sha1: 28,
  sha256: 44,
  sha512: 88,
}

/**
 * The content on its way to the store, with the checksum that its sender states, which the store checks and keeps. One that
 * comes in a trailer goes out in one (`aws-chunked`, unsigned), since it is not known before the content has gone.
 * @throws whatever a content fails of that is read whole
 */
export async function outgoing({ size, content, checksums, announced, headers = {} }: Upload): Promise<Outgoing> {
  if (size <= IN_HAND_BYTES) {
    const body = Buffer.concat(await Array.fromAsync(content))
    return { body, headers: announced ? checksumHeaders(checksums()) : {} }
  }
  if (!announced || announced.value !== undefined) {
    const stated = announced?.value === undefined ? {} : { [announced.algorithm]: announced.value }
    return { body: { size, bytes: content, begun: false }, headers: checksumHeaders(stated) }
  }
  const { algorithm } = announced
  const name = `x-amz-checksum-${algorithm}`
  return {
    body: {
      size: framedSize(size, `${name}:${'='.repeat(DIGITS[algorithm] ?? 0)}`),
      bytes: framed(content, size, () => `${name}:${checksums()[algorithm] ?? ''}`),
      begun: false,
    },
    headers: {
      'content-encoding': ['aws-chunked', headers['content-encoding']].filter(Boolean).join(','),
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(size),
      'x-amz-trailer': name,
    },
  }
}

const head = (size: number) => `${size.toString(16)}\r\n`
const tail = (trailer: string) => `0\r\n${trailer}\r\n\r\n`

function framedSize(size: number, trailer: string): number {
  const whole = Math.floor(size / CHUNK_BYTES)
  const rest = size % CHUNK_BYTES
  const ofWhole = whole * (head(CHUNK_BYTES).length + CHUNK_BYTES + CR_LF.length)
  return ofWhole + (rest > 0 ? head(rest).length + rest + CR_LF.length : 0) + tail(trailer).length
}

/** Frames content in chunks of one length, the last excepted, so that the length of it all is known before. */
async function* framed(content: AsyncIterable<Buffer>, size: number, trailer: () => string): AsyncGenerator<Buffer> {
  let left = size
  let inChunk = 0
  for await (let bytes of content) {
    while (bytes.length > 0) {
      if (inChunk === 0) {
        inChunk = Math.min(CHUNK_BYTES, left)
        yield Buffer.from(head(inChunk))
      }
      const taken = bytes.subarray(0, inChunk)
      bytes = bytes.subarray(taken.length)
      inChunk -= taken.length
      left -= taken.length
      yield taken
      if (inChunk === 0) yield CR_LF
    }
  }
  yield Buffer.from(tail(trailer()))
}

/** A document as a body, with the MD5 that S3 demands of some. */
export function documentBody(document: string): { readonly body: Buffer; readonly headers: Record<string, string> } {
  const body = Buffer.from(document)
  return { body, headers: { 'content-type': 'application/xml', 'content-md5': hash('md5', body, 'base64') } }
}
