import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { Token } from 'aws-cdk-lib'

/** A directory whose user names and passwords are worth a session: `ldap-provider/<name>` (docs/ldap.md). */
export interface DirectoryProps {
  /** What callers give as ConfigName: letters, digits and `_`; it stands in the provider's ARN. Default: `default`. */
  readonly name?: string
  /** Host, or host and port. Default port: 636, or 389 unless TLS begins at the first byte. */
  readonly serverAddress: string
  /**
   * `tls`: from the first byte; `starttls`: by StartTLS, before anything is said; `plain`: passwords travel in the clear.
   * Default: `tls`.
   */
  readonly transport?: 'tls' | 'starttls' | 'plain'
  /** Whether the server must show a certificate of its name. `false` lets any certificate do, also an attacker's. Default: yes. */
  readonly verifyCertificate?: boolean
  /** Certificates in PEM of the authorities that count in place of the system's. Default: the system's. */
  readonly authorities?: string
  /** Servers come from DNS: of `_ldap._tcp.<serverAddress>` or `_ldaps._tcp.…`; `on`: the address is the record's name. Default: no. */
  readonly srvRecord?: 'ldap' | 'ldaps' | 'on'
  /** The account that finds users and groups. Default: anonymous look-ups. */
  readonly lookup?: DirectoryLookup
  /** Below which names users are. */
  readonly userBases: readonly string[]
  /** Finds the user by its name `%s`, such as `(uid=%s)`. */
  readonly userFilter: string
  /** Attributes that policies may ask for; `memberOf` means that its values are groups. Default: none. */
  readonly userAttributes?: readonly string[]
  /** Where groups are, and what finds a user's by its DN `%d` or its name `%s`. Default: no groups are looked for. */
  readonly groups?: { readonly bases: readonly string[]; readonly filter: string }
}

export interface DirectoryLookup {
  readonly bindDn: string
  /**
   * ARN, complete with its last six characters, of a Secrets Manager secret in the deployment's region whose text is the
   * password. The function `check-directory` alone may read it.
   */
  readonly passwordSecretArn: string
}

/** What the function that asks directories is told, and which secrets it may read. */
export interface DirectorySettings {
  readonly environment: Readonly<Record<string, string>>
  readonly secretArns: readonly string[]
}

const COMPLETE_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/

/**
 * The directories' variables, under the names that docs/ldap.md lists, checked as the function will check them. Of a look-up
 * password they say only where it is kept. Throws an error that says what to change.
 */
export function directorySettings(directories: readonly DirectoryProps[], accountId: string): DirectorySettings {
  if (new Set(directories.map(nameOf)).size < directories.length) {
    throw new Error('directories: two directories have the same name')
  }
  const variables: Record<string, string> = Object.assign({}, ...directories.map(variablesOf))
  const secrets = directories.flatMap((each) =>
    each.lookup ? [{ directory: each, arn: each.lookup.passwordSecretArn }] : [],
  )
  if (!secrets.every(({ arn }) => Token.isUnresolved(arn) || COMPLETE_ARN.test(arn))) {
    throw new Error('directories: passwordSecretArn must be the complete ARN of a Secrets Manager secret')
  }
  if (!Object.values(variables).some((value) => Token.isUnresolved(value))) {
    const passwords = secrets.map(({ directory }) => [variable('LOOKUP_BIND_PASSWORD', directory), 'in its secret'])
    parseLdapSources({ ...variables, ...Object.fromEntries(passwords) }, accountId)
  }
  const kept = secrets.map(({ directory, arn }) => `${nameOf(directory)}=${arn}`).join(',')
  return {
    environment: kept === '' ? variables : { ...variables, [ENVIRONMENT.directoryPasswords]: kept },
    secretArns: [...new Set(secrets.map(({ arn }) => arn))],
  }
}

const nameOf = ({ name = 'default' }: Pick<DirectoryProps, 'name'>) => name

function variable(key: string, directory: DirectoryProps): string {
  const name = nameOf(directory)
  return `DAYPASS_IDENTITY_LDAP_${key}${name === 'default' ? '' : `_${name.toUpperCase()}`}`
}

function variablesOf(directory: DirectoryProps): Record<string, string> {
  if (!/^[a-z0-9][a-z0-9_]{0,63}$/.test(nameOf(directory))) {
    throw new Error('directories: a name must be up to 64 small letters, digits and _')
  }
  const { transport = 'tls', verifyCertificate = true, lookup, groups } = directory
  const values = {
    SERVER_ADDR: directory.serverAddress,
    SERVER_STARTTLS: transport === 'starttls' ? 'on' : undefined,
    SERVER_INSECURE: transport === 'plain' ? 'on' : undefined,
    TLS_SKIP_VERIFY: verifyCertificate ? undefined : 'on',
    TLS_CA: directory.authorities?.trim(),
    SRV_RECORD_NAME: directory.srvRecord,
    LOOKUP_BIND_DN: lookup?.bindDn,
    USER_DN_SEARCH_BASE_DN: directory.userBases.join(';'),
    USER_DN_SEARCH_FILTER: directory.userFilter,
    USER_DN_ATTRIBUTES: directory.userAttributes?.join(','),
    GROUP_SEARCH_BASE_DN: groups?.bases.join(';'),
    GROUP_SEARCH_FILTER: groups?.filter,
  }
  const variables = Object.entries(values).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[variable(key, directory), value]],
  )
  // An empty variable counts as absent: nobody would notice that the system's authorities count again.
  const empty = variables.find(([, value]) => value === '')
  if (empty) throw new Error(`directories: leave out what is empty, or fill it (${empty[0]})`)
  return Object.fromEntries(variables)
}
