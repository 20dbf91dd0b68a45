import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { liveCertificates } from '../lambda/live-certificates.ts'
import { createSessionService } from './service.ts'

const env = readEnvironment(process.env, ['table', 'accountId', 'sessionRing'])

export const handler = lambdaHandler(
  'sts',
  createSessionService({
    ...(await liveMints(env)),
    clock,
    log,
    ...liveCertificates(env.accountId),
  }),
  newRequestId,
)
