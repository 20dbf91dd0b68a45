import type { KeyRing } from './key-ring.ts'
import { open, seal } from './seal.ts'

type SecretPurpose = 'session-secret' | 'long-term-secret'

/** A secret access key as the table keeps it: base64 of the sealed text, bound to its access key id. */
export async function sealSecret(
  ring: KeyRing,
  purpose: SecretPurpose,
  accessKeyId: string,
  secret: string,
): Promise<string> {
  const sealed = await seal(ring, purpose, accessKeyId, Buffer.from(secret, 'utf8'))
  return sealed.toString('base64')
}

/** The secret access key, or `undefined` when the ring's key is gone or the row was tampered with. */
export async function openSecret(
  ring: KeyRing,
  purpose: SecretPurpose,
  accessKeyId: string,
  sealed: string,
): Promise<string | undefined> {
  const plaintext = await open(ring, purpose, accessKeyId, Buffer.from(sealed, 'base64'))
  return plaintext?.toString('utf8')
}
