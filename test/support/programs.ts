import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that was started, and what it has said so far. */
export interface Running {
  readonly output: { stdout: string; stderr: string }
  /** What standard error matches, as soon as it does; rejects when the program ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<Outcome>
}

const running = new Set<ChildProcess>()

/** Follows what a program says; its output streams must be piped. */
export function follow(child: ChildProcess & { readonly stdout: Readable; readonly stderr: Readable }): Running {
  running.add(child)
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
