import { hash } from 'node:crypto'

/**
 * Canonical user ids: accounts in the form that S3 gives them, 64 hexadecimal digits that stay the same (more for ids of over
 * 31 characters). An obfuscated form of the account's id, as in AWS, and no secret.
 */

/** The one whom nobody signed for: who writes without a signature owns what it wrote (AWS's id for it, the same everywhere). */
export const ANONYMOUS_ID = '65a011a29cdf8ec533ec3d1ccaae921c'

const LEAST = 32
const MASK = hash('sha256', 'canonical-user', 'buffer')
const ACCOUNT = /^[A-Za-z0-9_-]{0,64}$/

const masked = (bytes: Buffer) => bytes.map((byte, index) => byte ^ (MASK[index % MASK.length] ?? 0))

export function canonicalUserId(account: string): string {
  const bytes = Buffer.alloc(Math.max(LEAST, 1 + account.length))
  bytes[0] = account.length
  bytes.write(account, 1, 'latin1')
  return Buffer.from(masked(bytes)).toString('hex')
}

/** The account that a canonical user id stands for, if it stands for one. That there is such an account is not proved. */
export function accountOf(id: string): string | undefined {
  if (!/^[0-9a-f]{64,130}$/.test(id)) return undefined
  const bytes = Buffer.from(masked(Buffer.from(id, 'hex')))
  const account = bytes.toString('latin1', 1, 1 + (bytes[0] ?? 0))
  return ACCOUNT.test(account) && canonicalUserId(account) === id ? account : undefined
}

/** What is told of an owner or grantee beside its id. */
export const displayName = (id: string): string => accountOf(id) ?? 'anonymous'
