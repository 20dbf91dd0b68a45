import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { liveCustomTokens } from '../lambda/live-custom-tokens.ts'
import { assumeRoleWithCustomToken } from './action.ts'

const env = readEnvironment(process.env, ['table', 'accountId', 'sessionRing'])
const action = assumeRoleWithCustomToken({
  ...(await liveMints(env)),
  log,
  ...(await liveCustomTokens(env.accountId)),
})

export const handler = lambdaHandler(
  'sts',
  queryService({ service: 'sts', operations: [action], modelled: stsOperations, log, clock }),
  newRequestId,
)
