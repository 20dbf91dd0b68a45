import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { CredentialScope } from './signature.ts'

const LIMIT = 1_000
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
const SIGNATURE_DIGITS = 2 * DIGEST_BYTES

// Filled and read within one call, which nothing interrupts.
let inner = Buffer.alloc(1024)
const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)
const expected = Buffer.alloc(SIGNATURE_DIGITS)
const given = Buffer.alloc(SIGNATURE_DIGITS)

/**
 * A key that signs within one scope (IAM User Guide, "Derive a signing key for SigV4"). Its HMAC-SHA256 is put together from
 * two hashes (RFC 2104), each one call: an Hmac object costs three times as much, of which most is making and collecting it.
 */
export class SigningKey {
  readonly #innerPad: Buffer
  readonly #outerPad: Buffer

  constructor(secretAccessKey: string, { date, region, service }: CredentialScope) {
    let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`)
    for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest()
    this.#innerPad = padded(key, 0x36)
    this.#outerPad = padded(key, 0x5c)
  }

  /** The signature of a text: 64 lower-case hexadecimal digits. */
  sign(text: string): string {
    const atMost = BLOCK_BYTES + 3 * text.length
    if (inner.length < atMost) inner = Buffer.alloc(atMost)
    inner.set(this.#innerPad)
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'utf8')
    outer.set(this.#outerPad)
    outer.write(hash('sha256', inner.subarray(0, end)), BLOCK_BYTES, 'hex')
    return hash('sha256', outer)
  }

  /** Whether this is the text's signature, in a time that does not depend on the answer. */
  hasSigned(text: string, claimedSignature: string): boolean {
    if (claimedSignature.length !== SIGNATURE_DIGITS) return false
    expected.write(this.sign(text), 'latin1')
    given.write(claimedSignature, 'utf8') // of any other character than a digit more bytes come, of which none is a digit
    return timingSafeEqual(expected, given)
  }
}

function padded(key: Buffer, value: number): Buffer {
  const pad = Buffer.alloc(BLOCK_BYTES, value)
  key.forEach((byte, at) => {
    pad[at] = byte ^ value
  })
  return pad
}

/**
 * Signing keys that have proven themselves, by scope and secret: a key follows from these alone, so what is kept is
 * immutable, and a changed secret finds nothing. Secrets that are in use lie in memory anyway (sealed-secret.ts).
 */
const kept = new Map<string, SigningKey>()

interface FoundSigningKey {
  readonly key: SigningKey
  /** Keeps the key for the next request; called only after it has verified a signature, so that strangers fill nothing. */
  keep(): void
}

/** The key that signs within one scope. */
export function signingKey(secretAccessKey: string, scope: CredentialScope): FoundSigningKey {
  const id = `${scope.date}/${scope.region}/${scope.service}/${secretAccessKey}`
  const found = kept.get(id)
  const key = found ?? new SigningKey(secretAccessKey, scope)
  return {
    key,
    keep() {
      // While there is room for as many again, the order in which they would leave is nobody's concern.
      if (found && kept.size <= LIMIT / 2) return
      kept.delete(id)
      kept.set(id, key)
      if (kept.size > LIMIT) for (const oldest of kept.keys()) return void kept.delete(oldest)
    },
  }
}
