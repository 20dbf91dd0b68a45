import type { KeyRing } from '../credentials/key-ring.ts'
import { open, seal } from '../credentials/seal.ts'

/** A device's seed as the table keeps it: base64, sealed by the long-term ring for this serial number. */
export async function sealSeed(ring: KeyRing, serialNumber: string, seed: Buffer): Promise<string> {
  return (await seal(ring, 'mfa-seed', serialNumber, seed)).toString('base64')
}

/** The seed, or `undefined` when the ring's key is gone or the row was tampered with. */
export function openSeed(ring: KeyRing, serialNumber: string, sealed: string): Promise<Buffer | undefined> {
  return open(ring, 'mfa-seed', serialNumber, Buffer.from(sealed, 'base64'))
}
