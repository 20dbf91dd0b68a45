import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface SampleRun {
  /** What standard output and error hold so far. */
  readonly output: { stdout: string; stderr: string }
  /** What standard error matches, as soon as it does; rejects when the program ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  /** The exit code. */
  readonly exited: Promise<number | null>
}

const running = new Set<ChildProcess>()

/** Runs `samples/<name>.ts` as a user does, with nothing of this process's environment but PATH. */
export function runSample(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): SampleRun {
  const file = fileURLToPath(new URL(`../../samples/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  const exited = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output.stderr)
        if (match) resolve(match)
      }
      child.stderr.on('data', look)
      look()
      exited.then(() => reject(new Error(`the sample ended early:\n${output.stdout}\n${output.stderr}`)))
    })
  return { output, until, exited }
}

/** Ends what still runs: for `afterEach`. */
export async function endSamples(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

/** A program that ends by itself. */
export async function sample(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exited, output } = runSample(name, args, env)
  return { code: await exited, ...output }
}
