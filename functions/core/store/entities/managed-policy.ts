import { policyArn } from '../../arn.ts'
import { policyKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present } from './fields.ts'

export interface ManagedPolicy {
  readonly account: string
  readonly policyName: string
  /** `ANPA…` */
  readonly policyId: string
  readonly path: string
  readonly arn: string
  readonly createdAt: number
  readonly description?: string
  /** `v1` … */
  readonly defaultVersionId: string
  /** The default version's text: what a decision reads. */
  readonly document: string
}

export function managedPolicyItem({ arn: _derived, ...attributes }: ManagedPolicy): Item {
  return { ...policyKey(attributes.account, attributes.policyName), ...present({ ...attributes }) }
}

export function parseManagedPolicy(item: Item): ManagedPolicy {
  const fields = new Fields(item)
  const [account, policyName, path] = [fields.text('account'), fields.text('policyName'), fields.text('path')]
  const description = fields.optionalText('description')
  return {
    account,
    policyName,
    path,
    arn: policyArn(account, path, policyName),
    policyId: fields.text('policyId'),
    createdAt: fields.number('createdAt'),
    defaultVersionId: fields.text('defaultVersionId'),
    document: fields.text('document'),
    ...(description === undefined ? {} : { description }),
  }
}
