import { beginSignIn } from '@daypass/core/identity/sign-in-lock.ts'
import { networkOf } from '@daypass/core/net/network.ts'
import { countingStore } from '@daypass/core/store/counting.ts'
import { signInKey, signInTotalKey } from '@daypass/core/store/keys.ts'
import { type Store, StoreUnavailable } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryStore } from '../../support/memory-store.ts'

const ALICE = { account: '1', source: 'ldap/default', nameHash: 'alice' }
const BOB = { ...ALICE, nameHash: 'bob' }
const [HOME, ELSEWHERE] = ['192.0.2.1', '198.51.100.7']
const MINUTE = 60_000

let clock: ManualClock
let store: Store
let pauses: number[]
beforeEach(() => {
  pauses = []
  clock = new ManualClock()
  store = memoryStore()
})
const pause = async (milliseconds: number) => void pauses.push(milliseconds)
const begin = (network = HOME, name = ALICE) => beginSignIn({ store, clock, pause }, name, network)
const fail = async (times: number, network = HOME, name = ALICE) => {
  for (let at = 0; at < times; at++) await (await begin(network, name))?.fail()
}
const succeed = async (network = HOME, name = ALICE) => (await begin(network, name))?.succeed()
const isRefused = async (network = HOME, name = ALICE) => {
  const attempt = await begin(network, name)
  await attempt?.withdraw()
  return attempt === undefined
}

describe('attempts at a password', () => {
  it('are refused for 15 minutes after 10 failures', async () => {
    await fail(9)
    expect(await isRefused()).toBe(false)
    await fail(1)
    expect(await isRefused()).toBe(true)
    clock.advance(15 * MINUTE - 1)
    expect(await isRefused()).toBe(true)
    clock.advance(1)
    expect(await isRefused()).toBe(false)
  })

  it('are refused for the 15 minutes that follow the tenth failure, however old the first', async () => {
    await fail(1)
    clock.advance(14 * MINUTE)
    await fail(9)
    clock.advance(14 * MINUTE)
    expect(await isRefused()).toBe(true)
  })

  it('are not kept locked by those that are refused', async () => {
    await fail(10)
    clock.advance(14 * MINUTE)
    await fail(20)
    clock.advance(MINUTE)
    expect(await isRefused()).toBe(false)
  })

  it('forget failures of 15 minutes ago', async () => {
    await fail(9)
    clock.advance(15 * MINUTE)
    await fail(9)
    expect(await isRefused()).toBe(false)
  })

  it('count any 10 failures within 15 minutes, whenever they began', async () => {
    await fail(4)
    clock.advance(8 * MINUTE)
    await fail(5)
    clock.advance(8 * MINUTE)
    await fail(4)
    expect(await isRefused()).toBe(false)
    await fail(1)
    expect(await isRefused()).toBe(true)
  })

  it('lock one name and one network alone', async () => {
    await fail(10)
    expect(await isRefused(ELSEWHERE)).toBe(false)
    expect(await isRefused(HOME, BOB)).toBe(false)
    expect(await isRefused(HOME, { ...ALICE, source: 'ldap/other' })).toBe(false)
    expect(await isRefused(HOME, { ...ALICE, account: '2' })).toBe(false)
    expect(await isRefused()).toBe(true)
  })

  it('are no failures when they succeed or were never looked at; the failures before stay', async () => {
    await fail(8)
    for (let at = 0; at < 5; at++) await succeed()
    for (let at = 0; at < 5; at++) await (await begin())?.withdraw()
    await fail(1)
    expect(await isRefused()).toBe(false)
    await succeed()
    await fail(1)
    expect(await isRefused()).toBe(true)
  })

  it('pause ever longer, and not before the fourth', async () => {
    await fail(11)
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000])
  })

  it('that are made at once are all counted', async () => {
    const attempts = await Promise.all(Array.from({ length: 50 }, () => begin()))
    expect(attempts.filter((attempt) => attempt !== undefined).length).toBeLessThanOrEqual(10)
    const networks = Array.from({ length: 150 }, (_, at) => `network ${at}`)
    const strangers = await Promise.all(networks.map((network) => begin(network, BOB)))
    expect(strangers.filter((attempt) => attempt !== undefined).length).toBeLessThanOrEqual(100)
  })

  it('wait for one another when many sign in at once, and none of them is refused', async () => {
    const turn = () => new Promise<void>((go) => setImmediate(go))
    const outcomes = Array.from({ length: 60 }, async () => {
      const attempt = await beginSignIn({ store, clock, pause: turn }, ALICE, HOME)
      await turn()
      await attempt?.succeed()
      return attempt !== undefined
    })
    expect(await Promise.all(outcomes)).toEqual(outcomes.map(() => true))
    clock.advance(MINUTE)
    await fail(9)
    expect(await isRefused()).toBe(false)
  })

  it('that wait are refused when those before them fail', async () => {
    const first = await Promise.all(Array.from({ length: 10 }, () => begin()))
    const turns: (() => void)[] = []
    const late = beginSignIn({ store, clock, pause: () => new Promise<void>((go) => turns.push(go)) }, ALICE, HOME)
    for (const attempt of first) await attempt?.fail()
    expect(turns).toHaveLength(1)
    turns[0]?.()
    expect(await late).toBeUndefined()
  })

  it('of which nothing was heard for half a minute are failures', async () => {
    for (let at = 0; at < 10; at++) await begin()
    clock.advance(MINUTE / 2 - 1)
    expect(await begin()).toBeUndefined()
    clock.advance(1)
    expect(await isRefused()).toBe(true)
    clock.advance(14 * MINUTE)
    expect(await isRefused()).toBe(true)
    clock.advance(2 * MINUTE)
    expect(await isRefused()).toBe(false)
  })

  it('are not kept waiting for long', async () => {
    for (let at = 0; at < 10; at++) await begin()
    expect(await begin()).toBeUndefined()
    expect(pauses).toEqual(Array.from({ length: 50 }, () => 100))
  })
})

