import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { liveCredentials, log, newRequestId } from '../lambda/live.ts'
import { revokeSessionsService } from './service.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing', 'longTermRing'])
const service = revokeSessionsService({
  ...(await liveCredentials(env)),
  log,
})

export const handler = lambdaHandler('sts', service, newRequestId)
