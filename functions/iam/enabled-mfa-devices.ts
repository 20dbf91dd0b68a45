import type {
  DeactivateMFADeviceRequest,
  EnableMFADeviceRequest,
  GetMFADeviceRequest,
  GetMFADeviceResponse,
  ListMFADevicesRequest,
  ListMFADevicesResponse,
  ResyncMFADeviceRequest,
} from '@aws-sdk/client-iam'
import { rootArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import { verifyConsecutiveMfaCodes } from '@daypass/core/mfa/verify-code.ts'
import { deactivateMfaDeviceModel } from '@daypass/core/model/iam/deactivate-mfa-device.ts'
import { enableMfaDeviceModel } from '@daypass/core/model/iam/enable-mfa-device.ts'
import { getMfaDeviceModel } from '@daypass/core/model/iam/get-mfa-device.ts'
import { listMfaDevicesModel } from '@daypass/core/model/iam/list-mfa-devices.ts'
import { resyncMfaDeviceModel } from '@daypass/core/model/iam/resync-mfa-device.ts'
import type { MfaDevice } from '@daypass/core/store/entities/mfa-device.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem, touchItem } from './change-item.ts'
import { limitExceeded, noSuchEntity } from './errors.ts'
import { belongsTo, DEVICE, devicesOf, findDevice, findMfaUse, noSuchDevice } from './mfa-devices.ts'
import { allowedUser, speaksOfRoot, userNameOrOwn } from './named-user.ts'
import { pageOfList } from './pages.ts'
import { USER } from './user-kind.ts'

/** AWS: up to eight devices of any kind for a user. */
const MOST_DEVICES = 8

/** Makes a device a user's, when two codes in a row prove that the user's app was set up with its seed. */
export const enableMfaDevice = iamOperation<EnableMFADeviceRequest, void>(
  enableMfaDeviceModel,
  async (
    call,
    { UserName = '', SerialNumber: serialNumber = '', AuthenticationCode1 = '', AuthenticationCode2 = '' },
  ) => {
    const user = await allowedUser(call, UserName, 'iam:EnableMFADevice')
    const device = await findDevice(call, serialNumber)
    if (!device) throw noSuchDevice(serialNumber)
    if ((await devicesOf(call, user.userName)).length >= MOST_DEVICES) {
      throw limitExceeded('MFADevicesPerUser', MOST_DEVICES)
    }
    refuseInUse(device)
    await spendCodes(call, device, [AuthenticationCode1, AuthenticationCode2])
    await changeItem(call.store, DEVICE, device, (now) => {
      refuseInUse(now)
      return { ...now, userName: user.userName, enabledAt: call.now }
    })
    if (await touchItem(call.store, USER, user)) return
    // The user was deleted meanwhile. One made later under its name must not have the device.
    await changeItem(call.store, DEVICE, device, disabled)
    throw noSuchEntity('user', UserName)
  },
)

/** Accepts two codes in a row of a device that was locked, or whose holder asks whether it still goes right. */
export const resyncMfaDevice = iamOperation<ResyncMFADeviceRequest, void>(
  resyncMfaDeviceModel,
  async (
    call,
    { UserName = '', SerialNumber: serialNumber = '', AuthenticationCode1 = '', AuthenticationCode2 = '' },
  ) => {
    const user = await allowedUser(call, UserName, 'iam:ResyncMFADevice')
    const device = await usersDevice(call, user.userName, serialNumber)
    await spendCodes(call, device, [AuthenticationCode1, AuthenticationCode2])
  },
)

export const deactivateMfaDevice = iamOperation<DeactivateMFADeviceRequest, void>(
  deactivateMfaDeviceModel,
  async (call, { UserName, SerialNumber: serialNumber = '' }) => {
    const user = await allowedUser(call, userNameOrOwn(call, UserName), 'iam:DeactivateMFADevice')
    await changeItem(call.store, DEVICE, await usersDevice(call, user.userName, serialNumber), disabled)
  },
)

export const listMfaDevices = iamOperation<ListMFADevicesRequest, ListMFADevicesResponse>(
  listMfaDevicesModel,
  async (call, input) => {
    if (speaksOfRoot(call, input.UserName)) {
      await call.demand('iam:ListMFADevices', rootArn(call.account))
      return { MFADevices: [], IsTruncated: false }
    }
    const { userName } = await allowedUser(call, userNameOrOwn(call, input.UserName), 'iam:ListMFADevices')
    const { entities, ...rest } = pageOfList(await devicesOf(call, userName), input)
    const devices = entities.map(({ serialNumber, enabledAt = 0 }) => ({
      UserName: userName,
      SerialNumber: serialNumber,
      EnableDate: new Date(enabledAt * 1000),
    }))
    return { MFADevices: devices, ...rest }
  },
)

export const getMfaDevice = iamOperation<GetMFADeviceRequest, GetMFADeviceResponse>(
  getMfaDeviceModel,
  async (call, { UserName, SerialNumber: serialNumber = '' }) => {
    const { userName } = await allowedUser(call, userNameOrOwn(call, UserName), 'iam:GetMFADevice')
    const { enabledAt = 0 } = await usersDevice(call, userName, serialNumber)
    return { UserName: userName, SerialNumber: serialNumber, EnableDate: new Date(enabledAt * 1000) }
  },
)

async function usersDevice(call: IamCall, userName: string, serialNumber: string): Promise<MfaDevice> {
  const device = await findDevice(call, serialNumber)
  if (device && belongsTo(device, userName)) return device
  throw new StsError('NoSuchEntity', 'MFA Device invalid for user.')
}

function refuseInUse({ userName }: MfaDevice): void {
  if (userName !== undefined) throw new StsError('EntityAlreadyExists', 'MFA Device is already in use.')
}

/** Spends both codes, before what they prove is written. Throws InvalidAuthenticationCode unless they are its codes, in a row and unspent. */
async function spendCodes(call: IamCall, device: MfaDevice, codes: readonly [string, string]): Promise<void> {
  const seen = await findMfaUse(call, device)
  if (await verifyConsecutiveMfaCodes(call.deps, device, seen, codes, call.exchange.startedAt)) return
  throw new StsError('InvalidAuthenticationCode', `Authentication code for device is not valid.`)
}

function disabled({ userName: _user, enabledAt: _enabledAt, ...rest }: MfaDevice): MfaDevice {
  return rest
}
