import { secretReader } from '@daypass/core/aws/secrets.ts'
import type { Clock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import type { LdapSource } from '@daypass/core/identity/ldap/source.ts'
import { DEFAULT_SOURCE, type Environment } from '@daypass/core/identity-sources/variables.ts'
import { lookupPasswords, type WithLookupPassword } from './look-up-passwords.ts'

/** In milliseconds, for all attempts together: in a network without a way to Secrets Manager nothing answers. */
const READ_TIMEOUT = 1_000

export interface LiveSources {
  readonly ldapSources: readonly LdapSource[]
  readonly withLookupPassword: WithLookupPassword
}

/**
 * The directories that an environment configures, and the look-up passwords that its secrets hold. The first read is made at
 * once, in the init phase; what fails then is tried again, and told, when somebody asks that directory.
 */
export async function liveSources(env: Environment, account: string, clock: Clock): Promise<LiveSources> {
  const secretArns = parseSecretArns(env[ENVIRONMENT.directoryPasswords] ?? '')
  const ldapSources = parseLdapSources(
    { ...env, ...Object.fromEntries([...secretArns.keys()].map(placeholder)) },
    account,
  )
  const readSecret = secretReader()
  const read = (secretArn: string) => readSecret(secretArn, { signal: AbortSignal.timeout(READ_TIMEOUT) })
  const withLookupPassword = lookupPasswords({ secretArns, read, clock })
  await Promise.allSettled(ldapSources.map(withLookupPassword))
  return { ldapSources, withLookupPassword }
}

function parseSecretArns(text: string): ReadonlyMap<string, string> {
  const entries = text.split(',').filter((each) => each !== '')
  return new Map(
    entries.map((each) => {
      const [, name, secretArn] = /^([a-z0-9][a-z0-9_]*)=(arn:.+)$/.exec(each) ?? []
      if (name === undefined || secretArn === undefined) {
        throw new Error(`${ENVIRONMENT.directoryPasswords} must be <directory>=<ARN>, separated by commas.`)
      }
      return [name, secretArn]
    }),
  )
}

/** What is checked with the other settings in place of the password, which comes when the directory is asked. */
function placeholder(name: string): readonly [string, string] {
  const suffix = name === DEFAULT_SOURCE ? '' : `_${name.toUpperCase()}`
  return [`DAYPASS_IDENTITY_LDAP_LOOKUP_BIND_PASSWORD${suffix}`, 'in its secret']
}
