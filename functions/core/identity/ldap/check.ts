import type { Log } from '../../deps.ts'
import { type Directory, type DirectoryConnection, type DirectoryEntry, DirectoryUnavailable } from './directory.ts'
import { NotDistinguishedName, normalizeDn } from './dn.ts'
import { attributesOfUserName, fillFilter } from './filter.ts'
import type { DirectoryAnswer, DirectoryQuestion } from './question.ts'
import { findLdapSource, type LdapSource } from './source.ts'
import { foldedUserName } from './user-name.ts'

export interface DirectoryCheckDeps {
  readonly ldapSources: readonly LdapSource[]
  readonly directory: Directory
  readonly log: Log
}

/** One entry is a user; two are enough to know that a name is ambiguous. */
const AMBIGUOUS = 2

/**
 * Proves that a directory accepts this password for the one user of this name, and tells the user's name, attributes and
 * groups. It proves nothing about rights. Whether there is such a user, and whether the password is right, changes neither
 * what the directory is asked nor how often: in place of a user that is not there, one is asked for that nobody is.
 */
export async function checkPassword(deps: DirectoryCheckDeps, question: DirectoryQuestion): Promise<DirectoryAnswer> {
  const source = findLdapSource(deps.ldapSources, question.source)
  if (!source) return { outcome: 'unknown-source' }
  // RFC 4513 section 5.1.2: a directory may take a bind without a password for an anonymous one, and accept it.
  if (question.password === '' || question.userName === '') return { outcome: 'refused', reason: 'nothing was given' }
  let connection: DirectoryConnection | undefined
  try {
    connection = await deps.directory.open(source)
    return await converse(connection, source, question)
  } catch (error) {
    if (!(error instanceof DirectoryUnavailable)) throw error
    deps.log.warn({ event: 'directory-unavailable', source: source.name, reason: error.message })
    return { outcome: 'unavailable', reason: error.message }
  } finally {
    await connection?.close()
  }
}

async function converse(
  connection: DirectoryConnection,
  source: LdapSource,
  { userName, password }: DirectoryQuestion,
): Promise<DirectoryAnswer> {
  await bindLookup(connection, source)
  const found = await findUsers(connection, source, userName)
  const [entry, another] = found
  const dn = entry && !another ? entry.dn : nobodyIn(source)
  const accepted = await connection.bind(dn, password)
  await bindLookup(connection, source)
  const groups = await findGroups(connection, source, userName, dn)
  if (!entry) return { outcome: 'refused', reason: 'there is no such user' }
  if (another) return { outcome: 'refused', reason: 'the name is of several users' }
  if (!accepted) return { outcome: 'refused', reason: 'the directory does not accept the password' }
  return {
    outcome: 'proven',
    user: {
      dn: normalized(entry.dn),
      userName: spelling(source, entry, userName),
      attributes: Object.fromEntries(source.userAttributes.map((name) => [name, entry.attributes[name] ?? []])),
      groups: [...new Set([...groups, ...memberships(source, entry)])],
    },
  }
}

async function bindLookup(connection: DirectoryConnection, { lookup }: LdapSource): Promise<void> {
  if (await connection.bind(lookup?.dn ?? '', lookup?.password ?? '')) return
  throw new DirectoryUnavailable('the directory does not accept the account that looks users up')
}

/** An entry that several bases have in common is one. */
async function findUsers(
  connection: DirectoryConnection,
  source: LdapSource,
  userName: string,
): Promise<readonly DirectoryEntry[]> {
  const filter = fillFilter(source.userFilter, { userName })
  const attributes = [...new Set([...source.userAttributes, ...attributesOfUserName(source.userFilter)])]
  const found = new Map<string, DirectoryEntry>()
  for (const base of source.userBases) {
    for (const entry of await connection.search({ base, filter, attributes, enough: AMBIGUOUS })) {
      found.set(normalized(entry.dn), entry)
    }
  }
  return [...found.values()]
}

async function findGroups(
  connection: DirectoryConnection,
  { groupBases, groupFilter }: LdapSource,
  userName: string,
  dn: string,
): Promise<readonly string[]> {
  if (groupFilter === undefined) return []
  const filter = fillFilter(groupFilter, { userName, dn })
  const groups: string[] = []
  for (const base of groupBases) {
    const entries = await connection.search({ base, filter, attributes: [] })
    groups.push(...entries.map((entry) => normalized(entry.dn)))
  }
  return groups
}

/** An operator that asks for `memberOf` means groups, also those that the directory finds by nesting. */
function memberships({ userAttributes }: LdapSource, { attributes }: DirectoryEntry): readonly string[] {
  const name = userAttributes.find((each) => each.toLowerCase() === 'memberof')
  return name === undefined ? [] : (attributes[name] ?? []).map(normalized)
}

/** How the directory writes the name: the user chooses no other one, of which policies might say something else. */
function spelling({ userFilter }: LdapSource, { attributes }: DirectoryEntry, userName: string): string {
  const values = attributesOfUserName(userFilter).flatMap((name) => attributes[name] ?? [])
  return values.find((value) => foldedUserName(value) === foldedUserName(userName)) ?? userName
}

/** Beside the users, with a name that none of them has. */
const nobodyIn = ({ userBases: [base = ''] }: LdapSource): string => `cn=daypass: no such user,${base}`

/** An entry without a name is the directory itself, for which a bind may be anonymous. */
function normalized(dn: string): string {
  try {
    const name = normalizeDn(dn)
    if (name !== '') return name
  } catch (error) {
    if (!(error instanceof NotDistinguishedName)) throw error
  }
  throw new DirectoryUnavailable('the directory named an entry by something that is no distinguished name')
}
