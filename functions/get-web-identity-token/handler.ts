import { readEnvironment } from '@daypass/core/environment.ts'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import { liveCredentials, log, newRequestId } from '../lambda/live.ts'
import { getWebIdentityTokenService } from './service.ts'

const env = readEnvironment(process.env, ['table', 'sessionRing', 'longTermRing'])
/** Lambda itself sets it. */
const region = process.env.AWS_REGION
const service = getWebIdentityTokenService({
  ...(await liveCredentials(env)),
  log,
  ...(region === undefined ? {} : { region }),
})

export const handler = lambdaHandler('sts', service, newRequestId)
