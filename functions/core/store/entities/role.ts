import { roleArn } from '../../arn.ts'
import { roleKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item } from '../port.ts'
import { Fields, present, storedTags, type Tag } from './fields.ts'

export interface Role {
  readonly account: string
  readonly roleName: string
  /** `AROA…`; a role made anew under the name has another, so that old sessions die. */
  readonly roleId: string
  /** Begins and ends with `/`. */
  readonly path: string
  readonly arn: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** As it was given, and as it is answered. */
  readonly trustPolicy: string
  /** The text that decides when it is there: users and roles stand in it by their unique ids, not by their ARNs. */
  readonly boundTrustPolicy?: string
  readonly description?: string
  /** Seconds, 3,600 … 43,200. */
  readonly maxSessionDuration: number
  /** Documents by name; in the role's own row, so that verifying a session needs no further read for them. */
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicies: readonly string[]
  readonly boundary?: string
  readonly tags: readonly Tag[]
  /** Sessions issued at or before this instant (ms) are refused. */
  readonly revokedBefore?: number
}

export function roleItem(role: Role): Item {
  const { arn: _derived, tags, ...attributes } = role
  return { ...roleKey(role.account, role.roleName), ...present({ ...attributes, tags: storedTags(tags) }) }
}

export const parseRole = parsedOnce((item: Item): Role => {
  const fields = new Fields(item)
  const [account, roleName, path] = [fields.text('account'), fields.text('roleName'), fields.text('path')]
  const boundTrustPolicy = fields.optionalText('boundTrustPolicy')
  const description = fields.optionalText('description')
  const boundary = fields.optionalText('boundary')
  const revokedBefore = fields.optionalNumber('revokedBefore')
  return {
    account,
    roleName,
    path,
    arn: roleArn(account, path, roleName),
    roleId: fields.text('roleId'),
    createdAt: fields.number('createdAt'),
    trustPolicy: fields.text('trustPolicy'),
    maxSessionDuration: fields.number('maxSessionDuration'),
    inlinePolicies: fields.textMap('inlinePolicies'),
    attachedPolicies: fields.texts('attachedPolicies'),
    tags: fields.tags('tags'),
    ...(boundTrustPolicy === undefined ? {} : { boundTrustPolicy }),
    ...(description === undefined ? {} : { description }),
    ...(boundary === undefined ? {} : { boundary }),
    ...(revokedBefore === undefined ? {} : { revokedBefore }),
  }
})
