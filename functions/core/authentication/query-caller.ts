import { refuseBeyondSessionLimits } from '../authorization/session-limits.ts'
import { StsError } from '../errors.ts'
import { claimedOperation } from '../http/claimed-operation.ts'
import type { Exchange } from '../http/operation.ts'
import { queryRefusal, SignatureRefusal } from '../sigv4/refusal.ts'
import type { Key } from '../store/port.ts'
import { authenticate } from './authenticate.ts'
import type { Caller } from './caller.ts'
import type { CredentialDeps } from './credentials.ts'
import { CREDENTIAL_FLAWS, CredentialRefusal } from './refusal.ts'
import type { Rows } from './rows.ts'

/** A proven caller, and what was read on the way. */
export interface CallerAndRows {
  readonly caller: Caller
  readonly rows: Rows
}

/**
 * The proven caller of a signed STS or IAM request, whose kind of session may call the operation at all; what its policies
 * say is still to be asked. Throws StsError in AWS's words; what exactly was wrong with the credentials goes to the log.
 */
export async function queryCaller(deps: CredentialDeps, service: 'sts' | 'iam', exchange: Exchange): Promise<Caller> {
  const { caller } = await queryCallerAlongside(deps, service, exchange, [])
  return caller
}

/** As `queryCaller`, reading rows that the unverified input names in the same round trip. */
export async function queryCallerAlongside(
  deps: CredentialDeps,
  service: 'sts' | 'iam',
  exchange: Exchange,
  alongside: readonly Key[],
): Promise<CallerAndRows> {
  const { request, audit } = exchange
  try {
    const signed = await authenticate(deps, request, { service, body: request.body, alongside })
    if (!signed) throw new StsError('MissingAuthenticationToken', 'Request is missing Authentication Token')
    const { caller, rows } = signed
    audit.caller = caller.arn
    audit.callerAccessKeyId = caller.accessKeyId
    refuseBeyondSessionLimits(caller, service, claimedOperation(request).action)
    return { caller, rows }
  } catch (error) {
    throw toStsError(error)
  }
}

function toStsError(error: unknown): unknown {
  if (error instanceof SignatureRefusal) {
    const { code, message } = queryRefusal(error)
    return new StsError(code, message, { detail: { flaw: error.reason } })
  }
  if (error instanceof CredentialRefusal) {
    const [code, message] = CREDENTIAL_FLAWS[error.flaw].query
    return new StsError(code, message, { detail: { flaw: error.flaw, flawDetail: error.detail } })
  }
  return error
}
