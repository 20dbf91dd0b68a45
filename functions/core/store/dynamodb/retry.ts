import { setTimeout as wait } from 'node:timers/promises'
import { type Clock, systemClock } from '../../deps.ts'
import { StoreUnavailable } from '../port.ts'
import { describeFailure, failureOf } from './failures.ts'

const MAX_ATTEMPTS = 5
const ATTEMPT_MS = 2000
const TOTAL_MS = 5000
const FIRST_DELAY_MS = 25
const MAX_DELAY_MS = 400

/** Time and chance, as the adapter uses them. */
export interface Pace {
  readonly clock: Clock
  sleep(ms: number): Promise<void>
  /** Aborts after that many milliseconds. */
  timeout(ms: number): AbortSignal
  /** At least 0, less than 1. */
  random(): number
}

export const systemPace: Pace = {
  clock: systemClock,
  sleep: async (ms) => void (await wait(ms)),
  timeout: (ms) => AbortSignal.timeout(ms),
  random: Math.random,
}

export interface Attempt {
  readonly abortSignal: AbortSignal
  /** An earlier attempt may have been executed, though no answer came. */
  readonly inDoubt: boolean
}

/**
 * Tries until DynamoDB answers: at most 5 attempts of 2 s within 5 s, with capped exponential delays and full jitter. Ends
 * in an answer, in RangeError for a request that no repetition mends, or in StoreUnavailable. `repeatable: false` is for
 * what must not happen twice: it is sent again only when the last attempt was certainly not executed.
 */
export async function untilAnswered<T>(
  pace: Pace,
  attempt: (attempt: Attempt) => Promise<T>,
  { repeatable = true } = {},
): Promise<T> {
  const deadline = pace.clock.now() + TOTAL_MS
  let inDoubt = false
  for (let attempts = 1; ; attempts++) {
    const left = deadline - pace.clock.now()
    try {
      return await attempt({ abortSignal: pace.timeout(Math.min(ATTEMPT_MS, left)), inDoubt })
    } catch (error) {
      const failure = failureOf(error)
      if (failure === 'verdict') throw error
      if (failure === 'invalid') throw new RangeError(`the table refused the request: ${describeFailure(error)}`)
      inDoubt ||= failure === 'in doubt'
      const delay = pace.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1))
      const last = attempts === MAX_ATTEMPTS || pace.clock.now() + delay >= deadline
      if (last || failure === 'refused' || (inDoubt && !repeatable)) {
        throw new StoreUnavailable(`the table did not answer: ${describeFailure(error)}`)
      }
      await pace.sleep(delay)
    }
  }
}
