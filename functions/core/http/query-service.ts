import type { Clock, Log } from '../deps.ts'
import { StsError } from '../errors.ts'
import type { Service } from '../model/types.ts'
import { StoreUnavailable } from '../store/port.ts'
import { API_VERSIONS, claimedOperation, unknownOperation } from './claimed-operation.ts'
import { acceptedFormat, renderError, toResponse } from './envelope.ts'
import type { Exchange } from './operation.ts'
import { readParams } from './params.ts'
import type { QueryOperation } from './query-operation.ts'
import type { HttpRequest, HttpResponse } from './request.ts'

/** In bytes: a SAML assertion may have 100,000 characters, most of them escaped; IAM takes whole documents. */
const BODY_LIMITS: Readonly<Record<Service, number>> = { sts: 256 * 1024, iam: 1024 * 1024 }

export interface QueryServiceOptions {
  readonly service: Service
  readonly operations: readonly QueryOperation[]
  /** Names that the service's model has, so that one which is not built answers NotImplemented by name. */
  readonly modelled: readonly string[]
  readonly log: Log
  readonly clock: Clock
}

export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>

/**
 * Serves AWS's Query protocol: finds the operation, runs it and renders the answer. It never rejects: this is the one
 * place where errors become answers, and where each exchange, granted or not, writes its one audit record. Parameters
 * are never logged.
 */
export function queryService(options: QueryServiceOptions): HttpHandler {
  const { service, log, clock } = options
  const operations = new Map(options.operations.map((each) => [each.model.name, each]))
  const modelled = new Set(options.modelled)
  return async (request) => {
    const { requestId } = request
    const exchange: Exchange = { request, requestId, startedAt: clock.now(), audit: {} }
    const format = acceptedFormat(request)
    let action: string | undefined
    try {
      if (request.body.length > BODY_LIMITS[service]) {
        throw new StsError('RequestEntityTooLarge', `The body may have at most ${BODY_LIMITS[service]} bytes`)
      }
      const claimed = claimedOperation(request)
      if (claimed.service !== service) throw unknownOperation(claimed.action, API_VERSIONS[claimed.service])
      const operation = operations.get(claimed.action)
      if (operation || modelled.has(claimed.action)) action = claimed.action
      if (!operation) throw absentOperation(claimed.action, service, action !== undefined)
      const body = await operation.answer(readParams(request), exchange, format)
      log.info(auditRecord(exchange, clock, { service, action, outcome: 'granted' }))
      return toResponse(200, body, requestId, format)
    } catch (error) {
      const refusal = error instanceof StsError ? error : unexpected(error)
      const failed = refusal.status >= 500 && refusal.code !== 'NotImplemented'
      const record = auditRecord(exchange, clock, {
        service,
        reason: refusal.message,
        ...refusal.detail, // may hold a `reason` that, unlike the message, does not repeat what was sent
        ...(action === undefined ? {} : { action }),
        outcome: failed ? 'failed' : 'refused',
        code: refusal.code,
        ...cause(refusal.cause),
      })
      if (failed) log.error(record)
      else log.info(record)
      return toResponse(refusal.status, renderError(service, refusal, requestId, format), requestId, format)
    }
  }
}

function absentOperation(action: string, service: Service, isModelled: boolean): StsError {
  if (!isModelled) return unknownOperation(action, API_VERSIONS[service])
  return new StsError('NotImplemented', `${action} is not implemented`)
}

/** Anything but a refusal is our fault; the caller learns nothing of it but whether to try again soon. */
export function unexpected(error: unknown): StsError {
  if (error instanceof StoreUnavailable) {
    return new StsError('ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', {
      cause: error,
    })
  }
  return new StsError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    { cause: error },
  )
}

/** What the log says of the error behind a refusal. */
export function cause(error: unknown): Record<string, unknown> {
  if (error === undefined) return {}
  if (!(error instanceof Error)) return { cause: { name: typeof error } }
  return { cause: { name: error.name, message: error.message, stack: error.stack } }
}

/** No word of a user agent is so long; a token that was sent in the wrong header is. */
const TOKENLIKE = /[\w.~+/=-]{80,}/g

/** The one record that an exchange leaves: what its action found out, and how it ended. */
export function auditRecord({ request, startedAt, audit }: Exchange, clock: Clock, facts: Record<string, unknown>) {
  return {
    ...audit,
    event: 'exchange',
    ...facts,
    requestId: request.requestId,
    sourceIp: request.sourceIp,
    userAgent: request.headers['user-agent']?.slice(0, 256).replace(TOKENLIKE, '(left out)'),
    durationMs: clock.now() - startedAt,
  }
}
