import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import type { Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { answerDocument } from '@daypass/core/issuer/well-known.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { assumeRoleWithWebIdentity, type WebIdentityDeps } from '../assume-role-with-web-identity/action.ts'
import { getCallerIdentity } from '../get-caller-identity/action.ts'

export interface FrontDoorDeps extends CredentialDeps, WebIdentityDeps {
  readonly log: Log
}

/**
 * Where unmodified SDKs arrive: finds the action in the raw request and runs it in-process. Each action that it runs has
 * the same rights here as in its own function, and no more.
 */
export function frontDoor(deps: FrontDoorDeps): HttpHandler {
  const sts = queryService({
    service: 'sts',
    operations: [assumeRoleWithWebIdentity(deps), getCallerIdentity(deps)],
    modelled: stsOperations,
    log: deps.log,
    clock: deps.clock,
  })
  return async (request) => (await answerDocument(deps.store, request)) ?? sts(request)
}
