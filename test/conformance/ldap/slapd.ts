import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort, install, type Part, recipe, startPart } from '../shared/part.ts'

export interface Slapd {
  /** LDAP with StartTLS, and LDAP over TLS. */
  readonly port: number
  readonly tlsPort: number
  /** PEM. */
  readonly authority: string
  /** Stops answering, and goes on: connections stay. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** A real OpenLDAP server with the recipe's people and groups, on ports of its own. */
export async function startSlapd(): Promise<Slapd> {
  const folder = await install('slapd')
  const port = await freePort(2)
  const part: Part = await startPart('bash', [recipe('slapd').script, folder, String(port)], () => listens(port))
  const pid = Number(readFileSync(join(folder, `data-${port}`, 'slapd.pid'), 'utf8'))
  return {
    port,
    tlsPort: port + 1,
    authority: readFileSync(join(folder, 'tls/ca.pem'), 'utf8'),
    freeze: () => void process.kill(pid, 'SIGSTOP'),
    thaw: () => void process.kill(pid, 'SIGCONT'),
    stop: () => part.stop(),
  }
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
