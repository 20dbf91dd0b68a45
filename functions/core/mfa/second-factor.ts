import { parseArn } from '../arn.ts'
import type { Caller } from '../authentication/caller.ts'
import type { Rows } from '../authentication/rows.ts'
import { mfaContextKeys } from '../authentication/session-context.ts'
import { StsError } from '../errors.ts'
import { isAccountId } from '../store/entities/account.ts'
import { parseMfaDevice } from '../store/entities/mfa-device.ts'
import { mfaDeviceKey, mfaUseKey } from '../store/keys.ts'
import type { Key } from '../store/port.ts'
import { type MfaDeps, verifyMfaCode } from './verify-code.ts'

/** `SerialNumber` and `TokenCode` of AssumeRole and GetSessionToken. */
export interface SecondFactorInput {
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
}

export interface DeviceKeys {
  readonly device: Key
  /** Which of its codes are spent. */
  readonly use: Key
}

/** Where the device lies that a caller names; `undefined` when it names none that could be. */
export function claimedDeviceKeys(unverifiedSerial: string | undefined): DeviceKeys | undefined {
  const arn = parseArn(unverifiedSerial ?? '')
  const [, name] = /^mfa\/(?:.*\/)?([\w+=,.@-]{1,226})$/.exec(arn?.resource ?? '') ?? []
  if (arn?.service !== 'iam' || name === undefined || !isAccountId(arn.account)) return undefined
  return { device: mfaDeviceKey(arn.account, name), use: mfaUseKey(arn.account, name) }
}

/**
 * When the caller showed its second factor: now (seconds), or `undefined` when it showed none. Proves that the device is
 * enabled for the calling user and that the code is its code of now, and spends the code. The device's rows are loaded.
 * Throws AccessDenied in AWS's words.
 */
export async function verifySecondFactor(
  deps: MfaDeps,
  { user, account }: Caller,
  rows: Rows,
  { SerialNumber: serialNumber, TokenCode: code }: SecondFactorInput,
): Promise<number | undefined> {
  if (serialNumber === undefined && code === undefined) return undefined
  if (serialNumber === undefined || code === undefined) {
    throw refused('must provide both MFA serial number and one time pass code.')
  }
  const keys = claimedDeviceKeys(serialNumber)
  const item = keys && rows.get(keys.device)
  const device = item && parseMfaDevice(item)
  // The key folds case and has no path: only the exact serial number names the device.
  const own =
    user !== undefined &&
    device?.serialNumber === serialNumber &&
    device.account === account &&
    device.enabledAt !== undefined &&
    device.userName === user.userName
  if (!keys || !device || !own) {
    throw refused(
      'unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    )
  }
  if (!(await verifyMfaCode(deps, device, rows.get(keys.use), code)))
    throw refused('with invalid MFA one time pass code. ')
  return Math.floor(deps.clock.now() / 1000)
}

/** The same caller, whose second factor was shown with this very request. */
export function withSecondFactor(caller: Caller, authenticatedAt: number | undefined, now: number): Caller {
  if (authenticatedAt === undefined) return caller
  const contextKeys = new Map([...caller.contextKeys(), ...mfaContextKeys(authenticatedAt, now)])
  return { ...caller, contextKeys: () => contextKeys }
}

function refused(text: string): StsError {
  const comma = text.startsWith('with') ? ' ' : ', '
  return new StsError('AccessDenied', `MultiFactorAuthentication failed${comma}${text}`)
}
