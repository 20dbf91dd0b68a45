import { accountKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present } from './fields.ts'

export interface Account {
  readonly account: string
  readonly name?: string
  readonly createdAt: number
  /** The root key that is in force; another root key of the account is refused. */
  readonly rootAccessKeyId?: string
  readonly revokedBefore?: number
}

export function accountItem(account: Account): Item {
  return { ...accountKey(account.account), ...present({ ...account }) }
}

export function parseAccount(item: Item): Account {
  const fields = new Fields(item)
  const name = fields.optionalText('name')
  const rootAccessKeyId = fields.optionalText('rootAccessKeyId')
  const revokedBefore = fields.optionalNumber('revokedBefore')
  return {
    account: fields.text('account'),
    createdAt: fields.number('createdAt'),
    ...(name === undefined ? {} : { name }),
    ...(rootAccessKeyId === undefined ? {} : { rootAccessKeyId }),
    ...(revokedBefore === undefined ? {} : { revokedBefore }),
  }
}

/** A 12-digit account behaves as AWS; any other id is a Ceph-style account with Ceph's wider rules. */
export type Dialect = 'aws' | 'ceph'

export const dialectOf = (account: string): Dialect => (/^\d{12}$/.test(account) ? 'aws' : 'ceph')

/** Any string of `[A-Za-z0-9_-]{0,64}`, the empty one included, except `aws`, which names the built-in policies. */
export const isAccountId = (text: string): boolean => /^[A-Za-z0-9_-]{0,64}$/.test(text) && text !== 'aws'
