import { StsError } from '@daypass/core/errors.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import type { IamCall } from './call.ts'
import { removeItem } from './change-item.ts'
import type { EntityKind } from './entity-kind.ts'
import { alreadyExists } from './errors.ts'
import type { PolicyHolder } from './inline-policies.ts'
import { type Attachment, noteAttached, noteDetached } from './policy-attachments.ts'

/** What goes with an entity to its new name. */
interface Followers<T> {
  /** Before there is a row under the new name. */
  prepare?(renamed: T): Promise<void>
  /** Moves what refers to the entity by its name; called again when the entity was changed meanwhile. */
  follow(renamed: T): Promise<void>
}

/**
 * Gives an entity another name: a row under the new name, then all that refers to it, and last the old row goes, if nobody
 * has changed it meanwhile; else all of it is done again with what it is now. Until then both rows are there and say the
 * same, so that no right is ever missing. When a process breaks off in between, the same call later completes it: a row of
 * the new name with the same unique id is its own.
 */
export async function renameEntity<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  allowed: T,
  rename: (entity: T) => T,
  { prepare, follow }: Followers<T>,
): Promise<void> {
  await removeItem(call.store, kind, allowed, async (now) => {
    const renamed = rename(now)
    await prepare?.(renamed)
    await putUnderNewName(call, kind, renamed)
    await moveUses(call, kind, renamed, noteStillAttached)
    await follow(renamed)
  })
  await moveUses(call, kind, allowed, noteDetached)
}

async function putUnderNewName<T>({ store }: IamCall, kind: EntityKind<T>, renamed: T): Promise<void> {
  const item = kind.toItem(renamed)
  const existing = await store.get({ pk: item.pk, sk: item.sk })
  const id = String(item[kind.id])
  if (existing && existing[kind.id] !== id) {
    throw alreadyExists(kind.noun === 'group' ? 'Group' : 'User', kind.nameOf(kind.parse(existing)))
  }
  try {
    const condition = existing ? ({ exists: true, equals: { [kind.id]: id } } as const) : ({ exists: false } as const)
    await store.put(item, { condition })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    throw new StsError('EntityTemporarilyUnmodifiable', 'The new name was taken at this moment. Try again.')
  }
}

/** A policy that is gone, though it was named, is no reason to keep the name. */
async function noteStillAttached(call: IamCall, attachment: Attachment, write: () => Promise<void>): Promise<void> {
  try {
    await noteAttached(call, attachment, write)
  } catch (error) {
    if (!(error instanceof StsError) || error.code !== 'NoSuchEntity') throw error
  }
}

/** The index of policy uses knows entities by name. */
async function moveUses<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  entity: T,
  note: (call: IamCall, attachment: Attachment, write: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const holder = { kind: kind.noun, name: kind.nameOf(entity) }
  for (const policyArn of entity.attachedPolicies) {
    await note(call, { ...holder, policyArn, usage: 'policy' }, async () => undefined)
  }
  if (entity.boundary === undefined) return
  await note(call, { ...holder, policyArn: entity.boundary, usage: 'boundary' }, async () => undefined)
}
