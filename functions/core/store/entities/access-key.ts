import { accessKeyKey } from '../keys.ts'
import { parsedOnce } from '../parsed-once.ts'
import type { Item } from '../port.ts'
import { Fields, present } from './fields.ts'

/** A long-term key of a user or, without a user, of the account's root. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly account: string
  readonly userName?: string
  /** The secret, sealed by the long-term ring for this access key id. */
  readonly sealedSecret: string
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: number
}

export function accessKeyItem(key: AccessKey): Item {
  return { ...accessKeyKey(key.accessKeyId), ...present({ ...key }) }
}

export const parseAccessKey = parsedOnce((item: Item): AccessKey => {
  const fields = new Fields(item)
  const userName = fields.optionalText('userName')
  return {
    accessKeyId: fields.text('accessKeyId'),
    account: fields.text('account'),
    sealedSecret: fields.text('sealedSecret'),
    status: fields.text('status') === 'Active' ? 'Active' : 'Inactive',
    createdAt: fields.number('createdAt'),
    ...(userName === undefined ? {} : { userName }),
  }
})
