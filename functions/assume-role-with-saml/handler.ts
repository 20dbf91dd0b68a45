import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { readSamlSettings } from '@daypass/core/identity/saml/settings.ts'
import { clock, liveMints, log, newRequestId } from '../lambda/live.ts'
import { assumeRoleWithSamlService } from './service.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing'])
const service = assumeRoleWithSamlService({
  ...(await liveMints(env)),
  saml: readSamlSettings(process.env),
  clock,
  log,
})

export const handler = lambdaHandler('sts', service, newRequestId)
