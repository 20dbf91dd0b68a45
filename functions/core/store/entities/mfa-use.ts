import { mfaUseKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present } from './fields.ts'

/** Which codes of a second-factor device are spent, and how often it was guessed at. */
export interface MfaUse {
  readonly account: string
  readonly deviceName: string
  /** Of the seed that all this was said of: a device made anew under the name has another. */
  readonly seedId: string
  /** The time step of the last code that was accepted: it and every earlier one are spent. */
  readonly lastUsedStep?: number
  /** Wrong codes in a row. */
  readonly failures?: number
  /** Until when (ms) no code is accepted, after too many wrong ones. */
  readonly lockedUntil?: number
}

export const mfaUseItem = (use: MfaUse): Item => ({ ...mfaUseKey(use.account, use.deviceName), ...present({ ...use }) })

export function parseMfaUse(item: Item): MfaUse {
  const fields = new Fields(item)
  const lastUsedStep = fields.optionalNumber('lastUsedStep')
  const failures = fields.optionalNumber('failures')
  const lockedUntil = fields.optionalNumber('lockedUntil')
  return {
    account: fields.text('account'),
    deviceName: fields.text('deviceName'),
    seedId: fields.text('seedId'),
    ...(lastUsedStep === undefined ? {} : { lastUsedStep }),
    ...(failures === undefined ? {} : { failures }),
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
  }
}
