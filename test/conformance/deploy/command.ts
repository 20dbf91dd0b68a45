import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Statuses that are no failure besides 0. */
  readonly accept?: readonly number[]
}

/** Runs a program to its end; answers its standard output. Rejects, with all that it said, when its status is not accepted. */
export function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env, accept = [0] } = options
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let all = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
    all += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    all += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (accept.includes(code ?? -1)) return resolve(out)
      reject(new Error(`${program} ${args.join(' ')} ended with ${code}\n${all}`))
    })
  })
}
