import { mfaDeviceKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present, storedTags, type Tag } from './fields.ts'

/** A virtual second-factor device (RFC 6238). */
export interface MfaDevice {
  readonly account: string
  /** `arn:aws:iam::<account>:mfa/<name>` */
  readonly serialNumber: string
  /** Whose device it is, once it is enabled. */
  readonly userName?: string
  /** The seed, sealed by the long-term ring for this serial number. */
  readonly sealedSeed: string
  /** Seconds since the epoch. Absent: made, but not enabled. */
  readonly enabledAt?: number
  /** Absent: none. */
  readonly tags?: readonly Tag[]
}

/** The name of a device: the last part of its serial number. */
export const mfaDeviceName = (serialNumber: string): string => serialNumber.slice(serialNumber.lastIndexOf('/') + 1)

export function mfaDeviceItem({ tags, ...device }: MfaDevice): Item {
  const stored = tags && storedTags(tags)
  return {
    ...mfaDeviceKey(device.account, mfaDeviceName(device.serialNumber)),
    ...present({ ...device, tags: stored }),
  }
}

export function parseMfaDevice(item: Item): MfaDevice {
  const fields = new Fields(item)
  const userName = fields.optionalText('userName')
  const enabledAt = fields.optionalNumber('enabledAt')
  return {
    account: fields.text('account'),
    serialNumber: fields.text('serialNumber'),
    sealedSeed: fields.text('sealedSeed'),
    ...(userName === undefined ? {} : { userName }),
    ...(enabledAt === undefined ? {} : { enabledAt }),
    ...(item.tags === undefined ? {} : { tags: fields.tags('tags') }),
  }
}
