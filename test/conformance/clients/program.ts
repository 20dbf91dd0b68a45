import assert from 'node:assert/strict'
import { type ExecFileException, execFile } from 'node:child_process'

/** Far more than any of these programs takes; some would try again for a quarter of an hour. */
const PATIENCE_MS = 60_000

type Environment = Readonly<Record<string, string>>

export interface Program {
  /** Standard output, as bytes. Throws with what the program said when it fails. */
  works(args: readonly string[], env?: Environment): Promise<Buffer>
  /** Throws unless the program fails by itself and says something like this. */
  refused(args: readonly string[], saying: RegExp, env?: Environment): Promise<void>
}

interface Outcome {
  readonly error: ExecFileException | null
  readonly stdout: Buffer
  readonly said: string
}

/** A program that knows nothing of this process's environment but PATH. */
export function programOf(command: string, always: Environment): Program {
  const run = (args: readonly string[], env: Environment = {}) =>
    new Promise<Outcome>((resolve) => {
      const options = { encoding: 'buffer', timeout: PATIENCE_MS, maxBuffer: 64 << 20 } as const
      const all = { PATH: process.env.PATH ?? '', ...always, ...env }
      execFile(command, args, { ...options, env: all }, (error, stdout, stderr) =>
        resolve({ error, stdout, said: `${stdout.subarray(0, 4000)}\n${stderr.subarray(0, 4000)}` }),
      )
    })
  const title = (args: readonly string[]) => `${command} ${args.join(' ')}`
  return {
    async works(args, env) {
      const { error, stdout, said } = await run(args, env)
      assert.equal(error?.code ?? error?.signal ?? 0, 0, `${title(args)}:\n${said}`)
      return stdout
    },
    async refused(args, saying, env) {
      const { error, said } = await run(args, env)
      assert.equal(typeof error?.code, 'number', `${title(args)} was not refused:\n${said}`)
      assert.match(said, saying, title(args))
    },
  }
}
