/**
 * Runs one function's handler on an event, in this process, and prints what it answers.
 *   npm run invoke -- get-caller-identity events/get-caller-identity.json
 * With DAYPASS_TABLE and the secrets' variables set it uses what they name. Without, it makes a deployment in memory with
 * the bootstrap document that DAYPASS_BOOTSTRAP names, or with that of the folder `events/`; then the time is the event's
 * own, so that a recorded signature or token is neither too old nor too new.
 */
import { readdir, readFile } from 'node:fs/promises'
import { systemClock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { fetchKeySet } from '@daypass/core/identity/discovery.ts'
import { putKeys, readKeyList } from '@daypass/core/identity/stored-keys.ts'
import { withoutScheme } from '@daypass/core/store/entities/oidc-provider.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { fixtureIssuer } from '../test/support/event-fixtures.ts'
import { deployInMemory } from './memory-deployment.ts'
import { streamingRuntime } from './streaming-runtime.ts'

const EVENTS_BOOTSTRAP = new URL('../events/bootstrap.json', import.meta.url)
const FUNCTIONS = new URL('../functions/', import.meta.url)

async function main([name, eventFile]: readonly string[]): Promise<string> {
  const names = await functionNames()
  if (!name || !eventFile || !names.includes(name)) {
    throw new Error(`Usage: npm run invoke -- <function> <event.json>, with one of the functions ${names.join(', ')}`)
  }
  const event = JSON.parse(await readFile(eventFile, 'utf8'))
  if (!process.env[ENVIRONMENT.table]) {
    standAt(event?.requestContext?.timeEpoch)
    await deploy()
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

/** In memory; told to the handler by its environment. */
async function deploy(): Promise<void> {
  const accountId = process.env[ENVIRONMENT.accountId] ?? '000000000000'
  const file = process.env.DAYPASS_BOOTSTRAP
  const { environment, store } = await deployInMemory(accountId, await readFile(file ?? EVENTS_BOOTSTRAP, 'utf8'))
  Object.assign(process.env, environment)
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
