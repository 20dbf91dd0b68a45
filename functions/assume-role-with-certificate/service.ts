import type { Clock, Log } from '@daypass/core/deps.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { assumeRoleWithCertificate } from './action.ts'
import type { CertificateDeps } from './role-session.ts'

/**
 * AssumeRoleWithCertificate alone, which is isolated: a client's certificate reaches it by a domain of its own, and the front
 * door does without the reader of certificates.
 */
export function assumeRoleWithCertificateService(
  deps: CertificateDeps & { readonly clock: Clock; readonly log: Log },
): HttpHandler {
  const { log, clock } = deps
  const operations = [assumeRoleWithCertificate(deps)]
  return queryService({ service: 'sts', operations, modelled: stsOperations, log, clock })
}
