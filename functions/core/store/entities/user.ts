import { userArn } from '../../arn.ts'
import { userKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item } from '../port.ts'
import { Fields, present, storedTags, type Tag } from './fields.ts'

export interface User {
  readonly account: string
  readonly userName: string
  /** `AIDA…` */
  readonly userId: string
  readonly path: string
  readonly arn: string
  readonly createdAt: number
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicies: readonly string[]
  /** Names of the groups that the user is in. */
  readonly groups: readonly string[]
  /** A key that is not named here is none of the user's, whatever the key's own row says. */
  readonly accessKeyIds: readonly string[]
  readonly boundary?: string
  readonly tags: readonly Tag[]
  readonly revokedBefore?: number
}

export function userItem(user: User): Item {
  const { arn: _derived, tags, ...attributes } = user
  return { ...userKey(user.account, user.userName), ...present({ ...attributes, tags: storedTags(tags) }) }
}

export const parseUser = parsedOnce((item: Item): User => {
  const fields = new Fields(item)
  const [account, userName, path] = [fields.text('account'), fields.text('userName'), fields.text('path')]
  const boundary = fields.optionalText('boundary')
  const revokedBefore = fields.optionalNumber('revokedBefore')
  return {
    account,
    userName,
    path,
    arn: userArn(account, path, userName),
    userId: fields.text('userId'),
    createdAt: fields.number('createdAt'),
    inlinePolicies: fields.textMap('inlinePolicies'),
    attachedPolicies: fields.texts('attachedPolicies'),
    groups: fields.texts('groups'),
    accessKeyIds: fields.texts('accessKeyIds'),
    tags: fields.tags('tags'),
    ...(boundary === undefined ? {} : { boundary }),
    ...(revokedBefore === undefined ? {} : { revokedBefore }),
  }
})
