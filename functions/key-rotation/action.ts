import { parseStoredRing, type StoredRing } from '@daypass/core/credentials/key-ring.ts'
import { flawOfSuccessor, type RingKind, rotateRing } from '@daypass/core/credentials/ring-rotation.ts'
import type { Clock, Log } from '@daypass/core/deps.ts'
import type { VersionedSecret } from './versioned-secret.ts'

/** Secrets Manager's four steps; each may be sent more than once. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret'

export interface RotationDeps {
  readonly secret: VersionedSecret
  readonly kind: RingKind
  readonly clock: Clock
  readonly log: Log
}

/**
 * One step in the rotation of a key ring: a version with one more key is made, tested against the one in force, and takes
 * its place. There is nothing outside to tell of it (`setSecret`): functions read the ring by themselves, and the key seals
 * only when all have had the time. Rejects, and changes nothing, when the version is not one that waits to be in force.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export async function rotateStep(deps: RotationDeps, step: RotationStep, version: string): Promise<void> {
  const { secret, kind, clock, log } = deps
  const stages = await secret.stages()
  if (stages[version]?.includes('AWSCURRENT')) return
  if (!stages[version]?.includes('AWSPENDING'))
    throw new Error('This version of the secret does not wait to be rotated in.')

  if (step === 'createSecret' && (await secret.pending(version)) === undefined) {
    await secret.putPending(version, JSON.stringify(rotateRing(await ringInForce(secret), kind, clock.now())))
  }
  if (step === 'testSecret') await testPending(deps, version)
  if (step === 'finishSecret') {
    await checkPending(deps, version)
    const current = Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT'))
    if (current === undefined) throw new Error('No version of the secret is in force.')
    await secret.promote(version, current)
    log.info({ event: 'KeyRingRotated', ring: kind })
  }
}

/**
 * When a rotation is configured without rotating at once, Secrets Manager tries this step alone, on a version that was never
 * created: then it shows that the ring can be read.
 */
async function testPending(deps: RotationDeps, version: string): Promise<void> {
  const [pending, current] = await Promise.all([deps.secret.pending(version), ringInForce(deps.secret)])
  if (pending === undefined || sameRing(parseStoredRing(pending), current)) return
  await checkPending(deps, version)
}

const sameRing = (one: StoredRing, other: StoredRing) => JSON.stringify(one) === JSON.stringify(other)

/** What takes the ring's place is never taken on trust: a ring that lacks a key would end everything that the key sealed. */
async function checkPending({ secret, clock }: RotationDeps, version: string): Promise<void> {
  const pending = await secret.pending(version)
  if (pending === undefined) throw new Error('The version that waits has no value: start the rotation again.')
  const flaw = flawOfSuccessor(parseStoredRing(pending), await ringInForce(secret), clock.now())
  if (flaw !== undefined) throw new Error(`The ring that waits may not take the place of the one in force: ${flaw}.`)
}

async function ringInForce(secret: VersionedSecret) {
  const current = await secret.current()
  if (current === undefined) throw new Error('The key ring has no value yet: deploy first, then rotate.')
  return parseStoredRing(current)
}
