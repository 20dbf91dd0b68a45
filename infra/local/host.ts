import { randomUUID } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { keyUseRecorder } from '@daypass/core/authentication/key-use.ts'
import type { KeyRing } from '@daypass/core/credentials/key-ring.ts'
import { webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import type { Clock, Log } from '@daypass/core/deps.ts'
import { fromHttpResponse, lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { readPublicSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { mintQuota } from '@daypass/core/quotas/mint-quota.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { frontDoor } from '../../functions/front-door/action.ts'
import { type RequestRoute, routeRequest } from '../../functions/front-door/route.ts'
import { serveS3 } from '../../functions/s3/node-adapter.ts'
import type { S3Service } from '../../functions/s3/port.ts'
import { bucketOfHost } from '../../functions/s3/virtual-host.ts'
import { type FirstKey, prepareAccounts } from './accounts.ts'
import { ensureDataDir } from './data-dir.ts'
import { drain, originForm, readBody, sourceIp, toEvent, toRequest } from './event.ts'
import { Later } from './later.ts'
import { type Listener, listen } from './listener.ts'
import { openRing } from './ring-files.ts'
import { routeOf } from './route.ts'
import { gateway } from './s3-gateway.ts'
import type { Settings } from './settings.ts'
import { turnEnds } from './turn-end.ts'

export interface LocalHost {
  readonly url: string
  /** For what lives in the same process, such as the demo. */
  readonly store: Store
  readonly longTermRing: KeyRing
  /** Loads what being ready did not need, so that no later request waits for it. Rejects when that cannot be. */
  loadRest(): Promise<void>
  /** Answers what has begun, then closes the store. */
  close(): Promise<void>
}

export interface HostDeps {
  readonly clock: Clock
  readonly log: Log
  /**
   * Told the default account's root key when this start has made it. At once, not when the host is ready: nothing tells it
   * again, even if the start fails after it.
   */
  readonly showRootKey: (key: FirstKey) => void
}

/**
 * The whole of Daypass in this process: the same handlers as in Lambda, given the same events. Throws SettingsError,
 * BootstrapError or the store's own sentence when it cannot start.
 */
export async function startLocalHost(settings: Settings, { clock, log, showRootKey }: HostDeps): Promise<LocalHost> {
  if (settings.withoutEffect) log.warn({ event: 'settings-without-effect', ...settings.withoutEffect })
  await ensureDataDir(settings.dataDir)
  const store = await openStore(settings, { clock, log })
  try {
    // Without the ring that sealed them, the secrets of a table in use are lost: a new one would only hide that.
    const isNew = (await readPublicSigningKeys(store)).length === 0
    const longTermRing = await openRing(join(settings.dataDir, 'long-term-ring.json'), { clock, log }, isNew)
    const sessionRing = await openRing(join(settings.dataDir, 'session-ring.json'), { clock, log }, true)
    const base = { store, clock, log }
    const beside = { noteKeyUse: keyUseRecorder(base), quota: mintQuota(base, settings.quotas) }
    const deps = { ...base, ...beside, sessionRing, longTermRing }
    await prepareAccounts(settings, deps, showRootKey)
    const issuerKeys = {
      ...deps,
      fetch: guardedFetch({ addresses: 'any' }),
      imported: new ImportedKeys(),
      flights: new Map(),
    }
    const later = new Later()
    const { accountId: defaultAccount, openIdSources, stsDurationSeconds } = settings
    const keepClaims = settings.decisionWebhook !== undefined
    const customTokens = { sources: settings.customTokenSources ?? [], fetch: webhookFetch() }
    const { certificateSources, saml } = settings
    const sources = {
      issuerKeys,
      openIdSources,
      customTokens,
      ...directoriesOf(settings, log, later),
    }
    const sts = frontDoor({ ...deps, ...sources, defaultAccount, stsDurationSeconds, keepClaims })
    const settled = { certificateSources, saml, stsDurationSeconds, keepClaims }
    const isolated = {
      iam: later.handler(async () => {
        const { iamService } = await import('../../functions/iam/action.ts')
        return lambdaHandler('iam', iamService(deps), randomUUID)
      }),
      'get-web-identity-token': later.handler(async () => {
        const { getWebIdentityTokenService } = await import('../../functions/get-web-identity-token/service.ts')
        return lambdaHandler('sts', getWebIdentityTokenService(deps), randomUUID)
      }),
      'revoke-sessions': later.handler(async () => {
        const { revokeSessionsService } = await import('../../functions/revoke-sessions/service.ts')
        return lambdaHandler('sts', revokeSessionsService(deps), randomUUID)
      }),
      'assume-role-with-certificate': later.handler(async () => {
        const { assumeRoleWithCertificateService } = await import(
          '../../functions/assume-role-with-certificate/service.ts'
        )
        return lambdaHandler('sts', assumeRoleWithCertificateService({ ...deps, ...settled }), randomUUID)
      }),
      'assume-role-with-saml': later.handler(async () => {
        const { assumeRoleWithSamlService } = await import('../../functions/assume-role-with-saml/service.ts')
        return lambdaHandler('sts', assumeRoleWithSamlService({ ...deps, ...settled }), randomUUID)
      }),
    }
    const query = routeRequest({ sts, isolated })
    const rolesAnywhere = later.handler(async (): Promise<RequestRoute> => {
      const { createSessionService } = await import('../../functions/create-session/service.ts')
      const sessions = createSessionService({ ...deps, certificateSources, keepClaims })
      return async (request) => fromHttpResponse(await sessions(request))
    })
    const s3 = await gateway(settings, deps)
    const listener = await listen(
      settings,
      answerer({ query, 'roles-anywhere': rolesAnywhere }, s3, settings.s3Domains, log),
      log,
    )
    return {
      url: listener.url,
      store,
      longTermRing,
      loadRest: async () => {
        await later.all()
        flushCompileCache() // a process that is killed would keep nothing
      },
      close: () => closeAll(listener, store),
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The same check as that of the isolated function, in this process. */
function directoriesOf({ accountId: account, ldapSources }: Settings, log: Log, later: Later) {
  if (!ldapSources) return {}
  const check = later.handler(async () => {
    const [{ checkDirectory }, { liveDirectory }] = await Promise.all([
      import('../../functions/check-directory/action.ts'),
      import('../../functions/check-directory/live-directory.ts'),
    ])
    return checkDirectory({ ldapSources, directory: liveDirectory(), log })
  })
  return { directories: { account, check, pause } }
}

async function openStore(
  { table, dataDir }: Settings,
  { clock, log }: Pick<HostDeps, 'clock' | 'log'>,
): Promise<Store> {
  if (table === undefined) return openEmbeddedStore({ directory: join(dataDir, 'table'), clock, log })
  const { openTable } = await import('./table.ts')
  return openTable(table)
}

async function closeAll(listener: Listener, store: Store): Promise<void> {
  await listener.close()
  await store.close()
}

type Handlers = Readonly<Record<Exclude<ReturnType<typeof routeOf>, 's3'>, RequestRoute>>

function answerer(handlers: Handlers, s3: S3Service, domains: readonly string[], log: Log): RequestListener {
  const turnEnd = turnEnds()
  return (request, response) => {
    const { authorization, host } = request.headers
    // A bucket's own host serves that bucket and nothing else.
    const ofBucket = bucketOfHost(host, domains) !== undefined
    const route = ofBucket ? 's3' : routeOf(request.method ?? '', originForm(request), authorization)
    const answered =
      route === 's3'
        ? serveS3(s3, request, response, connectionFacts(request))
        : answerQuery(handlers[route], turnEnd, request, response)
    answered.catch((error: unknown) => {
      // Only a connection that broke gets here: handlers turn every other failure into an answer.
      log.warn({ event: 'connection-lost', error: error instanceof Error ? error.message : String(error) })
      response.destroy()
    })
  }
}

async function answerQuery(
  query: RequestRoute,
  turnEnd: () => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (waitsToContinue(request)) response.writeContinue()
  const body = await readBody(request)
  const asked = toRequest(request, body)
  await turnEnd() // so that all that have come in this turn are answered step by step together
  const event = () => toEvent(request, body, () => asked.requestId)
  const { statusCode = 500, headers = {}, body: text = '' } = await query(asked, event)
  await turnEnd()
  const bytes = Buffer.byteLength(text)
  const length = { 'content-length': bytes }
  if (request.complete) {
    response.writeHead(statusCode, { ...headers, ...length } as OutgoingHttpHeaders)
    response.end(text, bytes === text.length ? 'latin1' : 'utf8') // head and body in one write; ASCII costs less as Latin-1
    return
  }
  // What was not read of an oversized body must not be taken for the next request.
  response.writeHead(statusCode, { ...headers, ...length, connection: 'close' } as OutgoingHttpHeaders)
  response.write(text)
  await drain(request)
  response.end()
}

function connectionFacts(request: IncomingMessage) {
  const { socket } = request
  const secure = socket instanceof TLSSocket
  const tlsVersion = secure ? /^TLSv(\d\.\d)$/.exec(socket.getProtocol() ?? '')?.[1] : undefined
  return {
    requestId: randomUUID(),
    sourceIp: sourceIp(request),
    secure,
    ...(tlsVersion !== undefined && { tlsVersion }),
    continueOnRead: waitsToContinue(request),
  }
}

/** Whether the client sends its body only when it is told to (RFC 9110 10.1.1). */
const waitsToContinue = ({ headers }: IncomingMessage) => headers.expect?.toLowerCase() === '100-continue'
