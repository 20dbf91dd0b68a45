import { KeyRing } from '@daypass/core/credentials/key-ring.ts'
import { expect, it } from 'vitest'
import { ALICE, accounts } from '../assume-role/accounts.ts'
import { credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { memoryStore } from '../support/memory-store.ts'
import type { SigningCredentials } from '../support/sign.ts'
import { fakeSecret } from './fake-secret.ts'

const MINUTE = 60_000
const FUNCTIONS = 4

/**
 * Several functions over one table, each with its own copy of the rings. Rings are rotated far more often than anyone would,
 * and each session is used by another function than the one that made it.
 */
async function fleet() {
  const clock = new ManualClock()
  const table = memoryStore()
  const session = fakeSecret(clock, 'session')
  const longTerm = fakeSecret(clock, 'long-term')
  const functions: Deployment[] = []
  for (let index = 0; index < FUNCTIONS; index += 1) {
    const rings = { sessionRing: new KeyRing(session.source, clock), longTermRing: new KeyRing(longTerm.source, clock) }
    // They started at different times, so each refreshes at another.
    await rings.sessionRing.sealingKey()
    await rings.longTermRing.sealingKey()
    functions.push(await deploymentWith({ clock, table, rings }, ...(index === 0 ? accounts : [])))
    clock.advance(70_000)
  }
  let turn = 0
  const next = () => {
    turn += 1
    return functions[turn % FUNCTIONS] as Deployment
  }
  return { clock, session, longTerm, next }
}

interface Live {
  readonly credentials: SigningCredentials
  readonly endsAt: number
}

it('rotates both rings under load for five days without one refused request', async () => {
  const { clock, session, longTerm, next } = await fleet()
  const live: Live[] = []
  let requests = 0
  for (let minute = 0; minute < 5 * 24 * 60; minute += 5) {
    if (minute % (6 * 60) === 0) await session.rotate()
    if (minute % (12 * 60) === 0) await longTerm.rotate()
    const made = await next().signed(ALICE, { Action: 'GetSessionToken', DurationSeconds: '129600' })
    expect(made.status).toBe(200)
    live.push({ credentials: credentialsOf(made), endsAt: clock.now() + 129_600_000 })
    while (live[0] && live[0].endsAt <= clock.now()) live.shift()
    // The oldest that lives, the newest, and one between.
    for (const one of [live[0], live.at(-1), live[live.length >> 1]] as Live[]) {
      const answer = await next().signed(one.credentials, { Action: 'GetCallerIdentity' })
      expect([minute, answer.status]).toEqual([minute, 200])
      requests += 1
    }
    clock.advance(5 * MINUTE)
  }
  expect(requests).toBe(3 * 5 * 24 * 12)
  // A session outlives three days of rotations at most: keys past that are gone from the ring.
  expect((await session.source()).keys.length).toBeLessThan(9)
  expect((await longTerm.source()).keys).toHaveLength(11)
}, 120_000)

it('ends a token whose key was taken out of the ring', async () => {
  const { clock, session, next } = await fleet()
  const made = credentialsOf(await next().signed(ALICE, { Action: 'GetSessionToken', DurationSeconds: '129600' }))
  await session.rotate()
  clock.advance(65 * MINUTE)
  const [, fresh] = (await session.source()).keys
  for (const [version] of session.values) session.values.set(version, JSON.stringify({ keys: [fresh] }))
  clock.advance(6 * MINUTE)
  for (let index = 0; index < FUNCTIONS; index += 1) {
    expect((await next().signed(made, { Action: 'GetCallerIdentity' })).error?.Code).toBe('InvalidClientTokenId')
  }
})
