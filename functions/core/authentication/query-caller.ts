import { StsError } from '../errors.ts'
import type { Exchange } from '../http/operation.ts'
import { queryRefusal, SignatureRefusal } from '../sigv4/refusal.ts'
import { authenticate } from './authenticate.ts'
import type { Caller } from './caller.ts'
import type { CredentialDeps } from './credentials.ts'
import { CREDENTIAL_FLAWS, CredentialRefusal } from './refusal.ts'

/**
 * The proven caller of a signed STS or IAM request. Throws StsError in AWS's words; what exactly was wrong with the
 * credentials goes to the log.
 */
export async function queryCaller(deps: CredentialDeps, service: 'sts' | 'iam', exchange: Exchange): Promise<Caller> {
  const { request, audit } = exchange
  try {
    const signed = await authenticate(deps, request, { service, body: request.body })
    if (!signed) throw new StsError('MissingAuthenticationToken', 'Request is missing Authentication Token')
    audit.caller = signed.caller.arn
    audit.callerAccessKeyId = signed.caller.accessKeyId
    return signed.caller
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