describe('attempts from many networks', () => {
  const failEverywhere = async (times: number) => {
    for (let at = 0; at < times; at++) await (await begin(`network ${at}`))?.fail()
  }

  it('are refused after 100 failures in 15 minutes', async () => {
    await failEverywhere(99)
    expect(await isRefused(ELSEWHERE)).toBe(false)
    await failEverywhere(100)
    expect(await isRefused(ELSEWHERE)).toBe(true)
    expect(await isRefused(ELSEWHERE, BOB)).toBe(false)
    clock.advance(15 * MINUTE)
    expect(await isRefused(ELSEWHERE)).toBe(false)
  })

  it('lock nobody out where the right password came from in the last 30 days', async () => {
    await succeed(HOME)
    clock.advance(30 * 24 * 60 * MINUTE - 16 * MINUTE)
    await failEverywhere(150)
    expect(await isRefused(ELSEWHERE)).toBe(true)
    expect(await isRefused(HOME)).toBe(false)
    clock.advance(16 * MINUTE)
    await failEverywhere(150)
    expect(await isRefused(HOME)).toBe(true)
  })

  it('are not counted where the right password came from, and those that succeed are taken back', async () => {
    await succeed(HOME)
    await fail(9, HOME)
    for (let at = 0; at < 30; at++) await succeed(`network ${at}`)
    const total = await store.get(signInTotalKey(ALICE))
    expect(total?.failures).toBe(0)
  })

  it('take nothing back of a later window', async () => {
    const early = await begin(HOME)
    clock.advance(15 * MINUTE)
    await fail(3, ELSEWHERE)
    await early?.succeed()
    expect(await store.get(signInTotalKey(ALICE))).toMatchObject({ failures: 3 })
  })
})

