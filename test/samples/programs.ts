import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { follow, type Outcome, type Running } from '../support/programs.ts'

/** Runs `samples/<name>.ts` as a user does, with nothing of this process's environment but PATH. */
export function runSample(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const file = fileURLToPath(new URL(`../../samples/${name}.ts`, import.meta.url))
  return follow(
    spawn(process.execPath, [file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    }),
  )
}

/** A program that ends by itself. */
export const sample = (...run: Parameters<typeof runSample>): Promise<Outcome> => runSample(...run).ended
