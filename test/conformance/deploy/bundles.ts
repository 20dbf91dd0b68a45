import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.ts'
import { exists } from './lint.ts'

interface Template {
  readonly Resources: Readonly<
    Record<string, { Type: string; Properties: Record<string, unknown>; Metadata?: Record<string, string> }>
  >
}

export interface Bundle {
  /** Without `daypass-`. */
  readonly name: string
  readonly folder: string
  readonly bytes: number
}

/** What was bundled for each function, by the assets that its template names. */
export async function bundlesOf(cdkOut: string): Promise<Bundle[]> {
  const { Resources }: Template = JSON.parse(await readFile(join(cdkOut, 'DaypassApi.template.json'), 'utf8'))
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function')
  return Promise.all(
    functions.map(async ({ Properties, Metadata }) => {
      const folder = join(cdkOut, Metadata?.['aws:asset:path'] ?? '')
      const files = await readdir(folder)
      if (files.join() !== 'index.mjs') throw new Error(`${folder} holds ${files.join()}, not index.mjs alone`)
      const { size } = await stat(join(folder, 'index.mjs'))
      return { name: String(Properties.FunctionName).replace(/^daypass-/, ''), folder, bytes: size }
    }),
  )
}

/** Installs the runtime interface client into `cache` when it is missing; it is compiled, which takes minutes. */
export async function installRuntime(cache: string): Promise<string> {
  const folder = join(cache, 'ric')
  const client = join(folder, 'node_modules/aws-lambda-ric/index.mjs')
  if (await exists(client)) return client
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', 'aws-lambda-ric@4.0.2'], { cwd: folder })
  return client
}

/**
 * Runs a bundle under the real runtime interface client, five calls of one event; answers the times. Throws when a call
 * fails or is not answered as `expected` has it.
 */
export async function timeBundle(
  recipes: string,
  client: string,
  bundle: Bundle,
  event: string,
  expected: RegExp,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const args = [join(recipes, 'deploy/run-bundle.mjs'), bundle.folder, 'index.handler', event, '5']
  const printed = await run('node', args, { env: { RIC: client, FN_ENV: JSON.stringify(environment) } })
  if (!expected.test(printed)) throw new Error(`${bundle.name} answered otherwise than ${expected}:\n${printed}`)
  const [cold, ...warm] = [...printed.matchAll(/^(?:cold|warm) (\d+) ms response/gm)].map(([, ms]) => Number(ms))
  if (warm.length !== 4) throw new Error(`${bundle.name} did not answer five times:\n${printed}`)
  return `cold ${cold} ms, warm ${Math.min(...warm)} ms`
}
