import { createHmac } from 'node:crypto'
import { type MfaDevice, mfaDeviceName, parseMfaDevice } from '../store/entities/mfa-device.ts'
import { type MfaUse, mfaUseItem, parseMfaUse } from '../store/entities/mfa-use.ts'
import { mfaDeviceKey, mfaUseKey } from '../store/keys.ts'
import { type Condition, ConditionFailed, type Item, type Store } from '../store/port.ts'

/** What a code does to the device's state: what the state is then, and whether the code is accepted. */
export interface Spending {
  readonly accepted: boolean
  readonly use: Pick<MfaUse, 'lastUsedStep' | 'failures' | 'lockedUntil'>
}

const MOST_TRIES = 5

/**
 * Changes the state of a device's codes, and answers whether the code was accepted: one write, which holds only if the state
 * is still the one that `spend` saw; otherwise `spend` is asked again with what another made of it. It writes nothing where
 * `spend` answers nothing. `seen` is the row as it was read with the device, or later.
 *
 * The state says which seed it is of. That of a former device of the name neither locks nor frees this one. And whoever
 * still holds the device as it was before it was made anew changes nothing of the new one's: when the state is of another
 * seed, or has changed, the device is read again, after the state; a device that is still there then is no former one.
 */
export async function spendCode(
  store: Store,
  device: MfaDevice,
  seed: Uint8Array,
  seen: Item | undefined,
  spend: (use: Partial<MfaUse>) => Spending | undefined,
): Promise<boolean> {
  const deviceName = mfaDeviceName(device.serialNumber)
  const ours = { account: device.account, deviceName, seedId: seedIdOf(seed) }
  let row = seen
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const known = row && parseMfaUse(row)
    const isOurs = known?.seedId === ours.seedId
    if ((tries > 0 || (known && !isOurs)) && !(await isStillThere(store, device))) return false
    const spending = spend(isOurs ? known : {})
    if (!spending) return false
    try {
      await store.put(mfaUseItem({ ...ours, ...spending.use }), { condition: asRead(known) })
      return spending.accepted
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
    }
    row = await store.get(mfaUseKey(device.account, deviceName))
  }
  return false
}

/** Tells seeds apart and tells nothing of them; sealing a seed again under a newer key does not change it. */
const seedIdOf = (seed: Uint8Array) => createHmac('sha256', seed).update('daypass mfa seed id').digest('base64url')

async function isStillThere(store: Store, { account, serialNumber, sealedSeed }: MfaDevice): Promise<boolean> {
  const item = await store.get(mfaDeviceKey(account, mfaDeviceName(serialNumber)))
  const now = item && parseMfaDevice(item)
  return now?.serialNumber === serialNumber && now.sealedSeed === sealedSeed
}

function asRead(use: MfaUse | undefined): Condition {
  if (!use) return { exists: false }
  const { seedId, lastUsedStep = null, failures = null, lockedUntil = null } = use
  return { exists: true, equals: { seedId, lastUsedStep, failures, lockedUntil } }
}
