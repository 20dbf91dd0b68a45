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
  let secret = ''
  while (secret.length < 40) {
    for (const byte of randomPoolBytes(64)) {
      // 248 = 4 × 62: larger bytes are dropped, so that every character is equally likely.
      if (byte < 248) secret += ALPHANUMERIC[byte % 62]
      if (secret.length === 40) break
    }
  }
  return secret
}

/** Random characters of [A-Z2-7]; 256 is a multiple of 32, so none is more likely than another. */
function base32(length: number): string {
  let text = ''
  for (const byte of randomPoolBytes(length)) text += BASE32[byte & 31]
  return text
}
