import { hash } from 'node:crypto'

/** The account in the form of S3's canonical user ids: 64 hexadecimal digits that stay the same. */
export const canonicalUserId = (account: string): string => hash('sha256', `canonical-user:${account}`, 'hex')
