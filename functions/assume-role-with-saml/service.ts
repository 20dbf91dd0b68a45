import type { Clock, Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { assumeRoleWithSaml, type SamlDeps } from './action.ts'

/** AssumeRoleWithSAML alone, which is isolated: reading XML signatures is most of its bundle, and the front door does without. */
export function assumeRoleWithSamlService(deps: SamlDeps & { readonly clock: Clock; readonly log: Log }): HttpHandler {
  const { log, clock } = deps
  return queryService({ service: 'sts', operations: [assumeRoleWithSaml(deps)], modelled: stsOperations, log, clock })
}
