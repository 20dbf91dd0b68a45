import { randomPoolBytes } from './random-pool.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** AWS's prefixes of unique identifiers (IAM User Guide, "IAM identifiers"). */
export type UniqueIdPrefix = 'AKIA' | 'ASIA' | 'AROA' | 'AIDA' | 'AGPA' | 'ANPA'

/** `AKIA…` or `ASIA…` with 16 characters of 5 random bits each. */
export function newAccessKeyId(kind: 'AKIA' | 'ASIA'): string {
  return kind + base32(16)
}

/** `AIDA…`, `AROA…`: 21 characters, never used again, also when a name is. */
export function newUniqueId(prefix: Exclude<UniqueIdPrefix, 'AKIA' | 'ASIA'>): string {
  return prefix + base32(17)
}

/** 40 letters and digits (238 bits): no character that a shell, a URL or an INI file would need to escape. */
export function newSecretAccessKey(): string {
  const secret = Buffer.allocUnsafe(40)
  let filled = 0
  while (filled < secret.length) {
    const bytes = randomPoolBytes(64)
    for (let at = 0; at < bytes.length && filled < secret.length; at++) {
      const byte = bytes[at] ?? 255
      // 248 = 4 × 62: larger bytes are dropped, so that every character is equally likely.
      if (byte < 248) secret[filled++] = ALPHANUMERIC.charCodeAt(byte % 62)
    }
  }
  return secret.toString('latin1')
}

/** Random characters of [A-Z2-7]; 256 is a multiple of 32, so none is more likely than another. */
function base32(length: number): string {
  const text = randomPoolBytes(length)
  for (let at = 0; at < length; at++) text[at] = BASE32.charCodeAt((text[at] ?? 0) & 31)
  return text.toString('latin1')
}
