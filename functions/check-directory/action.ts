import { checkPassword, type DirectoryCheckDeps } from '@daypass/core/identity/ldap/check.ts'
import { DirectoryUnavailable } from '@daypass/core/identity/ldap/directory.ts'
import {
  type DirectoryAnswer,
  type DirectoryQuestion,
  parseDirectoryQuestion,
} from '@daypass/core/identity/ldap/question.ts'
import { findLdapSource } from '@daypass/core/identity/ldap/source.ts'
import type { WithLookupPassword } from './look-up-passwords.ts'

export interface CheckDirectoryDeps extends DirectoryCheckDeps {
  /** Absent: the sources have the passwords of their look-up accounts. */
  readonly withLookupPassword?: WithLookupPassword
}

/**
 * Checks a password against a directory, for the function that asks: all that this one can do, for it has neither the table
 * nor a key. Whoever may call it learns whether a password binds, and of whom; what follows is decided where it was asked.
 */
export const checkDirectory =
  (deps: CheckDirectoryDeps) =>
  (event: unknown): Promise<DirectoryAnswer> =>
    check(deps, parseDirectoryQuestion(event))

async function check(deps: CheckDirectoryDeps, question: DirectoryQuestion): Promise<DirectoryAnswer> {
  const source = findLdapSource(deps.ldapSources, question.source)
  if (!source || !deps.withLookupPassword) return checkPassword(deps, question)
  try {
    const ldapSources = [await deps.withLookupPassword(source)]
    return await checkPassword({ ...deps, ldapSources }, question)
  } catch (error) {
    if (!(error instanceof DirectoryUnavailable)) throw error
    deps.log.warn({ event: 'directory-unavailable', source: source.name, reason: error.message })
    return { outcome: 'unavailable', reason: error.message }
  }
}
