import type { LogRecord } from '@daypass/core/deps.ts'
import { mintParty } from '@daypass/core/quotas/mint-party.ts'
import { type MintQuota, mintQuota, type QuotaLimits } from '@daypass/core/quotas/mint-quota.ts'
import { countingStore } from '@daypass/core/store/counting.ts'
import { type Store, StoreUnavailable } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryStore } from '../../support/memory-store.ts'

const MINUTE = 60_000
const ALICE = { account: '000000000000', issuer: 'login.example', principal: 'login.example/alice' }
const BOB = { ...ALICE, principal: 'login.example/bob' }

let clock: ManualClock
let table: ReturnType<typeof memoryStore>
let logged: LogRecord[]
beforeEach(() => {
  clock = new ManualClock()
  table = memoryStore()
  logged = []
})
const keep = (record: LogRecord) => void logged.push(record)
const log = { info: keep, warn: keep, error: keep }
const process = (limits: QuotaLimits, store: Store = table) => mintQuota({ store, clock, log }, limits)
/** Lets what was told to the table be answered. */
const settle = () => new Promise<void>((done) => setImmediate(done))

/** How many of so many sessions are granted. */
async function granted(quota: MintQuota, times: number, party = ALICE): Promise<number> {
  let count = 0
  for (let index = 0; index < times; index += 1) {
    try {
      quota.spend(party)
      count += 1
    } catch (error) {
      expect(error).toMatchObject({ code: 'Throttling', status: 400, message: 'Rate exceeded' })
    }
    await settle()
  }
  return count
}

describe('the quota of a principal', () => {
  it('grants exactly its sessions in a minute, and as many in the next', async () => {
    const quota = process({ perPrincipal: 100 })
    expect(await granted(quota, 150)).toBe(100)
    clock.advance(MINUTE - 1)
    expect(await granted(quota, 1)).toBe(0)
    clock.advance(1)
    expect(await granted(quota, 150)).toBe(100)
  })

  it('is not touched by what others spend', async () => {
    const quota = process({ perPrincipal: 10 })
    expect(await granted(quota, 20, ALICE)).toBe(10)
    expect(await granted(quota, 20, BOB)).toBe(10)
    expect(await granted(quota, 20, { ...ALICE, account: '111122223333' })).toBe(10)
  })

  it('is none when it is not configured', async () => {
    expect(await granted(process({}), 5000)).toBe(5000)
  })
})

it('the quota of an issuer is shared by all of its principals, and no concern of those who have none', async () => {
  const quota = process({ perIssuer: 15, perPrincipal: 10 })
  expect([await granted(quota, 20, ALICE), await granted(quota, 20, BOB)]).toEqual([10, 5])
  const { issuer: _none, ...user } = { ...ALICE, principal: 'user carol' }
  expect(await granted(quota, 20, user as typeof ALICE)).toBe(10)
})

