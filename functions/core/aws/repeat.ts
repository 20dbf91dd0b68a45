import { setTimeout as wait } from 'node:timers/promises'
import { AwsError } from './error.ts'

const ATTEMPTS = 3
const FIRST_DELAY_MS = 50

/**
 * Repeats what AWS's SDKs repeat, as often as they do (SDKs and Tools Reference Guide, "Retry behavior", standard mode): no
 * answer, a throttle, a fault of the service. For calls that may happen twice.
 */
export async function repeated<T>(
  attempt: () => Promise<T>,
  sleep: (ms: number) => Promise<unknown> = wait,
  random: () => number = Math.random,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (attempts === ATTEMPTS || !mayPass(error)) throw error
      await sleep(random() * FIRST_DELAY_MS * 2 ** (attempts - 1))
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof AwsError) return error.status >= 500 || error.status === 429 || /Throttling/.test(error.name)
  // One that the caller has given up is not sent again.
  return error instanceof Error && 'code' in error && error.name !== 'AbortError'
}
