import { createHash } from 'node:crypto'
import { ByteReader } from './byte-reader.ts'
import type { ChunkSigner } from './chunk-signer.ts'
import { SignatureRefusal } from './refusal.ts'

export const MAX_SIGNED_CHUNK_BYTES = 16 * 1024 * 1024

const MAX_LINE_BYTES = 128
const MAX_TRAILER_BYTES = 8 * 1024
const CHUNK_LINE = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/
const TRAILER_LINE = /^([A-Za-z0-9-]{1,64}):[ \t]*([\x21-\x7e]{1,1024})[ \t]*$/

interface ChunkedOptions {
  /** Present when every chunk is signed. */
  readonly signer: ChunkSigner | undefined
  /** x-amz-decoded-content-length, in bytes. */
  readonly decodedLength: number
  /** The names that x-amz-trailer announced, in lower case; exactly these must come. */
  readonly trailerNames: readonly string[]
  /** Filled when the last byte has been read. */
  readonly trailers: Map<string, string>
}

/**
 * The content of an aws-chunked body. With a signer, a chunk's bytes are given only after its signature is proven, which
 * is why such a chunk has a limit. Without one, bytes are given as they arrive. Either way the content is whole, and the
 * trailers are there, only when the iteration ends without a SignatureRefusal.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeChunked(
  source: AsyncIterable<Uint8Array>,
  { signer, decodedLength, trailerNames, trailers }: ChunkedOptions,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source)
  try {
    let left = decodedLength
    for (;;) {
      const { size, signature } = parseChunkLine(await reader.readLine(MAX_LINE_BYTES), signer !== undefined)
      if (size > left) throw new SignatureRefusal('body-incomplete')
      left -= size
      const bytes = reader.read(size)
      yield* signer === undefined ? bytes : await provenChunk(bytes, size, signer, signature)
      if (size === 0) break
      if ((await reader.readLine(0)) !== '') throw new SignatureRefusal('chunk-malformed')
    }
    if (left !== 0) throw new SignatureRefusal('body-incomplete')
    const rest = await reader.readRest(MAX_TRAILER_BYTES)
    for (const [name, value] of parseTrailers(rest, trailerNames, signer)) trailers.set(name, value)
  } finally {
    await reader.close()
  }
}

function parseChunkLine(line: string, signed: boolean): { size: number; signature: string } {
  const [match, size = '', signature = ''] = CHUNK_LINE.exec(line) ?? []
  if (match === undefined || signed !== (signature !== '')) throw new SignatureRefusal('chunk-malformed')
  return { size: Number.parseInt(size, 16), signature }
}

async function provenChunk(
  bytes: AsyncIterable<Buffer>,
  size: number,
  signer: ChunkSigner,
  signature: string,
): Promise<Buffer[]> {
  if (size > MAX_SIGNED_CHUNK_BYTES) {
    throw new SignatureRefusal('chunk-too-large', { limit: String(MAX_SIGNED_CHUNK_BYTES) })
  }
  const digest = createHash('sha256')
  const pieces: Buffer[] = []
  for await (const piece of bytes) {
    digest.update(piece)
    pieces.push(piece)
  }
  signer.requireChunk(digest.digest('hex'), signature)
  return pieces
}

/**
 * Lines end in CR LF; minio-go ends a trailer in LF CR LF, as S3 accepts, so blank lines count for nothing. What was
 * announced must come, once, and nothing else; signed trailers end with their signature.
 */
function parseTrailers(text: string, names: readonly string[], signer: ChunkSigner | undefined): Map<string, string> {
  const trailers = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue
    const [, name = '', value = ''] = TRAILER_LINE.exec(line) ?? []
    const key = name.toLowerCase()
    if (name === '' || trailers.has(key) || trailers.has(TRAILER_SIGNATURE)) {
      throw new SignatureRefusal('trailer-malformed')
    }
    trailers.set(key, value)
  }
  const signature = trailers.get(TRAILER_SIGNATURE)
  trailers.delete(TRAILER_SIGNATURE)
  const announced = names.length === trailers.size && names.every((name) => trailers.has(name))
  const signs = signer !== undefined && names.length > 0
  if (!announced || signs !== (signature !== undefined)) throw new SignatureRefusal('trailer-malformed')
  if (signs) {
    const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('')
    signer.requireTrailers(canonical, signature ?? '')
  }
  return trailers
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature'
