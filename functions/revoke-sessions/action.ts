import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { queryCaller } from '@daypass/core/authentication/query-caller.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { isLimited } from '@daypass/core/authorization/session-limits.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import {
  type RevokeSessionsRequest,
  type RevokeSessionsResponse,
  revokeSessionsModel,
} from '@daypass/core/model/daypass/revoke-sessions.ts'
import { revokeIssuedBefore, revokeSession, revokeSource } from '@daypass/core/sessions/revoke.ts'
import { parseTarget } from './target.ts'

/**
 * RevokeSessions, an action of Daypass's own: ends sessions of the caller's account from their next request on, with all
 * that descend from them. Without a parameter a session ends itself, for which it needs no permission.
 */
export function revokeSessions(deps: CredentialDeps): QueryOperation {
  return signedOperation<RevokeSessionsRequest, RevokeSessionsResponse, Caller>(
    revokeSessionsModel,
    (exchange) => queryCaller(deps, 'sts', exchange),
    (input, exchange, caller) => revoke(deps, input, exchange, caller),
  )
}

async function revoke(
  deps: CredentialDeps,
  input: RevokeSessionsRequest,
  { request, startedAt: now, audit }: Exchange,
  caller: Caller,
): Promise<RevokeSessionsResponse> {
  const { store, sessionRing } = deps
  const { account, accessKeyId } = caller
  const issuedBefore = input.IssuedBefore?.getTime() ?? now
  const answer = { IssuedBefore: new Date(issuedBefore) }
  // Who names a session and no time means it whenever it began, also by a clock that is ahead of this one.
  const ofOne = input.IssuedBefore === undefined ? Number.POSITIVE_INFINITY : issuedBefore
  if (issuedBefore > now) throw new StsError('ValidationError', 'IssuedBefore must not be in the future')

  const target = parseTarget(account, input)
  if (target.kind === 'self') {
    if (!caller.session) {
      throw new StsError(
        'ValidationError',
        'A long-term key has no session of its own: name AccessKeyId, PrincipalArn, ProviderArn or AllOfAccount',
      )
    }
    audit.revoked = accessKeyId
    await revokeSession(store, { account, accessKeyId, issuedBefore: ofOne, now })
    return answer
  }

  audit.revoked = target.resource
  if (isLimited(caller)) {
    throw new StsError('AccessDenied', 'Cannot call RevokeSessions with session credentials, except without parameters')
  }
  const { resource, resourceAccount } = target
  // On another account's resource nothing grants it: none of these has a policy of its own.
  await demand(sessionRing, caller, { action: 'sts:RevokeSessions', resource, resourceAccount, request, now })
  if (target.kind === 'session') {
    await revokeSession(store, { account, accessKeyId: target.accessKeyId, issuedBefore: ofOne, now })
    return answer
  }
  if (target.kind === 'source') {
    await revokeSource(store, resourceAccount, target.source, issuedBefore)
    return answer
  }
  if (!(await revokeIssuedBefore(store, target.key, target.isMeant, issuedBefore))) {
    throw new StsError('NoSuchEntity', `There is no ${resource}`)
  }
  return answer
}
