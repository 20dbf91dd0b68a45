import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface AwsCli {
  /** The answer of a command that must succeed. */
  ok(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Record<string, unknown>>
  /** A command that must be refused with this code. */
  refused(args: readonly string[], code: string, env?: Readonly<Record<string, string>>): Promise<void>
  /** Writes a file beside the program, and answers how the program is told of it. */
  file(name: string, content: string): string
}

/** The AWS CLI as a real program that knows nothing but an endpoint. */
export function awsCli(program: string, endpoint: string, home: string): AwsCli {
  const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
      const settings = { AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' }
      const options = { cwd: home, env: { PATH: process.env.PATH, HOME: home, ...settings, ...env }, timeout: 120_000 }
      execFile(program, [...args, '--output', 'json'], options, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      )
    })
  return {
    async ok(args, env = {}) {
      const { code, stdout, stderr } = await run(args, env)
      assert.equal(code, 0, `${args.slice(0, 2).join(' ')}: ${stderr}`)
      return stdout.trim() === '' ? {} : JSON.parse(stdout)
    },
    async refused(args, expected, env = {}) {
      const { code, stderr } = await run(args, env)
      assert.notEqual(code, 0, `${args.slice(0, 2).join(' ')} was granted`)
      assert.match(stderr, new RegExp(`\\(${expected}\\)`))
    },
    file(name, content) {
      writeFileSync(join(home, name), content)
      return `file://${name}`
    },
  }
}
