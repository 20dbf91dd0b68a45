import type { Clock, Log } from '@daypass/core/deps.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { auditRecord, cause, type HttpHandler, unexpected } from '@daypass/core/http/query-service.ts'
import type { HttpRequest, HttpResponse } from '@daypass/core/http/request.ts'
import { queryRefusal, SignatureRefusal } from '@daypass/core/sigv4/refusal.ts'
import type { CertificateDeps } from '../assume-role-with-certificate/role-session.ts'
import { createSession } from './action.ts'

/** In bytes: of a request that holds three ARNs. */
const MOST_BODY_BYTES = 64 * 1024

/**
 * Serves `POST /sessions` of IAM Roles Anywhere in AWS's REST-JSON form. It never rejects, and each exchange, granted or not,
 * leaves one audit record.
 */
export function createSessionService(
  deps: CertificateDeps & { readonly log: Log; readonly clock: Clock },
): HttpHandler {
  const { log, clock } = deps
  return async (request) => {
    const exchange: Exchange = { request, requestId: request.requestId, startedAt: clock.now(), audit: {} }
    const named = { service: 'rolesanywhere', action: 'CreateSession' }
    try {
      checkTarget(request)
      const answer = await createSession(deps, exchange)
      log.info(auditRecord(exchange, clock, { ...named, outcome: 'granted' }))
      return respond(201, answer, request)
    } catch (error) {
      const refusal = refusalOf(error)
      const { status, name } = faultOf(refusal)
      const failed = status >= 500
      const outcome = failed ? 'failed' : 'refused'
      const facts = {
        reason: refusal.message,
        ...refusal.detail,
        ...named,
        outcome,
        code: refusal.code,
        ...cause(refusal.cause),
      }
      const record = auditRecord(exchange, clock, facts)
      if (failed) log.error(record)
      else log.info(record)
      return respond(status, { message: refusal.message }, request, name)
    }
  }
}

function checkTarget({ method, path, body }: HttpRequest): void {
  if (method !== 'POST' || path !== '/sessions') throw new StsError('InvalidAction', 'The operation is POST /sessions.')
  if (body.length > MOST_BODY_BYTES) {
    throw new StsError('RequestEntityTooLarge', `The body may have at most ${MOST_BODY_BYTES} bytes.`)
  }
}

function refusalOf(error: unknown): StsError {
  if (error instanceof StsError) return error
  if (!(error instanceof SignatureRefusal)) return unexpected(error)
  const { code, message } = queryRefusal(error)
  return new StsError(code, message, { detail: { reason: error.reason } })
}

/** AWS's names of what a caller did wrong; whoever is not let in always learns it under the same one. */
function faultOf({ code, status }: StsError): { readonly status: number; readonly name: string } {
  if (code === 'ValidationError' || code === 'InvalidAction') return { status: 400, name: 'ValidationException' }
  if (code === 'RequestEntityTooLarge') return { status, name: 'ValidationException' }
  // SDKs try these again.
  if (code === 'IDPCommunicationError' || code === 'ServiceUnavailable') {
    return { status: 503, name: 'ServiceUnavailableException' }
  }
  if (status >= 500) return { status: 500, name: 'InternalServerException' }
  return { status: 403, name: 'AccessDeniedException' }
}

function respond(status: number, body: unknown, { requestId }: HttpRequest, errorType?: string): HttpResponse {
  const headers = {
    'content-type': 'application/json',
    'x-amzn-RequestId': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(errorType === undefined ? {} : { 'x-amzn-ErrorType': errorType }),
  }
  return { status, headers, body: JSON.stringify(body) }
}
