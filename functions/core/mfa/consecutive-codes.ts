import { matchingStep } from './totp.ts'

const STEP_MS = 30_000

/**
 * The step of the second of two codes that a device shows one after the other, both unspent; `undefined` when they are none.
 * Two codes in a row prove who holds the device, and that it was set up with this seed.
 */
export function consecutiveStep(
  seed: Uint8Array,
  [first, second]: readonly [string, string],
  { now, lastUsedStep }: { readonly now: number; readonly lastUsedStep?: number | undefined },
): number | undefined {
  const unspent = lastUsedStep === undefined ? {} : { lastUsedStep }
  const before = matchingStep(seed, first, { now: now - STEP_MS, ...unspent })
  const step = matchingStep(seed, second, { now, ...unspent })
  return step !== undefined && before === step - 1 ? step : undefined
}
