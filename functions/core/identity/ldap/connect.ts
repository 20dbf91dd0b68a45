import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { DirectoryUnavailable } from './directory.ts'
import type { LdapServer } from './source.ts'
import { requestStartTls } from './start-tls.ts'

export interface ConnectDeps {
  /** The hosts and ports of an SRV record. */
  readonly resolveSrv: (name: string) => Promise<readonly SrvTarget[]>
  /** In milliseconds, for each server that is tried, until it may be spoken to. */
  readonly connectTimeout: number
}

export interface SrvTarget {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

const MOST_TARGETS = 3

/**
 * A connection to a directory's server over which a password may be sent: TLS from the first byte, or from StartTLS on, unless
 * the operator demanded none. The certificate must be of the configured host, also when DNS leads elsewhere. Of several
 * servers the first that can be used. Rejects with DirectoryUnavailable.
 */
export async function connectDirectory(deps: ConnectDeps, server: LdapServer): Promise<Socket> {
  let failure: unknown
  for (const target of await targetsOf(deps, server)) {
    try {
      return await connectTo(target, server, deps.connectTimeout)
    } catch (error) {
      failure = error
    }
  }
  if (failure instanceof DirectoryUnavailable) throw failure
  throw new DirectoryUnavailable(`the directory cannot be reached: ${codeOf(failure)}`, { cause: failure })
}

async function targetsOf({ resolveSrv }: ConnectDeps, { host, port, srvRecord }: LdapServer) {
  if (srvRecord === undefined) return [{ host, port }]
  try {
    const found = await resolveSrv(srvRecord)
    // RFC 2782: by priority, then the heavier ones.
    const ordered = [...found].sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    return ordered.slice(0, MOST_TARGETS).map((each) => ({ host: each.name, port: each.port }))
  } catch (cause) {
    throw new DirectoryUnavailable(`the directory's SRV record cannot be read: ${codeOf(cause)}`, { cause })
  }
}

/** Whatever hangs, within the time-out all of it is given up. */
function connectTo(target: { readonly host: string; readonly port: number }, server: LdapServer, timeout: number) {
  return new Promise<Socket>((resolve, reject) => {
    const plain = connect({ host: target.host, port: target.port, noDelay: true })
    const timer = setTimeout(
      () => plain.destroy(new DirectoryUnavailable('the directory does not answer in time')),
      timeout,
    )
    const fail = (error: unknown) => {
      clearTimeout(timer)
      plain.destroy()
      reject(error)
    }
    plain.once('error', fail)
    plain.once('close', () => fail(new DirectoryUnavailable('the directory closed the connection')))
    const ready = (socket: Socket) => {
      clearTimeout(timer)
      plain.removeListener('error', fail)
      plain.on('error', () => socket.destroy())
      resolve(socket)
    }
    plain.once('connect', () => {
      if (server.transport === 'plain') ready(plain)
      else if (server.transport === 'tls') protect(plain, server).then(ready, fail)
      else
        requestStartTls(plain)
          .then(() => protect(plain, server))
          .then(ready, fail)
    })
  })
}

/** Proves, unless the operator forbade it, that the other side holds the key of a certificate of the configured host. */
function protect(socket: Socket, { host, verify, authorities }: LdapServer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      host,
      ...(isIP(host) ? {} : { servername: host }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: verify,
      ...(authorities === undefined ? {} : { ca: authorities }),
    })
    secure.once('error', reject)
    secure.once('secureConnect', () => {
      secure.removeListener('error', reject)
      resolve(secure)
    })
  })
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : 'unknown'