describe('attempts at many names from one network', () => {
  const named = (at: number) => ({ ...ALICE, nameHash: `name ${at}` })
  const failAt = async (names: number, network = HOME) => {
    for (let at = 0; at < names; at++) await fail(1, network, named(at))
  }

  it('are refused after 300 new ones in 15 minutes, and leave no row', async () => {
    await failAt(299)
    expect(await isRefused(HOME, BOB)).toBe(false)
    await fail(1, HOME, named(299))
    const carol = { ...ALICE, nameHash: 'carol' }
    expect(await isRefused(HOME, carol)).toBe(true)
    expect(await isRefused(HOME, { ...carol, source: 'ldap/other' })).toBe(true)
    expect(await store.getMany([signInKey(carol, HOME), signInTotalKey(carol)])).toEqual([undefined, undefined])
    expect(await isRefused(ELSEWHERE, carol)).toBe(false)
    expect(await isRefused(HOME, { ...carol, account: '2' })).toBe(false)
    clock.advance(15 * MINUTE)
    expect(await isRefused(HOME, carol)).toBe(false)
  })

  it('lock nobody out whose right password came from there, or whose failures are counted anyway', async () => {
    await succeed()
    clock.advance(29 * 24 * 60 * MINUTE)
    await failAt(300)
    expect(await isRefused()).toBe(false)
    expect(await isRefused(HOME, named(7))).toBe(false)
    await fail(9, HOME, named(7))
    expect(await isRefused(HOME, named(7))).toBe(true)
  })

  it('do not count when they succeed or nobody could look, and do when there is no such directory', async () => {
    await failAt(299)
    await succeed(HOME, BOB)
    await (await begin(HOME, { ...ALICE, nameHash: 'dan' }))?.withdraw()
    const misdirected = { ...ALICE, source: 'ldap/nowhere' }
    const attempt = await begin(HOME, misdirected)
    await attempt?.misdirected()
    expect(attempt).toBeDefined()
    expect(await isRefused()).toBe(true)
    // For the name itself it was no attempt.
    expect((await store.get(signInTotalKey(misdirected)))?.failures).toBe(0)
  })

  it('are counted, too, when they are made at once', async () => {
    await failAt(290)
    const attempts = await Promise.all(Array.from({ length: 50 }, (_, at) => begin(HOME, named(1000 + at))))
    expect(attempts.filter((attempt) => attempt !== undefined)).toHaveLength(10)
  })
})

it('costs a read and three writes, and three to take them back or one to keep them; from a known network two less', async () => {
  const trips = countingStore(store)
  store = trips.store
  const attempt = await begin()
  expect(trips.total()).toBe(4)
  await attempt?.succeed()
  expect(trips.total()).toBe(7)
  const known = await begin()
  expect(trips.total()).toBe(9)
  await known?.succeed()
  expect(trips.total()).toBe(10)
  await fail(1)
  expect(trips.total()).toBe(13)
})

it('leaves rows that the table may delete when they say nothing any more', async () => {
  await fail(1)
  const seconds = clock.now() / 1000
  expect(await store.get(signInKey(ALICE, HOME))).toMatchObject({ expiresAt: seconds + 900 })
  expect(await store.get(signInTotalKey(ALICE))).toMatchObject({ expiresAt: seconds + 900 })
  clock.advance(14 * MINUTE)
  await fail(9)
  expect(await store.get(signInKey(ALICE, HOME))).toMatchObject({ expiresAt: seconds + 29 * 60 })
  await (await begin(HOME, BOB))?.withdraw()
  expect(await store.get(signInKey(BOB, HOME))).toMatchObject({ expiresAt: clock.now() / 1000 })
  await succeed(ELSEWHERE)
  expect(await store.get(signInKey(ALICE, ELSEWHERE))).toMatchObject({ expiresAt: clock.now() / 1000 + 30 * 86_400 })
})

it.each(['getMany', 'put', 'update'] as const)('lets nobody go on when the table cannot %s', async (method) => {
  await begin(ELSEWHERE)
  const broken: Store = {
    ...store,
    [method]: async () => {
      throw new StoreUnavailable('throttled')
    },
  }
  await expect(beginSignIn({ store: broken, clock, pause }, ALICE, HOME)).rejects.toThrow(StoreUnavailable)
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['::1', '::/64'],
  ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
  ['unknown', 'unknown'],
])('takes %s for the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
