import { randomUUID } from 'node:crypto'
import { keyUseRecorder } from '@daypass/core/authentication/key-use.ts'
import { secretReader } from '@daypass/core/aws/secrets.ts'
import { KeyRing, parseStoredRing } from '@daypass/core/credentials/key-ring.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { readStsDuration } from '@daypass/core/identity-sources/sts-duration.ts'
import { mintQuota } from '@daypass/core/quotas/mint-quota.ts'
import { readQuotaLimits } from '@daypass/core/quotas/settings.ts'
import { describeFailure } from '@daypass/core/store/dynamodb/failures.ts'
import { type DynamoDbStore, openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { regionalStore } from '@daypass/core/store/regional.ts'
import { liveLog } from './signals.ts'

/**
 * What functions have besides their own parts, made once per cold start. What one kind of identity alone needs has a file of
 * its own, so that no other function carries it.
 */
export const clock = systemClock
export const log = liveLog({ region: process.env.AWS_REGION ?? 'unknown', now: clock.now })
export const newRequestId = () => randomUUID()

const openTable = (tableName: string, region: string | undefined): DynamoDbStore =>
  openDynamoDbStore({ tableName, ...(region === undefined ? {} : { config: { region } }) })

const readSecret = secretReader()
/** For all attempts at a ring together, in milliseconds; a request waits for it when no key is at hand. */
const RING_MS = 3_000

/** A key ring that lies in a Secrets Manager secret. */
export function liveRing(secretArn: string): KeyRing {
  const read = () => readSecret(secretArn, { signal: AbortSignal.timeout(RING_MS) })
  return new KeyRing(
    async () => parseStoredRing(await read()),
    clock,
    (cause) => log.warn({ event: 'KeyRingUnreadable', ring: secretArn, failure: describeFailure(cause) }),
  )
}

/**
 * Makes the first call to the table and reads the rings during the init phase, whose CPU is not throttled, so that no request
 * pays for connections and keys. What fails is logged, and tried again by the first request that needs it.
 */
async function warmed(table: DynamoDbStore, rings: readonly KeyRing[]): Promise<void> {
  const reads = rings.map(async (ring) => {
    try {
      await ring.sealingKey()
    } catch (error) {
      log.warn({ event: 'KeyRingNotWarm', failure: describeFailure(error) })
    }
  })
  await Promise.all([table.warm(log), ...reads])
}

/** The table as this region sees it, and what making sessions needs beside its ring. */
function liveTable(tableName: string) {
  const own = openTable(tableName, process.env[ENVIRONMENT.tableRegion])
  const homeRegion = process.env[ENVIRONMENT.homeRegion]
  const store: Store = homeRegion === undefined ? own : regionalStore(own, openTable(tableName, homeRegion))
  return {
    own,
    mints: {
      store,
      quota: mintQuota({ store, clock, log }, readQuotaLimits(process.env)),
      stsDurationSeconds: readStsDuration(process.env),
      keepClaims: process.env[ENVIRONMENT.keepClaims] === 'on',
    },
  }
}

/** What making sessions needs, from the settings that name it, and what the environment says of sessions without a role. */
export async function liveMints(env: Readonly<Record<'table' | 'sessionRing', string>>) {
  const { own, mints } = liveTable(env.table)
  const sessionRing = liveRing(env.sessionRing)
  await warmed(own, [sessionRing])
  return { ...mints, sessionRing }
}

/** What verifying callers needs, from the settings that name it. The use of long-term keys is noted beside the request. */
export async function liveCredentials(env: Readonly<Record<'table' | 'sessionRing' | 'longTermRing', string>>) {
  const { own, mints } = liveTable(env.table)
  const sessionRing = liveRing(env.sessionRing)
  const longTermRing = liveRing(env.longTermRing)
  await warmed(own, [sessionRing, longTermRing])
  const { store } = mints
  return { ...mints, sessionRing, longTermRing, clock, noteKeyUse: keyUseRecorder({ store, clock, log }) }
}
