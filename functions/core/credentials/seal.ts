import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { KeyRing, Purpose, RingKey } from './key-ring.ts'
import { randomPoolBytes } from './random-pool.ts'

/**
 * Layout of a sealed text: format (1 byte), key id (4), nonce (12), AES-256-GCM ciphertext, tag (16).
 * The purpose picks the subkey; purpose and `boundTo` (an access key id) are associated data, so that a sealed text cannot
 * be moved to another place or another key.
 */
const FORMAT = 1
const HEADER = 5
const NONCE = 12
const TAG = 16

export async function seal(ring: KeyRing, purpose: Purpose, boundTo: string, plaintext: Buffer): Promise<Buffer> {
  return sealWith(await ring.sealingKey(), purpose, boundTo, plaintext)
}

/** The same with a key that the ring's `sealingKey` has just given: for who seals more than once in one step. */
export function sealWith(key: RingKey, purpose: Purpose, boundTo: string, plaintext: string | Buffer): Buffer {
  const nonce = randomPoolBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key.subkey(purpose), nonce)
  cipher.setAAD(associatedData(purpose, boundTo))
  const ciphertext = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext)
  cipher.final()
  const sealed = Buffer.allocUnsafe(HEADER + NONCE + ciphertext.length + TAG)
  sealed[0] = FORMAT
  sealed.write(key.id, 1, 'hex')
  sealed.set(nonce, HEADER)
  sealed.set(ciphertext, HEADER + NONCE)
  sealed.set(cipher.getAuthTag(), HEADER + NONCE + ciphertext.length)
  return sealed
}

/** The plaintext, or `undefined` when the text is damaged, forged, sealed for something else, or its key is gone. */
export async function open(
  ring: KeyRing,
  purpose: Purpose,
  boundTo: string,
  unverified: Buffer,
): Promise<Buffer | undefined> {
  if (unverified.length < HEADER + NONCE + TAG || unverified[0] !== FORMAT) return undefined
  const key = await ring.find(unverified.toString('hex', 1, HEADER))
  if (!key) return undefined
  const end = unverified.length - TAG
  const decipher = createDecipheriv('aes-256-gcm', key.subkey(purpose), unverified.subarray(HEADER, HEADER + NONCE), {
    authTagLength: TAG,
  })
  decipher.setAAD(associatedData(purpose, boundTo))
  decipher.setAuthTag(unverified.subarray(end))
  const plaintext = decipher.update(unverified.subarray(HEADER + NONCE, end))
  try {
    decipher.final()
  } catch {
    return undefined // The tag does not fit: this is what a forgery looks like.
  }
  return plaintext
}

/** The id of the key that a text says it was sealed by, unproven; `undefined` when it is no sealed text. */
export function keyIdOf(sealed: Buffer): string | undefined {
  return sealed.length < HEADER || sealed[0] !== FORMAT ? undefined : sealed.toString('hex', 1, HEADER)
}

const associatedData = (purpose: Purpose, boundTo: string) => Buffer.from(`${purpose}\0${boundTo}`, 'utf8')
