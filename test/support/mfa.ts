import { sealSeed } from '@daypass/core/mfa/sealed-seed.ts'
import { createTotpSeed, totpCode, totpStep } from '@daypass/core/mfa/totp.ts'
import { type MfaDevice, mfaDeviceItem } from '@daypass/core/store/entities/mfa-device.ts'
import { ACCOUNT, type Deployment } from './deployment.ts'

export interface TestDevice {
  readonly serialNumber: string
  readonly seed: Buffer
  /** The code of now, or of some steps from now. */
  code(offset?: number): string
}

/** A second-factor device of a user, as the IAM API leaves it when it was enabled. */
export async function enableDevice(
  { deps, clock }: Deployment,
  userName: string,
  more: Partial<MfaDevice> = {},
): Promise<TestDevice> {
  const seed = createTotpSeed()
  const { account = ACCOUNT } = more
  const serialNumber = `arn:aws:iam::${account}:mfa/${userName}-phone`
  await deps.store.put(
    mfaDeviceItem({
      account,
      serialNumber,
      userName,
      sealedSeed: await sealSeed(deps.longTermRing, serialNumber, seed),
      enabledAt: Math.floor(clock.now() / 1000),
      ...more,
    }),
  )
  return { serialNumber, seed, code: (offset = 0) => totpCode(seed, totpStep(clock.now()) + offset) }
}
