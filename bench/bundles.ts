import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { build } from 'esbuild'
import { BUNDLING } from '../infra/bundling.ts'

const FUNCTIONS = fileURLToPath(new URL('../functions', import.meta.url))
const RUNS = 7

/** Size of each function's bundle, built as the stack builds it, and how long importing it takes over an empty module. */
export async function benchBundles(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-bundles-'))
  try {
    const empty = join(directory, 'empty.mjs')
    await writeFile(empty, 'export const handler = () => {}\n')
    const base = importTime(empty)
    const rows = []
    for (const name of await readdir(FUNCTIONS)) {
      const entry = join(FUNCTIONS, name, 'handler.ts')
      if (!(await stat(entry).catch(() => undefined))) continue
      const outfile = join(directory, name, 'index.mjs')
      await build({
        entryPoints: [entry],
        outfile,
        ...BUNDLING,
        banner: { js: BUNDLING.banner },
        bundle: true,
        format: 'esm',
        platform: 'node',
        logLevel: 'error',
      })
      const { size } = await stat(outfile)
      rows.push({
        function: name,
        'bundle kB': Math.round(size / 1000),
        'init ms over empty': Number((importTime(outfile) - base).toFixed(0)),
      })
    }
    console.table(rows)
    console.log('goals for functions that mint: bundle ≤ 400 kB, init ≤ 120 ms over an empty function')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The median of several cold imports, in milliseconds, each in a process of its own. */
function importTime(file: string): number {
  const script = `globalThis.awslambda={streamifyResponse:(f)=>f};const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});process.stdout.write(String(performance.now()-t));process.exit()`
  const settings = Object.fromEntries(Object.values(ENVIRONMENT).map((variable) => [variable, 'bench']))
  const env = {
    ...settings,
    [ENVIRONMENT.s3Endpoint]: 'http://127.0.0.1:9',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  }
  const run = () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString(),
    )
  return Array.from({ length: RUNS }, run).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN
}
