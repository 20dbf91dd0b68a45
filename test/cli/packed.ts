import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../support/local-host.ts'

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

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly output: { stdout: string; stderr: string }
  /** What standard error matches, as soon as it does; rejects when the program ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<Outcome>
}

const running = new Set<ChildProcess>()

/** Starts a program as this person does; `input` is piped into it. */
export function start(person: Person, program: string, args: readonly string[], input = ''): Running {
  const child = spawn(program, [...args], { cwd: person.home, env: { ...person.env } })
  running.add(child)
  child.stdin.on('error', () => {}).end(input)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  const ended = once(child, 'close').then(([code]): Outcome => {
    running.delete(child)
    return { code: code as number | null, ...output }
  })
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output.stderr)
        if (match) resolve(match)
      }
      child.stderr.on('data', look)
      look()
      ended.then(() => reject(new Error(`the program ended early:\n${output.stdout}\n${output.stderr}`)))
    })
  return { output, until, ended }
}

/** Ends what still runs: for `afterEach`. */
export async function endPrograms(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}
