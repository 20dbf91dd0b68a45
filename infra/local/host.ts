import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { KeyRing } from '@daypass/core/credentials/key-ring.ts'
import type { Clock, Log } from '@daypass/core/deps.ts'
import { type ApiGatewayHandler, lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { frontDoor } from '../../functions/front-door/action.ts'
import { serveS3 } from '../../functions/s3/node-adapter.ts'
import type { S3Service } from '../../functions/s3/port.ts'
import { type FirstKey, prepareAccounts } from './accounts.ts'
import { ensureDataDir } from './data-dir.ts'
import { readBody, sourceIp, toEvent } from './event.ts'
import { type Listener, listen } from './listener.ts'
import { ringFile } from './ring-files.ts'
import { routeOf } from './route.ts'
import { gateway } from './s3-gateway.ts'
import type { Settings } from './settings.ts'

export interface LocalHost {
  readonly url: string
  /** The default account's root key when this start has made it: to be shown once. */
  readonly madeRootKey?: FirstKey
  /** For what lives in the same process, such as the demo. */
  readonly store: Store
  readonly longTermRing: KeyRing
  /** Answers what has begun, then closes the store. */
  close(): Promise<void>
}

export interface HostDeps {
  readonly clock: Clock
  readonly log: Log
}

/**
 * The whole of Daypass in this process: the same handlers as in Lambda, given the same events. Throws SettingsError,
 * BootstrapError or the store's own sentence when it cannot start.
 */
export async function startLocalHost(settings: Settings, { clock, log }: HostDeps): Promise<LocalHost> {
  await ensureDataDir(settings.dataDir)
  const store = await openStore(settings, { clock, log })
  try {
    const ring = (name: string) => new KeyRing(ringFile(join(settings.dataDir, name), clock), clock)
    const deps = {
      store,
      clock,
      log,
      sessionRing: ring('session-ring.json'),
      longTermRing: ring('long-term-ring.json'),
    }
    const madeRootKey = await prepareAccounts(settings, deps)
    const issuerKeys = {
      ...deps,
      fetch: guardedFetch({ addresses: 'any' }),
      imported: new ImportedKeys(),
      flights: new Map(),
    }
    const query = lambdaHandler('sts', frontDoor({ ...deps, issuerKeys }), randomUUID)
    const s3 = await gateway(settings, deps)
    const listener = await listen(settings, answerer(query, s3, log))
    return {
      url: listener.url,
      store,
      longTermRing: deps.longTermRing,
      close: () => closeAll(listener, store),
      ...(madeRootKey ? { madeRootKey } : {}),
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openStore({ table, dataDir }: Settings, { clock, log }: HostDeps): Promise<Store> {
  if (table === undefined) return openEmbeddedStore({ directory: join(dataDir, 'table'), clock, log })
  return openDynamoDbStore({ tableName: table })
}

async function closeAll(listener: Listener, store: Store): Promise<void> {
  await listener.close()
  await store.close()
}

function answerer(query: ApiGatewayHandler, s3: S3Service, log: Log): RequestListener {
  return (request, response) => {
    const answered =
      routeOf(request.method ?? '', request.url ?? '/') === 'query'
        ? answerQuery(query, request, response)
        : serveS3(s3, request, response, connectionFacts(request))
    answered.catch((error: unknown) => {
      // Only a connection that broke gets here: handlers turn every other failure into an answer.
      log.warn({ event: 'connection-lost', error: error instanceof Error ? error.message : String(error) })
      response.destroy()
    })
  }
}

async function answerQuery(
  query: ApiGatewayHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers.expect !== undefined) response.writeContinue()
  const body = await readBody(request)
  const { statusCode = 500, headers = {}, body: text = '' } = await query(toEvent(request, body))
  // What was not read of an oversized body must not be taken for the next request.
  const unread = request.complete ? {} : { connection: 'close' }
  response.writeHead(statusCode, { ...headers, ...unread, 'content-length': String(Buffer.byteLength(text)) } as Record<
    string,
    string
  >)
  response.end(request.method === 'HEAD' ? undefined : text)
}

function connectionFacts(request: IncomingMessage) {
  return {
    requestId: randomUUID(),
    sourceIp: sourceIp(request),
    secure: request.socket instanceof TLSSocket,
    continueOnRead: request.headers.expect !== undefined,
  }
}
