import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { clock, liveRing, liveStore, log, newRequestId } from '../lambda/live.ts'
import { revokeSessionsService } from './service.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing', 'longTermRing'])
const service = revokeSessionsService({
  store: liveStore(env.table),
  sessionRing: liveRing(env.sessionRing),
  longTermRing: liveRing(env.longTermRing),
  clock,
  log,
})

export const handler = lambdaHandler('sts', service, newRequestId)
