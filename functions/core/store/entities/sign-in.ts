import { type SignInName, signInKey } from '../keys.ts'
import type { Item, Key } from '../port.ts'
import { DamagedRecord, Fields, present } from './fields.ts'

/** How often a name's password was guessed from one network. */
export interface SignInAttempts {
  /** When failures happened (ms), the oldest first. */
  readonly failures: readonly number[]
  /** When attempts began of which it is not known yet what became of them (ms). */
  readonly pending: readonly number[]
  /** Until when (ms) every attempt is refused. */
  readonly lockedUntil?: number
  /** When the right password last came from there (ms). */
  readonly lastSuccessAt?: number
  /** Goes up with each change, so that of two writers one starts anew. */
  readonly revision: number
  /** Seconds since the epoch: when nothing of it counts any more. */
  readonly expiresAt: number
}

/**
 * How often a name was guessed from all networks where it is not known, or how many names were tried from one network of
 * which nothing was known; since the first of these.
 */
export interface SignInTotal {
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly failures: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export const signInItem = (name: SignInName, network: string, attempts: SignInAttempts): Item => ({
  ...signInKey(name, network),
  ...present({ ...attempts }),
  expiresAt: attempts.expiresAt,
})

export const signInTotalItem = (key: Key, total: SignInTotal): Item => ({ ...key, ...total })

export function parseSignIn(item: Item): SignInAttempts {
  const fields = new Fields(item)
  const lockedUntil = fields.optionalNumber('lockedUntil')
  const lastSuccessAt = fields.optionalNumber('lastSuccessAt')
  return {
    failures: instants(item, 'failures'),
    pending: instants(item, 'pending'),
    revision: fields.number('revision'),
    expiresAt: fields.number('expiresAt'),
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
  }
}

function instants(item: Item, name: 'failures' | 'pending'): readonly number[] {
  const values = item[name]
  if (!Array.isArray(values) || !values.every((at) => typeof at === 'number')) throw new DamagedRecord(item, name)
  return values
}

export function parseSignInTotal(item: Item): SignInTotal {
  const fields = new Fields(item)
  return { since: fields.number('since'), failures: fields.number('failures'), expiresAt: fields.number('expiresAt') }
}
