import type { KeyRing } from '../credentials/key-ring.ts'
import type { Clock } from '../deps.ts'
import type { MfaDevice } from '../store/entities/mfa-device.ts'
import type { Item, Store } from '../store/port.ts'
import { consecutiveStep } from './consecutive-codes.ts'
import { openSeed } from './sealed-seed.ts'
import { spendCode } from './spend-code.ts'
import { matchingStep } from './totp.ts'

export interface MfaDeps {
  readonly store: Store
  readonly longTermRing: KeyRing
  readonly clock: Clock
}

/** Wrong codes in a row, after which none is accepted for a while: guessing then takes centuries. */
const MOST_FAILURES = 5
const LOCKED_MS = 15 * 60_000

/**
 * Whether a code is the device's now, and spends it: no code is accepted twice, and none earlier than one that was. One
 * write, of the row that says which codes are spent and of no other; `seen` is that row as the caller read it. Whose device
 * it is the caller must have checked.
 */
export async function verifyMfaCode(
  { store, longTermRing, clock }: MfaDeps,
  device: MfaDevice,
  seen: Item | undefined,
  code: string,
): Promise<boolean> {
  const seed = await openSeed(longTermRing, device.serialNumber, device.sealedSeed)
  if (!seed) return false
  return spendCode(store, device, seed, seen, ({ lastUsedStep, failures = 0, lockedUntil }) => {
    const now = clock.now()
    if (lockedUntil !== undefined && now < lockedUntil) return undefined
    const spent = lastUsedStep === undefined ? {} : { lastUsedStep }
    const step = matchingStep(seed, code, { now, ...spent })
    if (step !== undefined) return { accepted: true, use: { lastUsedStep: step } }
    const guesses = failures + 1
    const use = guesses < MOST_FAILURES ? { failures: guesses } : { lockedUntil: now + LOCKED_MS }
    return { accepted: false, use: { ...spent, ...use } }
  })
}

/**
 * Whether these are two codes of the device in a row, unspent, and spends both. They open a device that was locked, because
 * nobody guesses two; wrong ones are not counted.
 */
export async function verifyConsecutiveMfaCodes(
  { store, longTermRing }: MfaDeps,
  device: MfaDevice,
  seen: Item | undefined,
  codes: readonly [string, string],
  now: number,
): Promise<boolean> {
  const seed = await openSeed(longTermRing, device.serialNumber, device.sealedSeed)
  if (!seed) return false
  return spendCode(store, device, seed, seen, ({ lastUsedStep }) => {
    const step = consecutiveStep(seed, codes, { now, lastUsedStep })
    return step === undefined ? undefined : { accepted: true, use: { lastUsedStep: step } }
  })
}
