import { LambdaClient } from '@aws-sdk/client-lambda'
import { readEnvironment } from '@daypass/core/environment.ts'
import { clock, liveIssuerKeys, liveRing, liveStore, log, newRequestId } from '../lambda/live.ts'
import { frontDoor } from './action.ts'
import { invoke } from './invoke.ts'
import { route } from './route.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing', 'longTermRing', 'iamFunction'])
const store = liveStore(env.table)
const sts = frontDoor({
  store,
  sessionRing: liveRing(env.sessionRing),
  longTermRing: liveRing(env.longTermRing),
  issuerKeys: liveIssuerKeys(store),
  clock,
  log,
})

export const handler = route({ sts, iam: invoke(new LambdaClient({}), env.iamFunction) }, newRequestId)
