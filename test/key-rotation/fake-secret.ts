import { randomUUID } from 'node:crypto'
import { newStoredKey, parseStoredRing, type StoredRing } from '@daypass/core/credentials/key-ring.ts'
import type { RingKind } from '@daypass/core/credentials/ring-rotation.ts'
import type { Clock, LogRecord } from '@daypass/core/deps.ts'
import { type RotationStep, rotateStep } from '../../functions/key-rotation/action.ts'
import type { VersionedSecret } from '../../functions/key-rotation/versioned-secret.ts'

const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret']

/** A secret with versions, as Secrets Manager keeps it, that holds a ring with one key. */
export function fakeSecret(clock: Clock, kind: RingKind) {
  const values = new Map<string, string>([['first', JSON.stringify({ keys: [newStoredKey(clock.now())] })]])
  const labels = new Map<string, string[]>([['first', ['AWSCURRENT']]])
  const logged: LogRecord[] = []
  const keep = (record: LogRecord) => void logged.push(record)
  const current = () => [...labels].find(([, stages]) => stages.includes('AWSCURRENT'))?.[0] ?? ''
  const secret: VersionedSecret = {
    stages: async () => Object.fromEntries(labels),
    current: async () => values.get(current()),
    pending: async (version) => (labels.get(version)?.includes('AWSPENDING') ? values.get(version) : undefined),
    async putPending(version, value) {
      if (values.has(version) && values.get(version) !== value) throw new Error('ResourceExistsException')
      values.set(version, value)
    },
    async promote(version, inPlaceOf) {
      if (inPlaceOf !== current()) throw new Error('InvalidParameterException')
      labels.set(inPlaceOf, ['AWSPREVIOUS'])
      labels.set(version, ['AWSCURRENT'])
    },
  }
  const step = (name: RotationStep, version: string) =>
    rotateStep({ secret, kind, clock, log: { info: keep, warn: keep, error: keep } }, name, version)
  return {
    values,
    labels,
    logged,
    step,
    source: async (): Promise<StoredRing> => parseStoredRing(values.get(current()) ?? ''),
    /** As `RotateSecret` begins: a version without a value waits. */
    begin(): string {
      const version = randomUUID()
      labels.set(version, ['AWSPENDING'])
      return version
    },
    async rotate(): Promise<void> {
      const version = this.begin()
      for (const name of STEPS) await step(name, version)
    },
  }
}
