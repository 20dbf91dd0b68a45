import { hash } from 'node:crypto'
import { SignatureRefusal } from './refusal.ts'
import type { VerifiedSignature } from './signature.ts'
import type { SigningKey } from './signing-key.ts'

const EMPTY_SHA256 = hash('sha256', '', 'hex')

/**
 * The chain of signatures of a streamed body: each chunk's speaks of the one before, the first of the request's own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkSigner {
  readonly #key: SigningKey
  readonly #context: string
  #previous: string

  constructor({ scope, basicTimestamp, signature, signingKey }: VerifiedSignature) {
    const { date, region, service } = scope
    this.#key = signingKey
    this.#context = `${basicTimestamp}\n${date}/${region}/${service}/aws4_request`
    this.#previous = signature
  }

  /** Proves the next chunk, by the SHA-256 of its bytes. */
  requireChunk(sha256: string, claimed: string): void {
    this.#require(`AWS4-HMAC-SHA256-PAYLOAD\n${this.#context}\n${this.#previous}\n${EMPTY_SHA256}\n${sha256}`, claimed)
  }

  /** Proves the trailers, given as `name:value\n` each. */
  requireTrailers(canonicalTrailers: string, claimed: string): void {
    const sha256 = hash('sha256', canonicalTrailers, 'hex')
    this.#require(`AWS4-HMAC-SHA256-TRAILER\n${this.#context}\n${this.#previous}\n${sha256}`, claimed)
  }

  #require(text: string, claimed: string): void {
    if (!this.#key.hasSigned(text, claimed)) throw new SignatureRefusal('chunk-signature-mismatch')
    this.#previous = claimed
  }
}
