import { StsError } from '../errors.ts'
import type { Effect, PolicyKind } from './document.ts'
import type { Dialect } from './principal.ts'

/** What a piece of a policy must be checked against. */
export interface Grammar {
  readonly kind: PolicyKind
  readonly dialect: Dialect
}

/** A statement's own rules: whether it has variables, and whether what cannot be told grants or refuses. */
export interface StatementGrammar extends Grammar {
  readonly effect: Effect
  readonly variables: boolean
}

export const malformed = (message: string, reason?: string): StsError =>
  new StsError('MalformedPolicyDocument', message, reason === undefined ? {} : { detail: { reason } })

/** AWS words one mistake differently for policies of an identity, of a role's trust and of a resource. */
export const isIdentityLike = (kind: PolicyKind) => kind !== 'trust' && kind !== 'resource'

/** AWS says no more than this to the caller; the reason goes to the log. */
export const syntaxError = (kind: PolicyKind, reason: string): StsError =>
  malformed(isIdentityLike(kind) ? 'Syntax errors in policy.' : 'Syntax error in policy.', reason)

/** A required field that is missing; for identities AWS calls it a syntax error. */
export const missingField = (kind: PolicyKind, field: string): StsError =>
  isIdentityLike(kind) ? syntaxError(kind, `missing ${field}`) : malformed(`Missing required field ${field}`)
