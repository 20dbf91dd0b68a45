import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Log } from '@daypass/core/deps.ts'
import { watchConnections } from './connections.ts'
import { oneByOne } from './one-by-one.ts'
import { SettingsError, type TlsSettings } from './settings.ts'

export interface Listener {
  /** `http://127.0.0.1:9500` */
  readonly url: string
  /** Takes no more requests, answers those that have begun, 10 seconds at most. */
  close(): Promise<void>
}

interface ListenerOptions {
  readonly host: string
  readonly port: number
  readonly tls?: TlsSettings
}

const IDLE_CONNECTION_MS = 120_000

/** Listens; throws SettingsError with a sentence for an address that cannot be had or a certificate that cannot be read. */
export async function listen(
  { host, port, tls }: ListenerOptions,
  answer: RequestListener,
  log: Log,
): Promise<Listener> {
  const inTurn = oneByOne(answer)
  const server = tls ? tlsServer(tls, inTurn) : createServer(inTurn)
  server.on('checkContinue', inTurn)
  // An expectation that is none of HTTP's is passed over, as S3 does (RFC 9110 10.1.1 leaves the choice).
  server.on('checkExpectation', inTurn)
  server.keepAliveTimeout = 65_000
  // An upload may take as long as it makes progress; a connection on which nothing moves is cut.
  server.requestTimeout = 0
  server.setTimeout(IDLE_CONNECTION_MS)
  const close = watchConnections(server, log)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host === '::' ? '::1' : host}]` : host
  return { url: `${tls ? 'https' : 'http'}://${shown}:${bound}`, close }
}

function tlsServer({ cert, key, clientCa }: TlsSettings, answer: RequestListener): Server {
  const options = {
    cert: readPem('DAYPASS_TLS_CERT', cert),
    key: readPem('DAYPASS_TLS_KEY', key),
    // Asked for, not demanded: most callers have none, and an unknown one is simply no proof.
    ...(clientCa === undefined
      ? {}
      : { ca: readPem('DAYPASS_TLS_CLIENT_CA', clientCa), requestCert: true, rejectUnauthorized: false }),
  }
  try {
    return createTlsServer(options, answer)
  } catch (cause) {
    throw new SettingsError('DAYPASS_TLS_CERT and DAYPASS_TLS_KEY must name a PEM certificate and its private key.', {
      cause,
    })
  }
}

function readPem(variable: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new SettingsError(`${variable} names ${path}, which cannot be read.`, { cause })
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const other = 'set DAYPASS_PORT and DAYPASS_HOST to another address'
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use: stop the other program, or ${other}.`,
    EACCES: `This user may not listen on port ${port} of ${host}: ${other}.`,
    EADDRNOTAVAIL: `${host} is no address of this machine: ${other}.`,
    ENOTFOUND: `${host} is no address of this machine: ${other}.`,
  }
  const sentence = sentences[error.code ?? '']
  return sentence === undefined ? error : new SettingsError(sentence, { cause: error })
}
