import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Usage {
  /** Microseconds of CPU since the process began. */
  readonly cpu: number
  /** Bytes. */
  readonly rss: number
}

export interface MeasuredProcess {
  readonly port: number
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** Starts `bench/server.ts` as a process of its own, whose CPU time is its own too. */
export async function startMeasured(
  kind: 'bare' | 'daypass',
  environment: Record<string, string> = {},
): Promise<MeasuredProcess> {
  const child: ChildProcess = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [kind], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    async usage() {
      child.send('usage')
      const [usage] = await once(child, 'message')
      return usage as Usage
    },
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
