import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { queryService } from '@daypass/core/http/query-service.ts'
import { readSamlSettings } from '@daypass/core/identity/saml/settings.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { assumeRoleWithSaml } from './action.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing'])
const action = assumeRoleWithSaml({
  ...(await liveMints(env)),
  saml: readSamlSettings(process.env),
})

export const handler = lambdaHandler(
  'sts',
  queryService({ service: 'sts', operations: [action], modelled: stsOperations, log, clock }),
  newRequestId,
)
