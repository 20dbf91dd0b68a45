import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import type { Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { revokeSessions } from './action.ts'

/** RevokeSessions alone, which is isolated: its marks lie on accounts, users, roles and providers, and the front door may write none. */
export function revokeSessionsService(deps: CredentialDeps & { readonly log: Log }): HttpHandler {
  const { log, clock } = deps
  return queryService({ service: 'sts', operations: [revokeSessions(deps)], modelled: stsOperations, log, clock })
}
