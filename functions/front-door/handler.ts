import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { clock, liveIssuerKeys, liveRing, liveStore, log, newRequestId } from '../lambda/live.ts'
import { frontDoor } from './action.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing', 'longTermRing'])
const store = liveStore(env.table)

export const handler = lambdaHandler(
  'sts',
  frontDoor({
    store,
    sessionRing: liveRing(env.sessionRing),
    longTermRing: liveRing(env.longTermRing),
    issuerKeys: liveIssuerKeys(store),
    clock,
    log,
  }),
  newRequestId,
)
