import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import type { Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import { answerDocument } from '@daypass/core/issuer/well-known.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { assumeRole } from '../assume-role/action.ts'
import { assumeRoleWithClientGrants } from '../assume-role-with-client-grants/action.ts'
import { assumeRoleWithCustomToken, type CustomTokenDeps } from '../assume-role-with-custom-token/action.ts'
import { assumeRoleWithLDAPIdentity, type LdapIdentityDeps } from '../assume-role-with-ldap-identity/action.ts'
import { assumeRoleWithWebIdentity } from '../assume-role-with-web-identity/action.ts'
import type { WebIdentityDeps } from '../assume-role-with-web-identity/exchange.ts'
import { type AssumeRootDeps, assumeRoot } from '../assume-root/action.ts'
import { decodeAuthorizationMessage } from '../decode-authorization-message/action.ts'
import { getAccessKeyInfo } from '../get-access-key-info/action.ts'
import { getCallerIdentity } from '../get-caller-identity/action.ts'
import { getDelegatedAccessToken } from '../get-delegated-access-token/action.ts'
import { getFederationToken } from '../get-federation-token/action.ts'
import { getSessionToken } from '../get-session-token/action.ts'

export interface FrontDoorDeps
  extends CredentialDeps,
    WebIdentityDeps,
    CustomTokenDeps,
    LdapIdentityDeps,
    AssumeRootDeps {
  readonly log: Log
}

/**
 * Where unmodified SDKs arrive: finds the action in the raw request and runs it in-process. Each action that it runs has
 * the same rights here as in its own function, and no more; `route` leads to those that may do more.
 */
export function frontDoor(deps: FrontDoorDeps): HttpHandler {
  const sts = queryService({
    service: 'sts',
    operations: [
      assumeRole(deps),
      assumeRoleWithClientGrants(deps),
      assumeRoleWithCustomToken(deps),
      assumeRoleWithLDAPIdentity(deps),
      assumeRoleWithWebIdentity(deps),
      assumeRoot(deps),
      decodeAuthorizationMessage(deps),
      getAccessKeyInfo(deps),
      getCallerIdentity(deps),
      getDelegatedAccessToken(deps),
      getFederationToken(deps),
      getSessionToken(deps),
    ],
    modelled: stsOperations,
    log: deps.log,
    clock: deps.clock,
  })
  const document = async (request: HttpRequest) => (await answerDocument(deps.store, request)) ?? sts(request)
  return (request) => (request.path === '/' ? sts(request) : document(request))
}