describe('several processes', () => {
  it('overrun a limit by a twentieth for each of them at most', async () => {
    const limit = 200
    const processes = [1, 2, 3, 4].map(() => process({ perPrincipal: limit }))
    let total = 0
    for (let round = 0; round < 200; round += 1) {
      for (const one of processes) total += await granted(one, 1)
    }
    expect(total).toBeGreaterThanOrEqual(limit)
    expect(total).toBeLessThanOrEqual(limit + (limit / 20) * processes.length)
  })

  it('tell the table of a twentieth of the limit at a time, and never wait for it', async () => {
    const trips = countingStore(table)
    let answer = () => {}
    const slow: Store = {
      ...trips.store,
      update: async (...args) => {
        await new Promise<void>((done) => {
          answer = done
        })
        return trips.store.update(...args)
      },
    }
    const quota = process({ perPrincipal: 200 }, slow)
    expect(await granted(quota, 9)).toBe(9)
    expect(await granted(quota, 100)).toBe(100)
    answer()
    await settle()
    expect(trips.trips).toMatchObject({ update: 1, put: 0 })
  })

  it('leave rows that expire soon after their minute', async () => {
    const written: object[] = []
    const store: Store = {
      ...table,
      update: async (key, changes, options) => {
        written.push([key, changes])
        return table.update(key, changes, options)
      },
    }
    await granted(process({ perPrincipal: 1 }, store), 1)
    const pk = expect.stringMatching(/^QUOTA#000000000000#[0-9a-f]{64}$/)
    const end = clock.now() / 1000 + 120
    expect(written).toEqual([
      [
        { pk, sk: String(clock.now() / MINUTE) },
        { add: { sessions: 1 }, set: { expiresAt: end } },
      ],
    ])
  })
})

it('while the table cannot count, each process counts alone, and says so', async () => {
  const failing: Store = { ...table, update: () => Promise.reject(new StoreUnavailable('throttled')) }
  expect(await granted(process({ perPrincipal: 40 }, failing), 100)).toBe(40)
  expect(logged).toContainEqual({ event: 'MintsNotCounted', failure: 'throttled' })
})

describe('a session is counted to', () => {
  const common = {
    account: '000000000000',
    issuedAt: 0,
    expiresAt: 0,
    sessionPolicyArns: [],
    tags: [],
    transitiveTagKeys: [],
    claims: {},
    ancestors: [],
  }
  const role = { ...common, kind: 'role', roleName: 'r', roleId: 'AROA', roleSessionName: 's' } as const
  const lineage = [{ kind: 'user', account: '111122223333', name: 'bob', id: 'AIDA', issuedAt: 0 }] as const
  const hop = { kind: 'role', account: '444455556666', name: 'shared', id: 'AROA', issuedAt: 0 } as const
  it.each<[string, Parameters<typeof mintParty>[0], object]>([
    [
      'the subject of its token and its issuer',
      { ...role, provider: 'login.example', claims: { 'login.example:sub': ['alice'] } },
      { issuer: 'login.example', principal: 'login.example/alice' },
    ],
    [
      'its directory user and directory',
      { ...role, identitySource: 'ldap/default', claims: { 'ldap:user': ['uid=a'] } },
      { issuer: 'ldap/default', principal: 'ldap/default/uid=a' },
    ],
    [
      'the identity that took no role',
      {
        ...common,
        kind: 'identity',
        sourceKind: 'oidc',
        source: 'default',
        subject: 'alice',
        policyArns: [],
        groups: [],
      },
      { issuer: 'oidc/default', principal: 'oidc/default/alice' },
    ],
    [
      'the user who assumed the role, in its own account',
      { ...role, lineage },
      { account: '111122223333', principal: 'user 111122223333 bob' },
    ],
    [
      'the user who began the chain',
      { ...role, lineage: [hop, ...lineage] },
      { account: '111122223333', principal: 'user 111122223333 bob' },
    ],
    [
      'the subject whose token began the chain, and its issuer',
      { ...role, lineage: [hop, { ...hop, provider: 'login.example', subject: 'alice' }] },
      { account: '444455556666', issuer: 'login.example', principal: 'login.example/alice' },
    ],
    [
      'the directory user who began the chain with a role',
      { ...role, lineage: [{ ...hop, identitySource: 'ldap/default', subject: 'uid=a' }] },
      { account: '444455556666', issuer: 'ldap/default', principal: 'ldap/default/uid=a' },
    ],
    [
      'the identity that began the chain without a role',
      { ...role, lineage: [{ ...hop, kind: 'identity', name: 'oidc/default', id: '', subject: 'alice' }] },
      { account: '444455556666', issuer: 'oidc/default', principal: 'oidc/default/alice' },
    ],
    [
      'root, which began the chain',
      { ...role, lineage: [{ ...hop, kind: 'root', name: '', id: '' }] },
      { account: '444455556666', principal: 'root' },
    ],
    [
      'the user itself',
      { ...common, kind: 'user', userName: 'carol', userId: 'AIDA', madeBy: 'GetSessionToken' },
      { principal: 'user 000000000000 carol' },
    ],
    ['root', { ...common, kind: 'root', madeBy: 'AssumeRole' }, { principal: 'root' }],
  ])('%s', (_whose, session, expected) => {
    expect(mintParty(session)).toEqual({ account: '000000000000', ...expected })
  })
})
