import { readEnvironment } from '@daypass/core/environment.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { log } from '../lambda/live.ts'
import { checkDirectory } from './action.ts'
import { liveDirectory } from './live-directory.ts'

const env = readEnvironment(process.env, ['accountId'])

export const handler = checkDirectory({
  ldapSources: parseLdapSources(process.env, env.accountId),
  directory: liveDirectory(),
  log,
})
