import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { BUNDLING } from '../infra/bundling.ts'
import { type FunctionGrants, type FunctionName, GRANTS } from '../infra/grants.ts'
import { deployInMemory } from '../scripts/memory-deployment.ts'
import { installRuntime } from '../test/conformance/deploy/bundles.ts'
import { trialOf } from '../test/conformance/deploy/events.ts'
import { ACCOUNT, trialDocument } from '../test/conformance/deploy/trial-document.ts'
import { openDoors } from '../test/support/aws-doors.ts'
import { startFakeIssuer } from '../test/support/fake-issuer.ts'
import { type ColdStart, coldStart } from './lambda-runtime.ts'

const FUNCTIONS = fileURLToPath(new URL('../functions', import.meta.url))
const CACHE = process.env.DAYPASS_CACHE ?? join(homedir(), '.cache/daypass-conformance')
const RUNS = 7
/** In bytes. */
const LARGEST_MINT = 400_000
const LONGEST_INIT_MS = 120
const EMPTY = 'an empty function'

/**
 * Size of each function's bundle, built as the stack builds it; and for each that makes sessions, under Lambda's own runtime
 * interface client, how long it takes from the process's start until it asks for its first event, over an empty function, and
 * what it has asked of AWS by then. DynamoDB and Secrets Manager are in this process. The client is installed at the first
 * run, which takes minutes, into the folder that DAYPASS_CACHE names.
 */
export async function benchBundles(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-bundles-'))
  try {
    const sizes = await bundleAll(directory)
    await mkdir(join(directory, EMPTY))
    await writeFile(join(directory, EMPTY, 'index.mjs'), 'export const handler = async () => ({})\n')
    const starts = await startAll(directory, [...sizes.keys()].filter(makesSessions))
    print(sizes, starts)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The front door, and every function that may write sessions as an action of STS or Roles Anywhere does. */
const makesSessions = (name: FunctionName): boolean => {
  const { table }: FunctionGrants = GRANTS[name]
  return (
    name !== 'revoke-sessions' &&
    table.some(({ actions, kinds }) => actions.includes('dynamodb:PutItem') && kinds.includes('SESSION'))
  )
}

async function bundleAll(directory: string): Promise<ReadonlyMap<FunctionName, number>> {
  const sizes = new Map<FunctionName, number>()
  for (const name of Object.keys(GRANTS) as FunctionName[]) {
    const outfile = join(directory, name, 'index.mjs')
    await build({
      entryPoints: [join(FUNCTIONS, name, 'handler.ts')],
      outfile,
      ...BUNDLING,
      banner: { js: BUNDLING.banner },
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
    })
    sizes.set(name, (await stat(outfile)).size)
  }
  return sizes
}

/** Several cold starts of each, the empty function's among them, in turns. */
async function startAll(
  directory: string,
  names: readonly FunctionName[],
): Promise<ReadonlyMap<string, readonly ColdStart[]>> {
  const client = await installRuntime(CACHE)
  const issuer = await startFakeIssuer()
  const daypass = await deployInMemory(ACCOUNT, JSON.stringify(trialDocument(issuer.url)))
  const doors = await openDoors(daypass.environment, { outcome: 'unknown-source' })
  const rootKey = JSON.parse(await daypass.rootKey())
  const starts = new Map<string, ColdStart[]>()
  try {
    for (let run = 0; run < RUNS; run++) {
      for (const name of [EMPTY, ...names] as const) {
        const { event, answer } =
          name === EMPTY ? { event: {}, answer: /^\{\}$/ } : trialOf(name, issuer, rootKey, { ring: '', version: '' })
        doors.calls.length = 0
        const start = await coldStart(client, {
          folder: join(directory, name),
          event,
          environment: doors.environment,
          calls: doors.calls,
        })
        if (!answer.test(start.answer)) throw new Error(`${name} answered ${start.answer}`)
        starts.set(name, [...(starts.get(name) ?? []), start])
      }
    }
    return starts
  } finally {
    await Promise.all([doors.close(), daypass.close(), issuer.close()])
  }
}

function print(sizes: ReadonlyMap<FunctionName, number>, starts: ReadonlyMap<string, readonly ColdStart[]>): void {
  const medianOf = (name: string, figure: (start: ColdStart) => number) => {
    const sorted = (starts.get(name) ?? []).map(figure).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  const base = medianOf(EMPTY, ({ init }) => init)
  const minting = [...sizes].filter(([name]) => starts.has(name))
  console.log(`an empty function's init: ${base.toFixed(0)} ms; medians of ${RUNS} cold starts`)
  console.table(
    minting.map(([name, bytes]) => {
      const over = medianOf(name, ({ init }) => init) - base
      return {
        'makes sessions': name,
        'bundle kB': Math.ceil(bytes / 1000),
        'goal 400': verdict(bytes <= LARGEST_MINT),
        'init ms over empty': Math.round(over),
        'goal 120': verdict(over <= LONGEST_INIT_MS),
        'first answer ms': Math.round(medianOf(name, ({ first }) => first)),
        'second ms': Math.round(medianOf(name, ({ second }) => second)),
        'asked during init': countsOf(starts.get(name)?.[0]?.callsInInit ?? []),
      }
    }),
  )
  console.table(
    [...sizes]
      .filter(([name]) => !starts.has(name))
      .map(([name, bytes]) => ({ 'makes none': name, 'bundle kB': Math.ceil(bytes / 1000) })),
  )
}

const verdict = (met: boolean) => (met ? 'met' : 'missed')

/** `GetItem, 2 GetSecretValue`. */
function countsOf(calls: readonly string[]): string {
  const kinds = [...new Set(calls)].sort()
  const count = (kind: string) => calls.filter((each) => each === kind).length
  return kinds.map((kind) => (count(kind) > 1 ? `${count(kind)} ${kind}` : kind)).join(', ')
}
