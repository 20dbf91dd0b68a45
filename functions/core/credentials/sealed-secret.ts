import type { KeyRing, RingKey } from './key-ring.ts'
import { OpenedTexts } from './opened-texts.ts'
import { keyIdOf, open, sealWith } from './seal.ts'

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
  const known = opened.find(ring, sealed)
  if (known?.purpose === purpose && known.accessKeyId === accessKeyId) return known.secret
  const bytes = Buffer.from(sealed, 'base64')
  const plaintext = await open(ring, purpose, accessKeyId, bytes)
  if (plaintext === undefined) return undefined
  const secret = plaintext.toString('utf8')
  opened.keep(ring, keyIdOf(bytes) ?? '', sealed, { purpose, accessKeyId, secret })
  return secret
}

/** Secrets of keys that are in use; the ring that opens them lies in memory too. */
const opened = new OpenedTexts<{
  readonly purpose: SecretPurpose
  readonly accessKeyId: string
  readonly secret: string
}>()
