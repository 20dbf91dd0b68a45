import { StsError } from '@daypass/core/errors.ts'
import {
  type MfaDevice,
  mfaDeviceItem,
  mfaDeviceName,
  parseMfaDevice,
} from '@daypass/core/store/entities/mfa-device.ts'
import { KIND, mfaDeviceKey, mfaUseKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import type { IamCall } from './call.ts'
import { changeItem } from './change-item.ts'
import type { RowKind } from './row-kind.ts'

/** A device made anew under its name has another seed. */
export const DEVICE: RowKind<MfaDevice> = { id: 'sealedSeed', parse: parseMfaDevice, toItem: mfaDeviceItem }

/** The partition of an account's devices. */
export const devicePartition = ({ account }: IamCall) => `${KIND.mfa}#${account}`

/** `path` begins and ends with `/`. */
export const mfaDeviceArn = (account: string, path: string, name: string) => `arn:aws:iam::${account}:mfa${path}${name}`

/** The device of a serial number, if it is one of the account's. */
export async function findDevice({ store, account }: IamCall, serialNumber: string): Promise<MfaDevice | undefined> {
  const name = mfaDeviceName(serialNumber)
  const item = name === '' ? undefined : await store.get(mfaDeviceKey(account, name))
  const device = item && parseMfaDevice(item)
  // The key folds case and leaves the path out: only the serial number itself names the device.
  return device?.serialNumber === serialNumber ? device : undefined
}

/** Which codes of a device are spent, if any. */
export const findMfaUse = ({ store }: IamCall, { account, serialNumber }: MfaDevice): Promise<Item | undefined> =>
  store.get(mfaUseKey(account, mfaDeviceName(serialNumber)))

/** The devices that are enabled for a user. */
export async function devicesOf(call: IamCall, userName: string): Promise<readonly MfaDevice[]> {
  const devices: MfaDevice[] = []
  let after: string | undefined
  do {
    const { items, next } = await call.store.query(devicePartition(call), after === undefined ? {} : { after })
    devices.push(...items.map(parseMfaDevice).filter((device) => belongsTo(device, userName)))
    after = next
  } while (after !== undefined)
  return devices
}

export const belongsTo = (device: MfaDevice, userName: string): boolean =>
  device.userName?.toLowerCase() === userName.toLowerCase()

/** Devices go with a user that gets another name. */
export async function moveDevices(call: IamCall, formerName: string, userName: string): Promise<void> {
  for (const device of await devicesOf(call, formerName)) {
    await changeItem(call.store, DEVICE, device, (now) => (belongsTo(now, formerName) ? { ...now, userName } : now))
  }
}

export const noSuchDevice = (serialNumber: string) =>
  new StsError('NoSuchEntity', `VirtualMFADevice with serial number ${serialNumber} does not exist.`)
