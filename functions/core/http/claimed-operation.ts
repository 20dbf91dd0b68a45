import { StsError } from '../errors.ts'
import type { Service } from '../model/types.ts'
import { readParams, shown } from './params.ts'
import type { HttpRequest } from './request.ts'

/** The API versions that AWS has for its two services; the version alone tells which of them is meant. */
export const API_VERSIONS: Readonly<Record<Service, string>> = { sts: '2011-06-15', iam: '2010-05-08' }

/** The name of the operation that a request asks for; it is not yet known whether there is such a one. */
export interface ClaimedOperation {
  readonly service: Service
  readonly action: string
}

/**
 * Finds which operation a request asks for without running it; the parameters that it parses for that are kept with the
 * request. `Action` names the operation; without it the path does (`/<ActionName>`); both must agree. `Version` is always
 * required. Throws the AWS error that the caller should see: MissingAction, InvalidAction, or what `readParams` refuses.
 */
export function claimedOperation(request: HttpRequest): ClaimedOperation {
  if (request.method !== 'POST' && request.method !== 'GET') {
    throw new StsError('InvalidAction', 'The request method must be GET or POST')
  }
  const params = readParams(request)
  const onPath = request.path === '/' ? ROOT : /^\/?(?:([A-Za-z0-9]{1,128})\/?)?$/.exec(request.path)
  if (!onPath) throw new StsError('InvalidAction', 'The path must be / or the name of an operation')
  const action = params.get('Action') || onPath[1]
  if (!action) throw new StsError('MissingAction', 'The request must contain the parameter Action')
  if (onPath[1] !== undefined && onPath[1] !== action) {
    throw new StsError('InvalidAction', 'The parameter Action and the path name different operations')
  }
  const version = params.get('Version') || undefined
  const service = version === API_VERSIONS.sts ? 'sts' : version === API_VERSIONS.iam ? 'iam' : undefined
  if (!service) throw unknownOperation(action, version)
  return { service, action }
}

/** The path that names no operation, which nearly every request has. */
const ROOT: readonly (string | undefined)[] = ['/', undefined]

/** AWS's answer to a name or a version that it does not have. */
export function unknownOperation(action: string, version = 'NO_VERSION_SPECIFIED'): StsError {
  const message = `Could not find operation ${shown(action)} for version ${shown(version)}`
  // Whatever is no name may be a token that was sent in the wrong place, which the log must not have.
  const reason = isName(action) && isName(version) ? message : 'Could not find the operation, which has no name of one'
  return new StsError('InvalidAction', message, { detail: { reason } })
}

const isName = (text: string) => /^(?:[A-Za-z_]{1,64}|[\d-]{1,10})$/.test(text)
