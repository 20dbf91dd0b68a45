import { randomUUID } from 'node:crypto'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { keyUseRecorder } from '@daypass/core/authentication/key-use.ts'
import { KeyRing, parseStoredRing } from '@daypass/core/credentials/key-ring.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { readStsDuration } from '@daypass/core/identity-sources/sts-duration.ts'
import { mintQuota } from '@daypass/core/quotas/mint-quota.ts'
import { readQuotaLimits } from '@daypass/core/quotas/settings.ts'
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

/** Opens the table and makes the first call to it during the init phase, whose CPU is not throttled. */
export function liveStore(tableName: string): Store {
  const own = openTable(tableName, process.env[ENVIRONMENT.tableRegion])
  own.warm(log)
  const homeRegion = process.env[ENVIRONMENT.homeRegion]
  return homeRegion === undefined ? own : regionalStore(own, openTable(tableName, homeRegion))
}

const openTable = (tableName: string, region: string | undefined): DynamoDbStore =>
  openDynamoDbStore({ tableName, ...(region === undefined ? {} : { config: { region } }) })

/** A key ring that lies in a Secrets Manager secret. */
export function liveRing(secretArn: string): KeyRing {
  const secrets = new SecretsManagerClient({})
  return new KeyRing(async () => {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }))
    return parseStoredRing(SecretString ?? '')
  }, clock)
}

/** What making sessions needs, from the settings that name it, and what the environment says of sessions without a role. */
export function liveMints(env: Readonly<Record<'table' | 'sessionRing', string>>) {
  const store = liveStore(env.table)
  return {
    store,
    sessionRing: liveRing(env.sessionRing),
    quota: liveQuota(store),
    stsDurationSeconds: readStsDuration(process.env),
    keepClaims: process.env[ENVIRONMENT.keepClaims] === 'on',
  }
}

const liveQuota = (store: Store) => mintQuota({ store, clock, log }, readQuotaLimits(process.env))

/** What verifying callers needs, from the settings that name it. The use of long-term keys is noted beside the request. */
export function liveCredentials(env: Readonly<Record<'table' | 'sessionRing' | 'longTermRing', string>>) {
  const { store, ...mints } = liveMints(env)
  return {
    store,
    ...mints,
    longTermRing: liveRing(env.longTermRing),
    clock,
    noteKeyUse: keyUseRecorder({ store, clock, log }),
  }
}
