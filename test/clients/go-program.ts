import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('go', import.meta.url))

/** The clients in Go, in one program. */
export const GO_PROGRAM = fileURLToPath(new URL('../../.cache/go-clients/clients', import.meta.url))

/** Builds the program, at once when nothing has changed. Answers why it cannot be had, in a sentence. */
export async function buildGoProgram(): Promise<string | undefined> {
  try {
    await promisify(execFile)('go', ['build', '-trimpath', '-o', GO_PROGRAM, '.'], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0' },
    })
  } catch (error) {
    return `go did not build its program: ${error instanceof Error ? error.message : error}`
  }
}
