import {
  DEFAULT_SOURCE,
  type Environment,
  IdentitySourceError,
  listed,
  type SourceVariables,
  sourceVariables,
  switchOf,
} from '../../identity-sources/variables.ts'
import { parseDn, splitUnescaped } from './dn.ts'
import { isFilter } from './filter.ts'
import type { LdapServer, LdapSource } from './source.ts'

const SUBSYSTEM = 'IDENTITY_LDAP'
const READ_KEYS = [
  'ENABLE',
  'SERVER_ADDR',
  'SRV_RECORD_NAME',
  'LOOKUP_BIND_DN',
  'LOOKUP_BIND_PASSWORD',
  'USER_DN_SEARCH_BASE_DN',
  'USER_DN_SEARCH_FILTER',
  'USER_DN_ATTRIBUTES',
  'GROUP_SEARCH_BASE_DN',
  'GROUP_SEARCH_FILTER',
  'TLS_SKIP_VERIFY',
  'TLS_CA',
  'SERVER_INSECURE',
  'SERVER_STARTTLS',
]
/** Known to MinIO and of no effect here, nor in MinIO's last releases. */
const IGNORED_KEYS = [
  'STATE',
  'COMMENT',
  'STS_EXPIRY',
  'USERNAME_FORMAT',
  'USERNAME_SEARCH_FILTER',
  'USERNAME_SEARCH_BASE_DN',
  'GROUP_NAME_ATTRIBUTE',
]
const MOST_SOURCES = 20

/**
 * The directories that an environment configures: `DAYPASS_IDENTITY_LDAP_<KEY>[_<NAME>]`, with MinIO's names as aliases.
 * Proves that the settings fit together, not that there is such a directory. Throws IdentitySourceError: one sentence that
 * names the variable and repeats no value.
 */
export function parseLdapSources(env: Environment, account: string): readonly LdapSource[] {
  const variables = sourceVariables(env, SUBSYSTEM, [...READ_KEYS, ...IGNORED_KEYS])
  const sources = variables.flatMap((each) => parseSource(each, account) ?? [])
  if (sources.length > MOST_SOURCES) {
    throw new IdentitySourceError(`DAYPASS_${SUBSYSTEM}_… configures more than ${MOST_SOURCES} directories.`)
  }
  return sources
}

function parseSource(variables: SourceVariables, account: string): LdapSource | undefined {
  const enabled = switchOf(variables, 'ENABLE') ?? switchOf(variables, 'STATE')
  const used = READ_KEYS.some((key) => key !== 'ENABLE' && variables.get(key) !== undefined)
  if (enabled === false || (enabled === undefined && !used)) return undefined
  const server = parseServer(variables)
  const lookup = parseLookup(variables)
  return {
    name: variables.name,
    account,
    server,
    ...(lookup ? { lookup } : {}),
    userBases: basesOf(variables, 'USER_DN_SEARCH_BASE_DN'),
    userFilter: userFilterOf(variables),
    userAttributes: attributesOf(variables),
    ...parseGroups(variables),
  }
}

function required(variables: SourceVariables, key: string, need: string): string {
  const value = variables.get(key)
  if (value !== undefined) return value
  const which = variables.name === DEFAULT_SOURCE ? '' : `"${variables.name}" `
  throw new IdentitySourceError(`${variables.nameOf(key)} is not set: the ${which}directory needs ${need}.`)
}

function parseServer(variables: SourceVariables): LdapServer {
  const address = required(variables, 'SERVER_ADDR', 'the address of its server')
  const [, bracketed, plain, portText] = /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(address) ?? []
  const named = bracketed ?? plain
  if (named === undefined || Number(portText ?? 636) > 65_535 || Number(portText ?? 636) === 0) {
    throw new IdentitySourceError(
      `${variables.nameOf('SERVER_ADDR')} must be HOST:PORT or HOST, such as ldap.example.com:636.`,
    )
  }
  const startTls = switchOf(variables, 'SERVER_STARTTLS') ?? false
  const insecure = switchOf(variables, 'SERVER_INSECURE') ?? false
  // With both, MinIO begins in the clear and goes on over TLS: no password goes before that.
  const transport = startTls ? 'starttls' : insecure ? 'plain' : 'tls'
  const authorities = variables.get('TLS_CA')
  if (
    authorities !== undefined &&
    !/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\s-]+-----END CERTIFICATE-----\s*$/.test(authorities)
  ) {
    throw new IdentitySourceError(`${variables.nameOf('TLS_CA')} must be certificates in PEM, not the path of a file.`)
  }
  const srvRecord = srvRecordOf(variables, named)
  return {
    // What the records of an unprotected DNS name must not change: whose certificate is asked for.
    host: srvRecord === undefined ? named : named.replace(/^_[\w-]+\._[\w-]+\./, ''),
    port: Number(portText ?? (transport === 'tls' ? 636 : 389)),
    ...(srvRecord === undefined ? {} : { srvRecord }),
    transport,
    verify: !(switchOf(variables, 'TLS_SKIP_VERIFY') ?? false),
    ...(authorities === undefined ? {} : { authorities }),
  }
}

