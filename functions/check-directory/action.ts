import { checkPassword, type DirectoryCheckDeps } from '@daypass/core/identity/ldap/check.ts'
import { type DirectoryAnswer, parseDirectoryQuestion } from '@daypass/core/identity/ldap/question.ts'

/**
 * Checks a password against a directory, for the function that asks: all that this one can do, for it has neither the table
 * nor a key. Whoever may call it learns whether a password binds, and of whom; what follows is decided where it was asked.
 */
export const checkDirectory =
  (deps: DirectoryCheckDeps) =>
  (event: unknown): Promise<DirectoryAnswer> =>
    checkPassword(deps, parseDirectoryQuestion(event))
