/**
 * Runs one function's handler on an event, in this process, and prints what it answers.
 *   npm run invoke -- get-caller-identity events/get-caller-identity.json
 * With DAYPASS_TABLE and the secrets' variables set it uses what they name. Without, it makes a deployment in memory with
 * the bootstrap document that DAYPASS_BOOTSTRAP names, or with that of the folder `events/`; then the time is the event's
 * own, so that a recorded signature or token is neither too old nor too new.
 */
import { readdir, readFile } from 'node:fs/promises'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { fetchKeySet } from '@daypass/core/identity/discovery.ts'
import { putKeys, readKeyList } from '@daypass/core/identity/stored-keys.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { withoutScheme } from '@daypass/core/store/entities/oidc-provider.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { bootstrapDeployment } from '../functions/bootstrap/action.ts'
import { secretsManager } from '../functions/bootstrap/secrets.ts'
import { startDynamoDb } from '../test/support/dynalite.ts'
import { fixtureIssuer } from '../test/support/event-fixtures.ts'
import { startSecrets } from './local-secrets.ts'
import { streamingRuntime } from './streaming-runtime.ts'

const EVENTS_BOOTSTRAP = new URL('../events/bootstrap.json', import.meta.url)
const FUNCTIONS = new URL('../functions/', import.meta.url)
const SECRET_ARNS = { sessionRing: 'session-ring', longTermRing: 'long-term-ring', rootKey: 'root-key' }

async function main([name, eventFile]: readonly string[]): Promise<string> {
  const names = await functionNames()
  if (!name || !eventFile || !names.includes(name)) {
    throw new Error(`Usage: npm run invoke -- <function> <event.json>, with one of the functions ${names.join(', ')}`)
  }
  const event = JSON.parse(await readFile(eventFile, 'utf8'))
  if (!process.env[ENVIRONMENT.table]) {
    standAt(event?.requestContext?.timeEpoch)
    await deployInMemory()
  }
  Object.assign(globalThis, { awslambda: streamingRuntime })
  const { handler } = await import(new URL(`${name}/handler.ts`, FUNCTIONS).href)
  return JSON.stringify((await handler(event)) ?? null, undefined, 2)
}

/** Lets this process's clock begin at an instant (ms since the epoch), when the event names one. */
function standAt(instant: unknown): void {
  if (typeof instant !== 'number') return
  const machineTime = Date.now
  const shift = instant - machineTime()
  Date.now = () => machineTime() + shift
}

async function functionNames(): Promise<string[]> {
  const folders = await readdir(FUNCTIONS, { recursive: true })
  return folders.flatMap((path) => /^([a-z0-9-]+)\/handler\.ts$/.exec(path)?.[1] ?? []).sort()
}

/** The table, the secrets and what `cdk deploy` would put into them; told to the handler by its environment. */
async function deployInMemory(): Promise<void> {
  const [dynamoDb, secretsEndpoint] = await Promise.all([startDynamoDb(), startSecrets()])
  const accountId = process.env[ENVIRONMENT.accountId] ?? '000000000000'
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsEndpoint,
    [ENVIRONMENT.table]: dynamoDb.tableName,
    [ENVIRONMENT.accountId]: accountId,
    [ENVIRONMENT.privateAddresses]: 'allow',
    [ENVIRONMENT.sessionRing]: SECRET_ARNS.sessionRing,
    [ENVIRONMENT.longTermRing]: SECRET_ARNS.longTermRing,
    [ENVIRONMENT.rootKey]: SECRET_ARNS.rootKey,
    [ENVIRONMENT.proberKey]: 'prober-key',
    [ENVIRONMENT.ownUrl]: 'https://sts.example/',
    [ENVIRONMENT.iamFunction]: 'daypass-iam',
    [ENVIRONMENT.getWebIdentityTokenFunction]: 'daypass-get-web-identity-token',
    [ENVIRONMENT.checkDirectoryFunction]: 'daypass-check-directory',
    [ENVIRONMENT.revokeSessionsFunction]: 'daypass-revoke-sessions',
  })
  const file = process.env.DAYPASS_BOOTSTRAP
  const store = openDynamoDbStore({ tableName: dynamoDb.tableName })
  const log = jsonLog((line) => process.stderr.write(`${line}\n`))
  const deps = { store, secrets: secretsManager(new SecretsManagerClient({})), clock: systemClock, log, accountId }
  await bootstrapDeployment({ ...deps, secretArns: SECRET_ARNS }, await readFile(file ?? EVENTS_BOOTSTRAP, 'utf8'))
  if (!file) await keepFixtureKeys(store, accountId)
  await store.close()
}

/** The issuer of the events is nowhere: its keys are put where a fetch would have put them. */
async function keepFixtureKeys(store: Store, account: string): Promise<void> {
  const url = 'https://issuer.example'
  const owner = { account, url, name: withoutScheme(url) }
  const set = await fetchKeySet(fixtureIssuer, { kind: 'issuer', url })
  await putKeys(store, owner, await readKeyList(store, owner), set, systemClock.now())
}

// Not left to end by itself: connections to the deployment in memory are still open.
main(process.argv.slice(2)).then(
  (answer) => process.stdout.write(`${answer}\n`, () => process.exit(0)),
  (error) => process.stderr.write(`${error instanceof Error ? error.message : error}\n`, () => process.exit(1)),
)
