import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import type { Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { iamOperations } from '@daypass/core/model/iam/names.ts'
import { OPERATIONS } from './operations.ts'

/** The IAM Query API: every operation that is built; the others of the model answer NotImplemented by name. */
export function iamService(deps: CredentialDeps & { readonly log: Log }): HttpHandler {
  return queryService({
    service: 'iam',
    operations: OPERATIONS.map((operation) => operation(deps)),
    modelled: iamOperations,
    log: deps.log,
    clock: deps.clock,
  })
}
