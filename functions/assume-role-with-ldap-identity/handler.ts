import { awsClient } from '@daypass/core/aws/client.ts'
import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { queryService } from '@daypass/core/http/query-service.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { liveDirectories } from '../lambda/live-directories.ts'
import { assumeRoleWithLDAPIdentity } from './action.ts'

const env = readEnvironment(process.env, ['table', 'accountId', 'sessionRing', 'checkDirectoryFunction'])
const action = assumeRoleWithLDAPIdentity({
  ...(await liveMints(env)),
  clock,
  ...liveDirectories(env.accountId, awsClient('lambda'), env.checkDirectoryFunction),
})

export const handler = lambdaHandler(
  'sts',
  queryService({ service: 'sts', operations: [action], modelled: stsOperations, log, clock }),
  newRequestId,
)
