import type { KeyRing, RingKey } from './key-ring.ts'
import { open, sealWith } from './seal.ts'

type SecretPurpose = 'session-secret' | 'long-term-secret'

/** A secret access key as the table keeps it: base64 of the sealed text, bound to its access key id. */
export async function sealSecret(
  ring: KeyRing,
  purpose: SecretPurpose,
  accessKeyId: string,
  secret: string,
): Promise<string> {
  return sealSecretWith(await ring.sealingKey(), purpose, accessKeyId, secret)
}

/** The same with a key that the ring's `sealingKey` has just given. */
export function sealSecretWith(key: RingKey, purpose: SecretPurpose, accessKeyId: string, secret: string): string {
  return sealWith(key, purpose, accessKeyId, secret).toString('base64')
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
