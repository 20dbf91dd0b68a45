import type { Key } from '@daypass/core/store/port.ts'
import type { IamCall } from './call.ts'
import { type ContextKeys, joinKeys } from './context-keys.ts'
import { noSuchEntity } from './errors.ts'
import type { RowKind } from './row-kind.ts'

/** What users, groups and roles have in common, so that what can be done to each of them is written once. */
export interface EntityKind<T> extends RowKind<T> {
  /** As AWS's sentences name it. */
  readonly noun: 'user' | 'group' | 'role'
  readonly key: (account: string, name: string) => Key
  readonly arn: (account: string, path: string, name: string) => string
  readonly nameOf: (entity: T) => string
  readonly arnOf: (entity: T) => string
  /** Condition keys that follow from the entity as it is: its tags. */
  readonly keysOf: (entity: T) => ContextKeys
}

/** The entity of that name in the caller's account; names are told apart without regard to case. */
export async function findEntity<T>(
  { store, account }: IamCall,
  kind: EntityKind<T>,
  name: string,
): Promise<T | undefined> {
  const item = await store.get(kind.key(account, name))
  return item && kind.parse(item)
}

/**
 * The entity that a request names, once the caller may do the action on it. One who may not learns neither whether it
 * exists nor its path: the denial speaks of "user Bob", as AWS's does. Throws AccessDenied, then NoSuchEntity.
 */
export async function allowedEntity<T>(
  call: IamCall,
  kind: EntityKind<T>,
  name: string,
  action: string,
  keys: (entity: T | undefined) => ContextKeys = () => new Map(),
): Promise<T> {
  const entity = await findEntity(call, kind, name)
  const arn = entity ? kind.arnOf(entity) : kind.arn(call.account, '/', name)
  const context = joinKeys(entity ? kind.keysOf(entity) : new Map(), keys(entity))
  await call.demand(action, arn, context, `${kind.noun} ${name}`)
  if (!entity) throw noSuchEntity(kind.noun, name)
  return entity
}
