import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const STEP_MS = 30_000
const SEED_BYTES = 40

/** A new seed: 320 random bits, as AWS's virtual devices have them. */
export const createTotpSeed = (): Buffer => randomBytes(SEED_BYTES)

/** The 30-second step that an instant (ms) lies in (RFC 6238, section 4). */
export const totpStep = (now: number): number => Math.floor(now / STEP_MS)

/** The code of a step: SHA-1 and six digits, which is what authenticator apps have (RFC 6238; RFC 4226, section 5.3). */
export function totpCode(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', seed).update(counter).digest()
  const offset = (digest[digest.length - 1] ?? 0) & 0x0f
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/**
 * The latest step after `lastUsedStep` whose code this is: the one of now, the one before or the one after, so that clocks
 * may differ by half a minute (RFC 6238, section 5.2). `undefined`: a wrong or a spent code.
 */
export function matchingStep(
  seed: Uint8Array,
  code: string,
  { now, lastUsedStep = -1 }: { readonly now: number; readonly lastUsedStep?: number },
): number | undefined {
  const given = Buffer.from(code)
  let match: number | undefined
  // All three are compared, so that the time it takes tells nothing.
  for (const step of [totpStep(now) - 1, totpStep(now), totpStep(now) + 1]) {
    const right = Buffer.from(totpCode(seed, step))
    if (given.length === right.length && timingSafeEqual(given, right) && step > lastUsedStep) match = step
  }
  return match
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 without padding: how authenticator apps take a seed. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(held >>> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text
}
