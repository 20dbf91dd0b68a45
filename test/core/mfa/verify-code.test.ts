import { openSeed, sealSeed } from '@daypass/core/mfa/sealed-seed.ts'
import { verifyConsecutiveMfaCodes, verifyMfaCode } from '@daypass/core/mfa/verify-code.ts'
import { parseMfaDevice } from '@daypass/core/store/entities/mfa-device.ts'
import { parseMfaUse } from '@daypass/core/store/entities/mfa-use.ts'
import { mfaDeviceKey, mfaUseKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Deployment, deployment } from '../../support/deployment.ts'
import { enableDevice, type TestDevice } from '../../support/mfa.ts'

let daypass: Deployment
let device: TestDevice
const key = mfaDeviceKey(ACCOUNT, 'alice-phone')
const useKey = mfaUseKey(ACCOUNT, 'alice-phone')

beforeEach(async () => {
  daypass = await deployment()
  device = await enableDevice(daypass, 'alice')
})

/** The rows of the device as a caller reads them. */
async function read() {
  const [item, use] = await daypass.deps.store.getMany([key, useKey])
  return { device: parseMfaDevice(item ?? expect.fail('no device')), use }
}
const verify = async (code: string, seen = read()) => {
  const { device, use } = await seen
  return verifyMfaCode(daypass.deps, device, use, code)
}
const state = async () => parseMfaUse((await daypass.deps.store.get(useKey)) ?? expect.fail('no state'))
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
    const seen = read()
    const all = await Promise.all(Array.from({ length: 4 }, () => verify(device.code(), seen)))
    expect(all.filter((accepted) => accepted)).toHaveLength(1)
  })

  it('lets only one of many have the code that follows another', async () => {
    expect(await verify(device.code())).toBe(true)
    const seen = read()
    const all = await Promise.all(Array.from({ length: 4 }, () => verify(device.code(1), seen)))
    expect(all.filter((accepted) => accepted)).toHaveLength(1)
  })

  it('stays locked for one who saw it when an earlier lock was over', async () => {
    for (let count = 0; count < 5; count++) await verify(wrong())
    daypass.clock.advance(15 * 60_000)
    const seen = await read()
    for (let count = 0; count < 5; count++) await verify(wrong())
    for (const code of [wrong(), device.code()]) expect(await verify(code, Promise.resolve(seen))).toBe(false)
    expect(await verify(device.code())).toBe(false)
  })

  it('costs one write, and none of the device', async () => {
    const before = await daypass.deps.store.get(key)
    for (const code of [device.code(-1), wrong(), device.code()]) {
      const seen = await read()
      const trips = daypass.trips.total()
      await verify(code, Promise.resolve(seen))
      expect(daypass.trips.total() - trips).toBe(1)
    }
    expect(await daypass.deps.store.get(key)).toEqual(before)
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
    expect((await state()).failures).toBeUndefined()
  })

  it('counts the guesses of many at once', async () => {
    const seen = read()
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

  it('spends no code where one lies that is damaged', async () => {
    await daypass.deps.store.put({ ...useKey, account: ACCOUNT, deviceName: 'alice-phone' })
    await expect(verify(device.code())).rejects.toThrow('MFAUSE')
  })
})

describe('a device that is made anew under its name', () => {
  const makeAnew = async () => {
    await daypass.deps.store.remove(key)
    device = await enableDevice(daypass, 'alice')
  }
  const lock = async () => {
    for (let count = 0; count < 5; count++) await verify(wrong())
  }

  it('is not locked by what was guessed at the former one', async () => {
    await lock()
    await makeAnew()
    expect(await verify(device.code())).toBe(true)
    expect(await verify(device.code())).toBe(false)
  })

  it('is not unlocked, nor its codes unspent, by one who still holds the former one', async () => {
    const former = { ...(await read()), code: device.code(1) }
    await makeAnew()
    expect(await verify(device.code())).toBe(true)
    await lock()
    const before = await state()
    for (const use of [former.use, await daypass.deps.store.get(useKey)]) {
      expect(await verifyMfaCode(daypass.deps, former.device, use, former.code)).toBe(false)
      expect(await state()).toEqual(before)
    }
    expect(await verify(device.code(1))).toBe(false)
  })

  it('is not touched by one who holds the former one and saw the same step spent', async () => {
    expect(await verify(device.code())).toBe(true)
    const former = { ...(await read()), code: device.code(1) }
    await makeAnew()
    expect(await verify(device.code())).toBe(true)
    const before = await state()
    expect(await verifyMfaCode(daypass.deps, former.device, former.use, former.code)).toBe(false)
    expect(await state()).toEqual(before)
  })

  it('is not touched by one who saw its state together with the former device', async () => {
    const former = { ...(await read()), code: device.code() }
    await makeAnew()
    await verify(device.code())
    const use = await daypass.deps.store.get(useKey)
    expect(await verifyMfaCode(daypass.deps, former.device, use, former.code)).toBe(false)
    expect(await verify(device.code())).toBe(false)
  })

  it('leaves the former one without a code, when a state was written meanwhile', async () => {
    const former = { ...(await read()), code: device.code() }
    await verify(wrong())
    await daypass.deps.store.remove(key)
    expect(await verifyMfaCode(daypass.deps, former.device, former.use, former.code)).toBe(false)
  })
})

it('keeps codes spent and guesses counted when the seed is sealed again', async () => {
  expect(await verify(device.code())).toBe(true)
  for (let count = 0; count < 4; count++) await verify(wrong())
  const { deps } = daypass
  const { serialNumber, sealedSeed } = (await read()).device
  const seed = (await openSeed(deps.longTermRing, serialNumber, sealedSeed)) ?? expect.fail()
  await deps.store.update(key, { set: { sealedSeed: await sealSeed(deps.longTermRing, serialNumber, seed) } })
  expect(await verify(device.code())).toBe(false)
  daypass.clock.advance(60_000)
  expect(await verify(device.code())).toBe(false)
})

it('tells nothing of the seed in the state', async () => {
  await verify(device.code())
  const { seedId } = await state()
  expect(seedId).toMatch(/^[\w-]{43}$/)
  expect(Buffer.from(seedId, 'base64url').equals(device.seed.subarray(0, 32))).toBe(false)
})

describe('verifying two codes in a row', () => {
  const verifyTwo = async (first: number, second: number) => {
    const { device: seen, use } = await read()
    const codes = [device.code(first), device.code(second)] as const
    return verifyConsecutiveMfaCodes(daypass.deps, seen, use, codes, daypass.clock.now())
  }

  it('spends both, and all before them', async () => {
    expect(await verifyTwo(-1, 0)).toBe(true)
    expect(await verifyTwo(-1, 0)).toBe(false)
    expect(await verifyTwo(0, 1)).toBe(false)
    expect(await verify(device.code())).toBe(false)
    expect(await verify(device.code(1))).toBe(true)
  })

  it.each([
    [0, -1],
    [0, 0],
    [-3, -2],
    [-1, 1],
  ])('refuses those of the steps %i and %i, and writes nothing', async (first, second) => {
    expect(await verifyTwo(first, second)).toBe(false)
    expect(await daypass.deps.store.get(useKey)).toBeUndefined()
  })

  it('opens a device that was locked', async () => {
    for (let count = 0; count < 5; count++) await verify(wrong())
    expect(await verifyTwo(-1, 0)).toBe(true)
    expect(await verify(device.code(1))).toBe(true)
  })
})