/** MinIO: `on` means that the address is the record's own name, `ldap` and `ldaps` that it is the domain's. */
function srvRecordOf(variables: SourceVariables, host: string): string | undefined {
  const kind = variables.get('SRV_RECORD_NAME')
  if (kind === undefined) return undefined
  if (kind === 'on') return host
  if (kind === 'ldap' || kind === 'ldaps') return `_${kind}._tcp.${host}`
  throw new IdentitySourceError(`${variables.nameOf('SRV_RECORD_NAME')} must be on, ldap or ldaps.`)
}

function parseLookup(variables: SourceVariables): LdapSource['lookup'] {
  const dn = variables.get('LOOKUP_BIND_DN')
  const password = variables.get('LOOKUP_BIND_PASSWORD')
  if (dn === undefined && password === undefined) return undefined
  if (dn === undefined || password === undefined) {
    const [set, missing] = dn === undefined ? ['PASSWORD', 'DN'] : ['DN', 'PASSWORD']
    throw new IdentitySourceError(
      `${variables.nameOf(`LOOKUP_BIND_${set}`)} is set without ${variables.nameOf(`LOOKUP_BIND_${missing}`)}: set both, or neither for anonymous look-ups.`,
    )
  }
  // Active Directory also lets names such as user@example.com bind.
  if (!dn.includes('@') && !dn.includes('\\')) checkDn(variables, 'LOOKUP_BIND_DN', dn)
  return { dn, password }
}

function userFilterOf(variables: SourceVariables): string {
  const filter = required(variables, 'USER_DN_SEARCH_FILTER', 'a filter that finds a user by name, such as (uid=%s)')
  if (!filter.includes('%s') || filter.includes('%d') || !isFilter(filter)) {
    throw new IdentitySourceError(
      `${variables.nameOf('USER_DN_SEARCH_FILTER')} must be an LDAP filter with %s for the user's name, such as (uid=%s).`,
    )
  }
  return filter
}

function attributesOf(variables: SourceVariables): readonly string[] {
  const names = listed(variables.get('USER_DN_ATTRIBUTES') ?? '')
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name) || /^(?:dn|userPassword|unicodePwd)$/i.test(name)) {
      throw new IdentitySourceError(
        `${variables.nameOf('USER_DN_ATTRIBUTES')} must be a comma-separated list of attributes that hold texts, such as mail,departmentNumber.`,
      )
    }
  }
  return names
}

function parseGroups(variables: SourceVariables): Pick<LdapSource, 'groupBases' | 'groupFilter'> {
  const filter = variables.get('GROUP_SEARCH_FILTER')
  const bases = variables.get('GROUP_SEARCH_BASE_DN')
  if (filter === undefined && bases === undefined) return { groupBases: [] }
  if (filter === undefined || bases === undefined) {
    const [set, missing] = filter === undefined ? ['BASE_DN', 'FILTER'] : ['FILTER', 'BASE_DN']
    throw new IdentitySourceError(
      `${variables.nameOf(`GROUP_SEARCH_${set}`)} is set without ${variables.nameOf(`GROUP_SEARCH_${missing}`)}: set both or neither.`,
    )
  }
  // Without a placeholder every user would be in every group.
  if (!/%[sd]/.test(filter) || !isFilter(filter)) {
    throw new IdentitySourceError(
      `${variables.nameOf('GROUP_SEARCH_FILTER')} must be an LDAP filter with %d for the user's DN or %s for its name, such as (&(objectclass=groupOfNames)(member=%d)).`,
    )
  }
  return { groupBases: basesOf(variables, 'GROUP_SEARCH_BASE_DN'), groupFilter: filter }
}

/** Several are separated by `;`, as in MinIO. */
function basesOf(variables: SourceVariables, key: string): readonly string[] {
  const text = required(variables, key, 'the place where its users are, such as ou=people,dc=example,dc=com')
  const bases = splitUnescaped(text, ';')
    .map((base) => base.trim())
    .filter((base) => base !== '')
  if (bases.length === 0) throw notDn(variables, key)
  for (const base of bases) checkDn(variables, key, base)
  return bases
}

function checkDn(variables: SourceVariables, key: string, dn: string): void {
  try {
    if (parseDn(dn).length > 0) return
  } catch {
    // Said below, with the variable's name.
  }
  throw notDn(variables, key)
}

const notDn = (variables: SourceVariables, key: string) =>
  new IdentitySourceError(`${variables.nameOf(key)} must be a distinguished name, such as dc=example,dc=com.`)
