import type { Statement } from './document.ts'
import { type Naming, principalNaming } from './principal.ts'
import type { AuthorizationRequest } from './types.ts'

/** The part of a statement that a request does not meet. */
export type StatementPart = 'action' | 'principal' | 'resource' | 'condition'

/** A request with what every statement asks for worked out once. */
export interface PreparedRequest extends AuthorizationRequest {
  readonly foldedAction: string
  /** Whether a permissions boundary limits who asks. */
  readonly bounded: boolean
}

export const prepareRequest = (request: AuthorizationRequest, bounded: boolean): PreparedRequest => ({
  principal: request.principal,
  action: request.action,
  resource: request.resource,
  context: request.context,
  ...(request.resourceAccount !== undefined && { resourceAccount: request.resourceAccount }),
  foldedAction: request.action.toLowerCase(),
  bounded,
})

/** The first part that the request does not meet; `undefined` when the statement applies to it. */
export function unmetPart(statement: Statement, request: PreparedRequest): StatementPart | undefined {
  if (!statement.action.covers(request.foldedAction)) return 'action'
  if (statement.principal && namingIn(statement, request) === undefined) return 'principal'
  if (statement.resource && !statement.resource.covers(request.resource, request.context)) return 'resource'
  for (const condition of statement.conditions) if (!condition.holds(request.context)) return 'condition'
  return undefined
}

/** How the statement's principal element names who asks. */
export const namingIn = (statement: Statement, { principal, bounded }: PreparedRequest): Naming | undefined =>
  statement.principal && principalNaming(statement.principal, principal, statement.effect, bounded)
