import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { liveCertificates } from '../lambda/live-certificates.ts'
import { assumeRoleWithCertificate } from './action.ts'

const env = readEnvironment(process.env, ['table', 'accountId', 'sessionRing'])
const action = assumeRoleWithCertificate({
  ...(await liveMints(env)),
  ...liveCertificates(env.accountId),
})

export const handler = lambdaHandler(
  'sts',
  queryService({ service: 'sts', operations: [action], modelled: stsOperations, log, clock }),
  newRequestId,
)
