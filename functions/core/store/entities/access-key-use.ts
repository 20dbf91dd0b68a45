import { accessKeyUseKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields } from './fields.ts'

/** The last use of a long-term key that was noted. */
export interface AccessKeyUse {
  readonly accessKeyId: string
  /** Seconds since the epoch. */
  readonly usedAt: number
  /** `sts`, `iam`, `s3` */
  readonly service: string
  /** As the signature has it. */
  readonly region: string
}

export const accessKeyUseItem = (use: AccessKeyUse): Item => ({ ...accessKeyUseKey(use.accessKeyId), ...use })

export function parseAccessKeyUse(item: Item): AccessKeyUse {
  const fields = new Fields(item)
  return {
    accessKeyId: fields.text('accessKeyId'),
    usedAt: fields.number('usedAt'),
    service: fields.text('service'),
    region: fields.text('region'),
  }
}
