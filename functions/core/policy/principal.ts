import type { RequestPrincipal } from './types.ts'

/** Whose rules a policy is written by: AWS's, or those of a Ceph-style account. */
export type Dialect = 'aws' | 'ceph'

/** `Principal` or `NotPrincipal` of a statement. */
export interface PrincipalElement {
  readonly negated: boolean
  /** `"*"`: everyone, of every type. */
  readonly everyone: boolean
  /** `{"AWS": "*"}`: every AWS principal and the anonymous. */
  readonly everyAws: boolean
  /** `{"Federated": "*"}` */
  readonly everyFederated: boolean
  readonly accounts: ReadonlySet<string>
  readonly arns: ReadonlySet<string>
  /** `AIDA…` and `AROA…`: what stands where the ARN of a deleted principal stood. */
  readonly uniqueIds: ReadonlySet<string>
  readonly federated: ReadonlySet<string>
  readonly services: ReadonlySet<string>
}

/**
 * How an element names a principal, strongest first: by its own ARN, by its role's, through everyone, or through its
 * account, which only delegates to the account's own policies (AWS: JSON policy elements, Principal).
 */
export type Naming = 'self' | 'role' | 'everyone' | 'account'

/** How the element's list names the principal; `undefined` when it does not. `negated` is not looked at. */
export function namingOf(element: PrincipalElement, principal: RequestPrincipal): Naming | undefined {
  if (principal.type === 'AWS') {
    const { arn, roleArn, roleId, userId, account } = principal
    if (element.arns.has(arn) || element.uniqueIds.has(userId)) return 'self'
    if (roleArn !== undefined && (element.arns.has(roleArn) || element.uniqueIds.has(roleId ?? roleIdOf(userId))))
      return 'role'
    if (element.everyone || element.everyAws) return 'everyone'
    return element.accounts.has(account) ? 'account' : undefined
  }
  if (element.everyone) return 'everyone'
  if (principal.type === 'Anonymous') return element.everyAws ? 'everyone' : undefined
  if (principal.type === 'Service') return element.services.has(principal.service) ? 'self' : undefined
  if (element.federated.has(principal.provider)) return 'self'
  return element.everyFederated ? 'everyone' : undefined
}

/** A session's user id is `<role id>:<session name>`. */
const roleIdOf = (userId: string) => userId.split(':', 1)[0] ?? userId

/**
 * Whether NotPrincipal spares a principal. AWS looks at an account, at its role and at the session one after another,
 * so each of them has to be listed; whoever is not listed in full is hit.
 */
export function isSparedBy(element: PrincipalElement, principal: RequestPrincipal): boolean {
  if (element.everyone) return true
  if (principal.type !== 'AWS') return namingOf(element, principal) !== undefined
  if (element.everyAws) return true
  const { arn, roleArn, roleId, userId, account, root } = principal
  if (!element.accounts.has(account)) return false
  if (root) return true
  if (!element.arns.has(arn) && !element.uniqueIds.has(userId)) return false
  return roleArn === undefined || element.arns.has(roleArn) || element.uniqueIds.has(roleId ?? roleIdOf(userId))
}

/** Whether a statement with this element is about the principal at all, and how it names it. */
export function principalNaming(
  element: PrincipalElement,
  principal: RequestPrincipal,
  effect: 'Allow' | 'Deny',
  bounded: boolean,
): Naming | undefined {
  if (!element.negated) return namingOf(element, principal)
  // An Allow must not reach whom the list names in any way; a Deny spares only whom it names in full, and nobody who has a
  // permissions boundary (IAM User Guide, "NotPrincipal").
  const spared =
    effect === 'Allow' ? namingOf(element, principal) !== undefined : !bounded && isSparedBy(element, principal)
  return spared ? undefined : 'everyone'
}
