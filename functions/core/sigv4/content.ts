import { createHash } from 'node:crypto'
import { checksumAlgorithmOf, checksummed } from '../checksum/checksum.ts'
import { ChunkSigner } from './chunk-signer.ts'
import { decodeChunked } from './chunked.ts'
import { headerOf } from './headers.ts'
import { parseContentSha256 } from './payload-mode.ts'
import { SignatureRefusal } from './refusal.ts'
import type { PayloadMode, VerifiedSignature } from './signature.ts'

export interface VerifiedContent extends AsyncIterable<Uint8Array> {
  /** The content's length in bytes when the request states it apart from the body's (x-amz-decoded-content-length). */
  readonly decodedLength?: number
  /** Trailing headers by lower-case name; filled when the iteration has ended. */
  readonly trailers: ReadonlyMap<string, string>
}

/**
 * The content of a streamed S3 body, as its verified signature binds it: hashed, chunked and signed, or unsigned; a
 * checksum in a trailer is checked too. Nothing of it is proven before the iteration has ended without an error
 * (SignatureRefusal, ChecksumMismatch): keep what was read aside until then.
 */
export function verifiedContent(
  verified: VerifiedSignature,
  headers: Readonly<Record<string, string>>,
  source: AsyncIterable<Uint8Array>,
): VerifiedContent {
  return boundContent(verified.payload, new ChunkSigner(verified), headers, source)
}

/** The content of a streamed S3 body without a signature; its own hash or checksum is checked where it states one. */
export function anonymousContent(
  headers: Readonly<Record<string, string>>,
  source: AsyncIterable<Uint8Array>,
): VerifiedContent {
  const stated = headerOf(headers, 'x-amz-content-sha256')
  const payload = stated === undefined ? ({ mode: 'unsigned' } as const) : parseContentSha256(stated)
  if (payload === undefined) throw new SignatureRefusal('content-sha256-malformed')
  if (payload.mode === 'streaming' && payload.signed) throw new SignatureRefusal('payload-not-signed')
  return boundContent(payload, undefined, headers, source)
}

function boundContent(
  payload: PayloadMode,
  signer: ChunkSigner | undefined,
  headers: Readonly<Record<string, string>>,
  source: AsyncIterable<Uint8Array>,
): VerifiedContent {
  const trailers = new Map<string, string>()
  if (payload.mode === 'sha256') return content(hashed(source, payload.sha256), trailers)
  if (payload.mode !== 'streaming') return content(source, trailers)
  const decodedLength = parseDecodedLength(headerOf(headers, 'x-amz-decoded-content-length'))
  const trailerNames = payload.trailer ? parseTrailerNames(headerOf(headers, 'x-amz-trailer')) : []
  const chunks = { signer: payload.signed ? signer : undefined, decodedLength, trailerNames, trailers }
  let bytes: AsyncIterable<Uint8Array> = decodeChunked(source, chunks)
  for (const name of trailerNames) {
    const algorithm = checksumAlgorithmOf(name)
    if (algorithm !== undefined) bytes = checksummed(bytes, algorithm, () => trailers.get(name))
  }
  return content(bytes, trailers, decodedLength)
}

/** Passes bytes on and refuses at their end when their SHA-256 is not the one that was signed. */
async function* hashed(source: AsyncIterable<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256')
  for await (const bytes of source) {
    digest.update(bytes)
    yield bytes
  }
  if (digest.digest('hex') !== sha256) throw new SignatureRefusal('content-sha256-mismatch')
}

function content(
  bytes: AsyncIterable<Uint8Array>,
  trailers: ReadonlyMap<string, string>,
  decodedLength?: number,
): VerifiedContent {
  return {
    [Symbol.asyncIterator]: () => bytes[Symbol.asyncIterator](),
    trailers,
    ...(decodedLength === undefined ? {} : { decodedLength }),
  }
}

function parseDecodedLength(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new SignatureRefusal('decoded-length-missing')
  return Number(text)
}

function parseTrailerNames(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name, index) => name !== '' && names.indexOf(name) === index)
}
