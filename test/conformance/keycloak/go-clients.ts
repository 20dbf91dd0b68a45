import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../clients/go', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../../../.cache/go-clients/clients', import.meta.url))

/** The machine's own program, not one of a package. */
const GO = 'go'

/** Builds the program of the Go clients, at once when nothing has changed; throws when it cannot be built. */
export function buildGoClients(): string {
  const env = { ...process.env, CGO_ENABLED: '0' }
  execFileSync(GO, ['build', '-trimpath', '-o', PROGRAM, '.'], { cwd: SOURCE, env, stdio: 'inherit' })
  return PROGRAM
}
