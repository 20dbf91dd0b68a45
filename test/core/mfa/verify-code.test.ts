import { verifyMfaCode } from '@daypass/core/mfa/verify-code.ts'
import { parseMfaDevice } from '@daypass/core/store/entities/mfa-device.ts'
import { mfaDeviceKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Deployment, deployment } from '../../support/deployment.ts'
import { enableDevice, type TestDevice } from '../../support/mfa.ts'

let daypass: Deployment
let device: TestDevice
const key = mfaDeviceKey(ACCOUNT, 'alice-phone')

beforeEach(async () => {
  daypass = await deployment()
  device = await enableDevice(daypass, 'alice')
})

const row = async () => parseMfaDevice((await daypass.deps.store.get(key)) ?? expect.fail('no device'))
const verify = async (code: string, seen = row()) => verifyMfaCode(daypass.deps, await seen, code)
/** A code that is not one of the three that would do. */
const wrong = () => {
  const right = [-1, 0, 1].map((offset) => device.code(offset))
  return ['000000', '000001', '000002', '000003'].find((code) => !right.includes(code)) ?? expect.fail()
}

describe('verifying a code', () => {
  it('accepts each code once, and none before it', async () => {
    expect(await verify(device.code())).toBe(true)
    expect(await verify(device.code())).toBe(false)
    expect(await verify(device.code(-1))).toBe(false)
    expect(await verify(device.code(1))).toBe(true)
  })

  it('lets only one of many have the same code at once', async () => {
    const seen = row()
    const all = await Promise.all(Array.from({ length: 4 }, () => verify(device.code(), seen)))
    expect(all.filter((accepted) => accepted)).toHaveLength(1)
  })

  it('costs one write', async () => {
    const seen = await row()
    const before = daypass.trips.total()
    await verify(device.code(), Promise.resolve(seen))
    expect(daypass.trips.total() - before).toBe(1)
  })

  it('is locked by the fifth wrong code in a row, for fifteen minutes', async () => {
    for (let count = 0; count < 5; count++) expect(await verify(wrong())).toBe(false)
    expect(await verify(device.code())).toBe(false)
    daypass.clock.advance(15 * 60_000 - 1)
    expect(await verify(device.code())).toBe(false)
    daypass.clock.advance(1)
    expect(await verify(device.code())).toBe(true)
  })

  it('is not locked by four wrong codes, and a right one forgives them', async () => {
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 4; count++) expect(await verify(wrong())).toBe(false)
      expect(await verify(device.code())).toBe(true)
      daypass.clock.advance(60_000)
    }
    expect((await row()).failures).toBeUndefined()
  })

  it('counts the guesses of many at once', async () => {
    const seen = row()
    await Promise.all(Array.from({ length: 20 }, () => verify(wrong(), seen)))
    expect(await verify(device.code())).toBe(false)
  })

  it('fails when the seed was sealed for another device', async () => {
    const other = await enableDevice(daypass, 'bob')
    const sealedSeed = parseMfaDevice(
      (await daypass.deps.store.get(mfaDeviceKey(ACCOUNT, 'bob-phone'))) ?? expect.fail(),
    ).sealedSeed
    await daypass.deps.store.update(key, { set: { sealedSeed } })
    expect(await verify(other.code())).toBe(false)
  })

  it('fails when the device is gone or was enabled anew meanwhile', async () => {
    const seen = await row()
    const code = device.code()
    await daypass.deps.store.remove(key)
    expect(await verify(code, Promise.resolve(seen))).toBe(false)
    await enableDevice(daypass, 'alice')
    expect(await verify(code, Promise.resolve(seen))).toBe(false)
  })
})
