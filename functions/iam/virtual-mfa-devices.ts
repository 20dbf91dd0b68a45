import type {
  CreateVirtualMFADeviceRequest,
  CreateVirtualMFADeviceResponse,
  DeleteVirtualMFADeviceRequest,
  ListVirtualMFADevicesRequest,
  ListVirtualMFADevicesResponse,
} from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { sealSeed } from '@daypass/core/mfa/sealed-seed.ts'
import { base32, createTotpSeed } from '@daypass/core/mfa/totp.ts'
import { createVirtualMfaDeviceModel } from '@daypass/core/model/iam/create-virtual-mfa-device.ts'
import { deleteVirtualMfaDeviceModel } from '@daypass/core/model/iam/delete-virtual-mfa-device.ts'
import { listVirtualMfaDevicesModel } from '@daypass/core/model/iam/list-virtual-mfa-devices.ts'
import {
  type MfaDevice,
  mfaDeviceItem,
  mfaDeviceName,
  parseMfaDevice,
} from '@daypass/core/store/entities/mfa-device.ts'
import { parseUser } from '@daypass/core/store/entities/user.ts'
import { userKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed, type Item } from '@daypass/core/store/port.ts'
import { listedUser } from './api-user.ts'
import { type IamCall, iamOperation } from './call.ts'
import { removeItem } from './change-item.ts'
import { DEVICE, devicePartition, findDevice, findMfaUse, mfaDeviceArn, noSuchDevice } from './mfa-devices.ts'
import { pageOfRows } from './pages.ts'
import { qrPng } from './qr-png.ts'
import { apiTags, parseTags, requestTagKeys, resourceTagKeys } from './tags.ts'

/** The model sets no limit; a serial number may have 256 characters. */
const LONGEST_NAME = 226

/** The one answer that ever holds the seed, as the bytes of its base32 text: what authenticator apps take by hand. */
export const createVirtualMfaDevice = iamOperation<CreateVirtualMFADeviceRequest, CreateVirtualMFADeviceResponse>(
  createVirtualMfaDeviceModel,
  async (call, { VirtualMFADeviceName: name = '', Path: path = '/', Tags }) => {
    const tags = parseTags(call, Tags)
    const serialNumber = mfaDeviceArn(call.account, path, name)
    await call.demand('iam:CreateVirtualMFADevice', serialNumber, requestTagKeys(tags))
    if (tags.length > 0) await call.demand('iam:TagMFADevice', serialNumber, requestTagKeys(tags))
    if (name.length > LONGEST_NAME || serialNumber.length > 256) {
      throw new StsError('ValidationError', 'The serial number, which holds path and name, may have 256 characters')
    }
    const seed = createTotpSeed()
    const device: MfaDevice = {
      account: call.account,
      serialNumber,
      sealedSeed: await sealSeed(call.deps.longTermRing, serialNumber, seed),
      ...(tags.length > 0 ? { tags } : {}),
    }
    try {
      await call.store.put(mfaDeviceItem(device), { condition: { exists: false } })
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
      throw new StsError('EntityAlreadyExists', 'MFADevice entity at the same path and name already exists.')
    }
    const Base32StringSeed = Buffer.from(base32(seed), 'ascii')
    const shown = tags.length > 0 ? { Tags: apiTags(tags) } : {}
    const QRCodePNG = qrPng(otpauthUrl(call.account, serialNumber, base32(seed)))
    return { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed, QRCodePNG, ...shown } }
  },
)

/** What authenticator programs scan (Google Authenticator's key URI format, which AWS's QR codes hold). */
function otpauthUrl(account: string, serialNumber: string, secret: string): string {
  const label = `${mfaDeviceName(serialNumber)}@${account}`
  return `otpauth://totp/Daypass:${encodeURIComponent(label)}?secret=${secret}&issuer=Daypass`
}

export const deleteVirtualMfaDevice = iamOperation<DeleteVirtualMFADeviceRequest, void>(
  deleteVirtualMfaDeviceModel,
  async (call, { SerialNumber: serialNumber = '' }) => {
    const device = await findDevice(call, serialNumber)
    await call.demand('iam:DeleteVirtualMFADevice', serialNumber, resourceTagKeys(device?.tags ?? []))
    if (!device) throw noSuchDevice(serialNumber)
    const use = await findMfaUse(call, device)
    await removeItem(call.store, DEVICE, device, ({ userName }) => {
      if (userName === undefined) return
      throw new StsError('DeleteConflict', 'Cannot delete a MFA device that is enabled. Deactivate it first.')
    })
    if (use) await forgetUse(call, use)
  },
)

export const listVirtualMfaDevices = iamOperation<ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse>(
  listVirtualMfaDevicesModel,
  async (call, input) => {
    const { AssignmentStatus: wanted = 'Any' } = input
    await call.demand('iam:ListVirtualMFADevices', mfaDeviceArn(call.account, '/', ''))
    const isWanted = ({ userName }: MfaDevice) =>
      wanted === 'Any' || (wanted === 'Assigned') === (userName !== undefined)
    const page = await pageOfRows(call.store, devicePartition(call), input, (items) =>
      withUsers(call, items.map(parseMfaDevice), isWanted),
    )
    const { entities, ...rest } = page
    return { VirtualMFADevices: [...entities], ...rest }
  },
)

/** Its spent codes go with the device; those of one made anew under the name meanwhile stay. */
async function forgetUse({ store }: IamCall, { pk, sk, seedId }: Item): Promise<void> {
  try {
    await store.remove({ pk, sk }, { condition: { exists: true, equals: { seedId: String(seedId) } } })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
  }
}

async function withUsers(
  { store, account }: IamCall,
  devices: readonly MfaDevice[],
  isWanted: (device: MfaDevice) => boolean,
) {
  const names = [...new Set(devices.map(({ userName }) => userName).filter((name) => name !== undefined))]
  const rows = names.length === 0 ? [] : await store.getMany(names.map((name) => userKey(account, name)))
  const users = new Map<string | undefined, Item | undefined>(names.map((name, index) => [name, rows[index]]))
  return devices.map((device) => {
    if (!isWanted(device)) return undefined
    const { serialNumber, userName, enabledAt } = device
    const row = users.get(userName)
    return {
      SerialNumber: serialNumber,
      ...(row ? { User: listedUser(parseUser(row)) } : {}),
      ...(enabledAt === undefined ? {} : { EnableDate: new Date(enabledAt * 1000) }),
    }
  })
}
