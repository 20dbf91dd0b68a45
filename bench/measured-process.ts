import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Usage {
  /** Microseconds of CPU since the process began. */
  readonly cpu: number
  /** Bytes. */
  readonly rss: number
  /** Milliseconds by which the event loop was late since it was last asked to be watched. */
  readonly late: { readonly p99: number; readonly max: number }
}

export interface MeasuredProcess {
  readonly port: number
  /** Milliseconds from the start of the process until it answered requests. */
  readonly readyAfter: number
  usage(): Promise<Usage>
  /** Also watches the event loop from now on, anew if it did so already; costs some CPU. */
  watch(): Promise<Usage>
  stop(): Promise<void>
}

/** Starts `bench/server.ts` as a process of its own, whose CPU time is its own too. */
export async function startMeasured(
  kind: 'bare' | 'daypass' | 'pipe',
  environment: Record<string, string> = {},
): Promise<MeasuredProcess> {
  const began = performance.now()
  const child: ChildProcess = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [kind], {
    // As `npm run serve` does.
    execArgv: ['--require', fileURLToPath(new URL('../scripts/compile-cache.cjs', import.meta.url))],
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const readyAfter = performance.now() - began
  const ask = async (message: string) => {
    child.send(message)
    const [usage] = await once(child, 'message')
    return usage as Usage
  }
  return {
    port,
    readyAfter,
    usage: () => ask('usage'),
    watch: () => ask('watch'),
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
