import type { KeyRing } from '../credentials/key-ring.ts'
import type { Clock } from '../deps.ts'
import { type MfaDevice, mfaDeviceName, parseMfaDevice } from '../store/entities/mfa-device.ts'
import { mfaDeviceKey } from '../store/keys.ts'
import { ConditionFailed, type Store } from '../store/port.ts'
import { openSeed } from './sealed-seed.ts'
import { matchingStep } from './totp.ts'

export interface MfaDeps {
  readonly store: Store
  readonly longTermRing: KeyRing
  readonly clock: Clock
}

/** Wrong codes in a row, after which none is accepted for a while: guessing then takes centuries. */
const MOST_FAILURES = 5
const LOCKED_MS = 15 * 60_000
const MOST_TRIES = 5

/**
 * Whether a code is the device's now, and spends it: no code is accepted twice, and none earlier than one that was. One
 * write. The device's row is as the caller read it; when it has changed since (another code was spent, a guess counted),
 * the code is looked at afresh. Whose device it is the caller must have checked.
 */
export async function verifyMfaCode(deps: MfaDeps, device: MfaDevice, code: string): Promise<boolean> {
  const { store, longTermRing, clock } = deps
  const key = mfaDeviceKey(device.account, mfaDeviceName(device.serialNumber))
  let current = device
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const now = clock.now()
    if (current.lockedUntil !== undefined && now < current.lockedUntil) return false
    const seed = await openSeed(longTermRing, current.serialNumber, current.sealedSeed)
    const { lastUsedStep } = current
    const step = seed && matchingStep(seed, code, { now, ...(lastUsedStep === undefined ? {} : { lastUsedStep }) })
    const asRead = {
      sealedSeed: current.sealedSeed,
      lastUsedStep: lastUsedStep ?? null,
      failures: current.failures ?? null,
      lockedUntil: current.lockedUntil ?? null,
    }
    const failures = (current.failures ?? 0) + 1
    const changes =
      step !== undefined
        ? { set: { lastUsedStep: step }, remove: ['failures', 'lockedUntil'] }
        : failures < MOST_FAILURES
          ? { set: { failures } }
          : { set: { lockedUntil: now + LOCKED_MS }, remove: ['failures'] }
    try {
      await store.update(key, changes, { condition: { exists: true, equals: asRead } })
      return step !== undefined
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
    }
    const item = await store.get(key)
    if (!item) return false
    current = parseMfaDevice(item)
  }
  return false
}
