import { accountKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item } from '../port.ts'
import { Fields, present } from './fields.ts'

export interface Account {
  readonly account: string
  readonly name?: string
  readonly createdAt: number
  /** The root key that was put in force last, by bootstrap or for want of another. */
  readonly rootAccessKeyId?: string
  /** Root's other key, which the IAM API made. */
  readonly secondRootAccessKeyId?: string
  /** The name that the account goes by. */
  readonly alias?: string
  /** Whether the account's sessions may get tokens of the deployment's own issuer. */
  readonly outboundFederation?: boolean
  readonly revokedBefore?: number
  /** The same for single configured identity sources (`oidc/default`), which have no row of their own. */
  readonly revokedSources?: Readonly<Record<string, number>>
}

/** Each source's mark is an attribute, so that it changes alone. */
export const sourceMark = (source: string): string => `revokedBefore:${source}`

export function accountItem({ revokedSources = {}, ...account }: Account): Item {
  const marks = Object.entries(revokedSources).map(([source, before]) => [sourceMark(source), before])
  return { ...accountKey(account.account), ...present({ ...account, ...Object.fromEntries(marks) }) }
}

export const parseAccount = parsedOnce((item: Item): Account => {
  const fields = new Fields(item)
  const name = fields.optionalText('name')
  const rootAccessKeyId = fields.optionalText('rootAccessKeyId')
  const secondRootAccessKeyId = fields.optionalText('secondRootAccessKeyId')
  const alias = fields.optionalText('alias')
  const revokedBefore = fields.optionalNumber('revokedBefore')
  const marks = Object.keys(item).filter((name) => name.startsWith(sourceMark('')))
  return {
    account: fields.text('account'),
    createdAt: fields.number('createdAt'),
    ...(name === undefined ? {} : { name }),
    ...(rootAccessKeyId === undefined ? {} : { rootAccessKeyId }),
    ...(secondRootAccessKeyId === undefined ? {} : { secondRootAccessKeyId }),
    ...(alias === undefined ? {} : { alias }),
    ...(item.outboundFederation === true ? { outboundFederation: true } : {}),
    ...(revokedBefore === undefined ? {} : { revokedBefore }),
    ...(marks.length === 0 ? {} : { revokedSources: sourcesOf(marks, fields) }),
  }
})

const sourcesOf = (marks: readonly string[], fields: Fields) =>
  Object.fromEntries(marks.map((name) => [name.slice(sourceMark('').length), fields.number(name)]))

/** The keys of root that are in force, at most two: any other that a row calls root's is none. */
export const rootAccessKeyIds = ({ rootAccessKeyId, secondRootAccessKeyId }: Account): readonly string[] =>
  [...new Set([rootAccessKeyId, secondRootAccessKeyId])].filter((id) => id !== undefined)

/** A 12-digit account behaves as AWS; any other id is a Ceph-style account with Ceph's wider rules. */
export type Dialect = 'aws' | 'ceph'

export const dialectOf = (account: string): Dialect => (/^\d{12}$/.test(account) ? 'aws' : 'ceph')

/** Any string of `[A-Za-z0-9_-]{0,64}`, the empty one included, except `aws`, which names the built-in policies. */
export const isAccountId = (text: string): boolean => /^[A-Za-z0-9_-]{0,64}$/.test(text) && text !== 'aws'
