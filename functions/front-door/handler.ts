import { awsClient } from '@daypass/core/aws/client.ts'
import { readEnvironment } from '@daypass/core/environment.ts'
import { liveCredentials, log, newRequestId } from '../lambda/live.ts'
import { liveCustomTokens } from '../lambda/live-custom-tokens.ts'
import { liveDirectories } from '../lambda/live-directories.ts'
import { liveIssuerKeys, liveOpenId } from '../lambda/live-openid.ts'
import { frontDoor } from './action.ts'
import { invoke } from './invoke.ts'
import { route } from './route.ts'

const env = readEnvironment(process.env, [
  'table',
  'accountId',
  'sessionRing',
  'longTermRing',
  'checkDirectoryFunction',
  'iamFunction',
  'getWebIdentityTokenFunction',
  'revokeSessionsFunction',
  'assumeRoleWithCertificateFunction',
  'assumeRoleWithSamlFunction',
])
const credentials = await liveCredentials(env)
const lambda = awsClient('lambda')
const sts = frontDoor({
  ...credentials,
  issuerKeys: liveIssuerKeys(credentials.store),
  ...liveOpenId(env.accountId),
  ...(await liveCustomTokens(env.accountId)),
  ...liveDirectories(env.accountId, lambda, env.checkDirectoryFunction),
  defaultAccount: env.accountId,
  log,
})
const isolated = {
  iam: invoke(lambda, env.iamFunction),
  'get-web-identity-token': invoke(lambda, env.getWebIdentityTokenFunction),
  'revoke-sessions': invoke(lambda, env.revokeSessionsFunction),
  'assume-role-with-certificate': invoke(lambda, env.assumeRoleWithCertificateFunction),
  'assume-role-with-saml': invoke(lambda, env.assumeRoleWithSamlFunction),
}

export const handler = route({ sts, isolated }, newRequestId)
