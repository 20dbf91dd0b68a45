import type { Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { getWebIdentityToken, type WebIdentityTokenDeps } from './action.ts'

/** GetWebIdentityToken alone, which is isolated: it opens the private halves of the signing keys, and the front door may not. */
export function getWebIdentityTokenService(deps: WebIdentityTokenDeps & { readonly log: Log }): HttpHandler {
  const { log, clock } = deps
  return queryService({ service: 'sts', operations: [getWebIdentityToken(deps)], modelled: stsOperations, log, clock })
}
