import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { clock, liveCredentials, log, newRequestId } from '../lambda/live.ts'
import { decodeAuthorizationMessage } from './action.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing', 'longTermRing'])
const action = decodeAuthorizationMessage({
  ...(await liveCredentials(env)),
})

export const handler = lambdaHandler(
  'sts',
  queryService({ service: 'sts', operations: [action], modelled: stsOperations, log, clock }),
  newRequestId,
)
