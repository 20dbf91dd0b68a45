import { execFile, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../support/local-host.ts'
import { follow, type Running } from '../support/programs.ts'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The machine's own Node.js and programs, not those of the repository's packages. */
export const MACHINE_PATH = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !/[\\/]node_modules[\\/]/.test(folder) && !folder.endsWith('.bin'))
  .join(delimiter)

export interface Packed {
  /** The folder that it is installed in, which has nothing else. */
  readonly folder: string
  readonly program: string
}

/** The published form: packed as for a registry, and installed from the tarball into a folder of its own. */
export async function packAndInstall(): Promise<Packed> {
  const folder = temporaryFolder()
  const env = { ...process.env, PATH: MACHINE_PATH }
  const npm = (args: readonly string[], cwd: string) => run('npm', [...args], { cwd, env })
  const { stdout } = await npm(['pack', '--silent', '--pack-destination', folder], join(repository, 'cli'))
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '')
  await npm(['install', '--silent', '--offline', '--no-audit', '--no-fund', '--prefix', folder, tarball], folder)
  return { folder, program: join(folder, 'node_modules/.bin/daypass') }
}

export interface Person {
  readonly home: string
  readonly env: Readonly<Record<string, string>>
}

/** Somebody with a home of its own, and nothing of this process's environment but PATH. */
export function somebody(more: Readonly<Record<string, string>> = {}): Person {
  const home = temporaryFolder()
  const [bin, desktop] = [join(home, 'bin'), join(home, '.aws')]
  for (const folder of [bin, desktop]) mkdirSync(folder)
  return { home, env: { HOME: home, PATH: `${bin}${delimiter}${MACHINE_PATH}`, ...more } }
}

/** Starts a program as this person does; `input` is piped into it. */
export function start(person: Person, program: string, args: readonly string[], input = ''): Running {
  const child = spawn(program, [...args], { cwd: person.home, env: { ...person.env } })
  child.stdin.on('error', () => {}).end(input)
  return follow(child)
}
