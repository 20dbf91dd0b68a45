import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../..', import.meta.url))

export interface LocalHostOptions {
  /** Default: `serve`. */
  readonly script?: 'serve' | 'start'
  /** Added to an environment that is empty but for PATH, HOME and free ports. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: a new folder, gone when the host has ended. */
  readonly dataDir?: string
  /** The bootstrap document. A string is written as it is. */
  readonly bootstrap?: object | string
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface LocalHostProcess {
  /** From the line `ready …`. */
  readonly url: string
  stdout(): string
  /** What standard output matches, as soon as it does; rejects when the process ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  stderr(): string
  /** Sends the signal (SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
  /** Ends the process at once, as a power switch would. */
  kill(): Promise<Exit>
  /** Sends a signal without waiting; `exited` tells when it has ended. */
  signal(signal: NodeJS.Signals): void
  readonly exited: Promise<Exit>
}

export interface FailedStart extends Exit {
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A temporary folder; it goes with `endLocalHosts`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-host-'))
  folders.add(folder)
  return folder
}

/** Ends whatever is still running and removes the temporary folders: for `afterEach` or `afterAll`. */
export async function endLocalHosts(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  folders.clear()
}

/** The real host in a process of its own, once it says that it is ready. */
export async function startLocalHost(options: LocalHostOptions = {}): Promise<LocalHostProcess> {
  const { child, output, exited } = launch(options)
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output.stdout)
        if (match) resolve(match)
      }
      child.stdout.on('data', look)
      look()
      exited.then(() => reject(new Error(`the host ended early:\n${output.stdout}\n${output.stderr}`)))
    })
  const [, url = ''] = await until(/^ready (\S+)\n/m)
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  const end = (name: NodeJS.Signals) => {
    signal(name)
    return exited
  }
  return {
    url,
    stdout: () => output.stdout,
    until,
    stderr: () => output.stderr,
    stop: (name = 'SIGTERM') => end(name),
    kill: () => end('SIGKILL'),
    signal,
    exited,
  }
}

/** For a start that must fail: waits for the end of the process. */
export async function failToStart(options: LocalHostOptions = {}): Promise<FailedStart> {
  const { child, output, exited } = launch(options)
  child.stdout.on('data', () => {
    if (/^ready /m.test(output.stdout)) child.kill('SIGKILL')
  })
  return { ...(await exited), ...output }
}

function launch({ script = 'serve', env = {}, dataDir = temporaryFolder(), bootstrap }: LocalHostOptions) {
  const scratch = temporaryFolder()
  if (bootstrap !== undefined) {
    const text = typeof bootstrap === 'string' ? bootstrap : JSON.stringify(bootstrap)
    writeFileSync(join(scratch, 'bootstrap.json'), text)
  }
  const preload = ['--require', join(repository, 'scripts/compile-cache.cjs')]
  const child = spawn(process.execPath, [...preload, join(repository, 'infra/local', `${script}.ts`)], {
    cwd: scratch,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: scratch,
      DAYPASS_PORT: '0',
      DAYPASS_DEMO_ISSUER_PORT: '0',
      DAYPASS_DATA_DIR: dataDir,
      ...(bootstrap === undefined ? {} : { DAYPASS_BOOTSTRAP: join(scratch, 'bootstrap.json') }),
      ...env,
    },
  })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const exited = once(child, 'close').then(([code, signal]): Exit => {
    running.delete(child)
    return { code, signal }
  })
  return { child, output, exited }
}

/** What a part that is missing means: a failure where every part can be had (CI), else a warning and nothing run. */
export function leaveOut(what: string, why: string): void {
  if (process.env.CI) throw new Error(`${what} cannot run: ${why}`)
  console.warn(`LEFT OUT: ${what}, because ${why}`)
}
