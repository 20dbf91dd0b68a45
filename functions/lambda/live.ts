import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { keyUseRecorder } from '@daypass/core/authentication/key-use.ts'
import { KeyRing, parseStoredRing } from '@daypass/core/credentials/key-ring.ts'
import { webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import { type DecisionWebhookSettings, readDecisionWebhook } from '@daypass/core/decision-webhook/settings.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import type { IssuerKeyDeps } from '@daypass/core/identity/issuer-keys.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { readStsDuration } from '@daypass/core/identity-sources/sts-duration.ts'
import { DEFAULT_SOURCE } from '@daypass/core/identity-sources/variables.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { mintQuota } from '@daypass/core/quotas/mint-quota.ts'
import { readQuotaLimits } from '@daypass/core/quotas/settings.ts'
import { type DynamoDbStore, openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { regionalStore } from '@daypass/core/store/regional.ts'
import { invokeCheckDirectory } from '../check-directory/invoke.ts'
import { liveLog } from './signals.ts'

/** What every function has besides its own parts. Made once per cold start. */
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

/** How issuers' keys are fetched; private addresses only where the deployment allows them. */
export function liveIssuerKeys(store: Store): IssuerKeyDeps {
  const addresses = process.env[ENVIRONMENT.privateAddresses] === 'allow' ? 'any' : 'public-only'
  return { store, clock, log, fetch: guardedFetch({ addresses }), imported: new ImportedKeys(), flights: new Map() }
}

/** The OpenID sources that the function's environment configures, of the default account. */
export function liveOpenId(accountId: string) {
  return { openIdSources: parseOpenIdSources(process.env, accountId) }
}

/**
 * The decision webhook that the function's environment names. What it is shown as Authorization is read from its secret,
 * once per cold start: a function that cannot read it does not start, and answers nothing.
 */
export async function liveDecisionWebhook(): Promise<DecisionWebhookSettings | undefined> {
  const secretArn = process.env[ENVIRONMENT.decisionWebhookToken]
  if (secretArn === undefined) return readDecisionWebhook(process.env)
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: secretArn }))
  if (!SecretString) throw new Error(`The secret that ${ENVIRONMENT.decisionWebhookToken} names is empty.`)
  return readDecisionWebhook({ ...process.env, DAYPASS_POLICY_PLUGIN_AUTH_TOKEN: SecretString })
}

/**
 * The identity webhooks that the function's environment configures, of the default account, and how they are called. What they
 * are shown as Authorization is read from its secrets, once per cold start.
 */
export async function liveCustomTokens(accountId: string) {
  const named = (process.env[ENVIRONMENT.identityWebhookTokens] ?? '').split(',').filter((each) => each !== '')
  const tokens = await Promise.all(
    named.map(async (each): Promise<readonly [string, string]> => {
      const [name = '', secretArn = ''] = each.split(/=(.*)/)
      const suffix = name === DEFAULT_SOURCE ? '' : `_${name.toUpperCase()}`
      return [`DAYPASS_IDENTITY_PLUGIN_AUTH_TOKEN${suffix}`, await secretText(secretArn)]
    }),
  )
  const sources = parseCustomTokenSources({ ...process.env, ...Object.fromEntries(tokens) }, accountId)
  return { customTokens: { sources, fetch: webhookFetch() } }
}

async function secretText(secretArn: string): Promise<string> {
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: secretArn }))
  if (!SecretString) throw new Error('The secret of an identity webhook is empty.')
  return SecretString
}

/** The certificate providers that the function's environment configures, of the default account, and what it says of sessions. */
export function liveCertificates(accountId: string) {
  return {
    certificateSources: parseCertificateSources(process.env, accountId),
    stsDurationSeconds: readStsDuration(process.env),
    keepClaims: process.env[ENVIRONMENT.keepClaims] === 'on',
  }
}

/** How directories are asked: by the function that may reach them. */
export function liveDirectories(account: string, lambda: LambdaClient, functionName: string) {
  return { directories: { account, check: invokeCheckDirectory(lambda, functionName), pause } }
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
