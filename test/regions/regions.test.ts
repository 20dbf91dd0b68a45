import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { ONCE_KINDS, regionalStore } from '@daypass/core/store/regional.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, accounts } from '../assume-role/accounts.ts'
import { credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { memoryStore } from '../support/memory-store.ts'
import { enableDevice, type TestDevice } from '../support/mfa.ts'
import { replicatedTables } from './replicated-tables.ts'

let clock: ManualClock
let tables: ReturnType<typeof replicatedTables>
let home: Deployment
let away: Deployment
beforeEach(async () => {
  clock = new ManualClock()
  tables = replicatedTables()
  // The rings' secrets are replicated too.
  const newRing = () => {
    const key = newStoredKey(clock.now())
    return new KeyRing(async () => ({ keys: [key] }), clock)
  }
  const rings = { sessionRing: newRing(), longTermRing: newRing() }
  home = await deploymentWith({ clock, table: tables.home, rings }, ...accounts)
  await tables.arrive()
  away = await deploymentWith({ clock, table: regionalStore(tables.away, tables.home), rings })
  await tables.arrive()
})

const session = async (region: Deployment, more = {}) =>
  credentialsOf(await region.signed(ALICE, { Action: 'GetSessionToken', ...more }))
const whoIs = async (region: Deployment, credentials: Parameters<Deployment['signed']>[0]) => {
  const { error } = await region.signed(credentials, { Action: 'GetCallerIdentity' })
  return error?.Code ?? 'granted'
}

describe('a session of one region', () => {
  it('is refused in another until its record has arrived, and believed from then on', async () => {
    const credentials = await session(home)
    expect([await whoIs(home, credentials), await whoIs(away, credentials)]).toEqual([
      'granted',
      'InvalidClientTokenId',
    ])
    await tables.arrive()
    expect(await whoIs(away, credentials)).toBe('granted')
  })
})

describe('a revocation', () => {
  it.each(['home', 'away'])(
    'asked for %s holds there at once, and in the other region when its mark has arrived',
    async (where) => {
      const [here, there] = where === 'home' ? [home, away] : [away, home]
      const credentials = await session(here)
      await tables.arrive()
      const revoked = await here.signed(credentials, { Action: 'RevokeSessions' })
      expect(revoked.status).toBe(200)
      expect([await whoIs(here, credentials), await whoIs(there, credentials)]).toEqual([
        'InvalidClientTokenId',
        'granted',
      ])
      await tables.arrive()
      expect(await whoIs(there, credentials)).toBe('InvalidClientTokenId')
    },
  )
})

describe('a code of a second factor', () => {
  let device: TestDevice
  const withCode = (region: Deployment, TokenCode = device.code()) =>
    region.signed(ALICE, { Action: 'GetSessionToken', SerialNumber: device.serialNumber, TokenCode })
  beforeEach(async () => {
    device = await enableDevice(home, 'alice')
    await tables.arrive()
  })

  it.each([
    ['home, then away', () => [home, away]],
    ['away, then home', () => [away, home]],
    ['away twice', () => [away, away]],
  ])('is good once over all regions before any of them has heard of the other: %s', async (_order, regions) => {
    const [first, second] = regions() as [Deployment, Deployment]
    expect((await withCode(first)).status).toBe(200)
    expect((await withCode(second)).error?.Code).toBe('AccessDenied')
  })

  it('that comes next is good in either region', async () => {
    expect((await withCode(home)).status).toBe(200)
    clock.advance(30_000)
    expect((await withCode(away)).status).toBe(200)
  })
})

describe('the store of a region with a replica', () => {
  it.each(ONCE_KINDS)('keeps %s in the home region, by every operation', async (kind) => {
    const [own, far] = [memoryStore(), memoryStore()]
    const store = regionalStore(own, far)
    const key = { pk: `${kind}#a`, sk: 's' }
    await store.put({ ...key, one: 1 })
    await store.update(key, { add: { one: 1 } })
    expect([await own.get(key), await far.get(key)]).toEqual([undefined, { ...key, one: 2 }])
    expect(await store.get(key)).toEqual({ ...key, one: 2 })
    expect((await store.query(key.pk)).items).toHaveLength(1)
    await store.remove(key)
    expect(await far.get(key)).toBeUndefined()
  })

  it('keeps all else in its own, and answers many keys of both in their order', async () => {
    const [own, far] = [memoryStore(), memoryStore()]
    const store = regionalStore(own, far)
    const keys = ['USER#a', `${ONCE_KINDS[0]}#a`, 'ROLE#a', `${ONCE_KINDS[1]}#a`, 'USER#b'].map((pk) => ({
      pk,
      sk: 's',
    }))
    for (const key of keys.slice(0, 4)) await store.put(key)
    expect(await store.getMany(keys)).toEqual([...keys.slice(0, 4), undefined])
    expect(await own.getMany(keys)).toEqual([keys[0], undefined, keys[2], undefined, undefined])
    expect(await far.getMany(keys)).toEqual([undefined, keys[1], undefined, keys[3], undefined])
  })
})
