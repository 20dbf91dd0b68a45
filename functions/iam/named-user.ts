import { rootArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { User } from '@daypass/core/store/entities/user.ts'
import type { IamCall } from './call.ts'
import type { ContextKeys } from './context-keys.ts'
import { allowedEntity } from './entity-kind.ts'
import { USER } from './user-kind.ts'

/** The user of that name, once the caller may do the action on it. Throws AccessDenied, then NoSuchEntity. */
export const allowedUser = (
  call: IamCall,
  name: string,
  action: string,
  keys?: (user: User | undefined) => ContextKeys,
): Promise<User> => allowedEntity(call, USER, name, action, keys)

/**
 * The name that a request speaks of; without one, the caller's own. A role's session has no user to speak of.
 * Not for root, which has no user either.
 */
export function userNameOrOwn({ caller }: IamCall, name: string | undefined): string {
  const own = caller.contextKeys().get('aws:username')?.[0]
  const userName = name ?? own
  if (userName !== undefined) return userName
  throw new StsError('ValidationError', 'Must specify userName when calling with non-User credentials')
}

/** Whether a request that names no user speaks of the account's root. */
export const speaksOfRoot = ({ caller }: IamCall, name: string | undefined): boolean =>
  name === undefined && caller.principal.root

/**
 * Asks for an action on the user that a request names or, when root asks about itself, on root: a session of root may be
 * limited too. For answers in which it makes no difference who is meant. Throws AccessDenied, NoSuchEntity.
 */
export async function demandOnUser(call: IamCall, name: string | undefined, action: string): Promise<void> {
  if (speaksOfRoot(call, name)) await call.demand(action, rootArn(call.account))
  else await allowedUser(call, userNameOrOwn(call, name), action)
}
