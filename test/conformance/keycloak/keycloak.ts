import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

export interface Keycloak {
  /** Of the realm `demo`. */
  readonly issuer: string
  stop(): Promise<void>
}

/** An installation, if there is none yet, and a start with a schema and a realm that it must make. */
const PATIENCE_MS = 10 * 60_000

/** Starts Keycloak with the recipe's realm in a process group of its own, and waits until the realm answers. */
export async function startKeycloak(recipes: string, folder: string): Promise<Keycloak> {
  const port = await freePort()
  const issuer = `http://localhost:${port}/auth/realms/demo`
  const child = spawn('bash', [join(recipes, 'keycloak.sh'), folder, String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-4000)
    })
  }
  const exited = once(child, 'close')
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await exited
  }
  const until = performance.now() + PATIENCE_MS
  while (!(await answers(issuer))) {
    if (child.exitCode !== null || performance.now() > until) {
      await stop()
      throw new Error(`Keycloak did not start:\n${tail}`)
    }
    await setTimeout(500)
  }
  return { issuer, stop }
}

async function answers(issuer: string): Promise<boolean> {
  try {
    return (await fetch(`${issuer}/.well-known/openid-configuration`)).ok
  } catch {
    return false // Nobody listens yet.
  }
}

/** Keycloak takes the next port too, for its management. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
