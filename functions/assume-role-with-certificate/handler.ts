import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { liveCertificates } from '../lambda/live-certificates.ts'
import { assumeRoleWithCertificateService } from './service.ts'

const env = readEnvironment(process.env, ['table', 'accountId', 'sessionRing'])
const service = assumeRoleWithCertificateService({
  ...(await liveMints(env)),
  ...liveCertificates(env.accountId),
  clock,
  log,
})

export const handler = lambdaHandler('sts', service, newRequestId)
