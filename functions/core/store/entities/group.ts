import { groupArn } from '../../arn.ts'
import { groupKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item } from '../port.ts'
import { Fields } from './fields.ts'

export interface Group {
  readonly account: string
  readonly groupName: string
  /** `AGPA…` */
  readonly groupId: string
  readonly path: string
  readonly arn: string
  readonly createdAt: number
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicies: readonly string[]
}

export function groupItem({ arn: _derived, ...attributes }: Group): Item {
  return { ...groupKey(attributes.account, attributes.groupName), ...attributes }
}

export const parseGroup = parsedOnce((item: Item): Group => {
  const fields = new Fields(item)
  const [account, groupName, path] = [fields.text('account'), fields.text('groupName'), fields.text('path')]
  return {
    account,
    groupName,
    path,
    arn: groupArn(account, path, groupName),
    groupId: fields.text('groupId'),
    createdAt: fields.number('createdAt'),
    inlinePolicies: fields.textMap('inlinePolicies'),
    attachedPolicies: fields.texts('attachedPolicies'),
  }
})
