import { randomUUID } from 'node:crypto'
import { StsError } from '@daypass/core/errors.ts'
import { ConditionFailed, type Item } from '@daypass/core/store/port.ts'
import type { IamCall } from './call.ts'
import { concurrentModification, untilUncontested } from './change-item.ts'
import type { EntityKind } from './entity-kind.ts'
import { alreadyExists } from './errors.ts'
import type { PolicyHolder } from './inline-policies.ts'
import { type Attachment, noteAttached, noteDetached } from './policy-attachments.ts'
import { isRenamedTo, isSettled, RENAMED_FROM, RENAMED_TO } from './rename-marks.ts'
import { idOf, keyOf, unchanged } from './row-kind.ts'

/** An entity's new name, and what goes with the entity to it. */
interface Renaming<T> {
  rename(entity: T): T
  /** Before there is a row under the new name. */
  prepare?(renamed: T): Promise<void>
  /** Moves what refers to the entity by its name; called again when something came to refer to it meanwhile. */
  follow(renamed: T): Promise<void>
}

/**
 * Gives an entity another name. First its row is claimed for that name: from then on nothing else may rename, change or
 * remove the entity, so that it never becomes two. Then comes a row under the new name, then all that refers to the entity,
 * and last the old row goes. Until then both rows are there and say the same, so that no right is ever missing. When a
 * process breaks off in between, the same call later completes it. Throws EntityAlreadyExists, ConcurrentModification,
 * EntityTemporarilyUnmodifiable.
 */
export async function renameEntity<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  allowed: T,
  renaming: Renaming<T>,
): Promise<void> {
  const { store } = call
  const name = kind.nameOf(renaming.rename(allowed))
  const target = kind.key(call.account, name)
  refuseTaken(kind, allowed, await store.get(target))
  await untilUncontested(async () => {
    // In this order: what is written under the new name is never older than what stands there.
    const existing = await store.get(target)
    const source = await claim(call, kind, allowed, name, existing)
    await releaseIfTaken(call, kind, source, existing)
    const renamed = renaming.rename(kind.parse(source))
    await renaming.prepare?.(renamed)
    await store.put(
      { ...kind.toItem(renamed), [RENAMED_FROM]: kind.nameOf(allowed), revision: randomUUID() },
      { condition: existing ? unchanged(existing, kind) : { exists: false } },
    )
    await moveUses(call, kind, renamed, noteStillAttached)
    await renaming.follow(renamed)
    await store.remove(keyOf(source), { condition: unchanged(source, kind) })
  })
  await settleOwn(call, kind, allowed, await store.get(target))
  await moveUses(call, kind, allowed, noteDetached)
}

/**
 * The entity's row, which now says what name it gets. When it is gone, or gets another name, a row that this renaming has
 * written under the new one is put in order.
 */
async function claim<T>(
  call: IamCall,
  kind: EntityKind<T>,
  allowed: T,
  name: string,
  existing: Item | undefined,
): Promise<Item> {
  const { store, account } = call
  const item = await store.get(kind.key(account, kind.nameOf(allowed)))
  if (!item || idOf(item, kind.id) !== idOf(kind.toItem(allowed), kind.id)) {
    await settleOwn(call, kind, allowed, existing)
    throw concurrentModification()
  }
  if (isRenamedTo(item, name)) return item
  if (isRenamedTo(item)) await settleOwn(call, kind, allowed, existing)
  if (!(await isSettled(store, kind.id, item))) throw new ConditionFailed(item)
  const set = { [RENAMED_TO]: name, revision: randomUUID() }
  return store.update(keyOf(item), { set }, { condition: unchanged(item, kind) })
}

/** Another entity has got the new name meanwhile: the claim to it is given up. */
async function releaseIfTaken<T>(
  { store }: IamCall,
  kind: EntityKind<T>,
  source: Item,
  existing: Item | undefined,
): Promise<void> {
  try {
    refuseTaken(kind, kind.parse(source), existing)
  } catch (error) {
    const changes = { set: { revision: randomUUID() }, remove: [RENAMED_TO] }
    await store.update(keyOf(source), changes, { condition: unchanged(source, kind) })
    throw error
  }
}

function refuseTaken<T>(kind: EntityKind<T>, renamed: T, existing: Item | undefined): void {
  if (!existing || idOf(existing, kind.id) === idOf(kind.toItem(renamed), kind.id)) return
  throw alreadyExists(kind.noun === 'group' ? 'Group' : 'User', kind.nameOf(kind.parse(existing)))
}

/** Ends the renaming on the row under the new name. Who has changed that row at this moment does it, or the next who will. */
async function settleOwn<T>({ store }: IamCall, kind: EntityKind<T>, allowed: T, row: Item | undefined): Promise<void> {
  if (!row || row[RENAMED_FROM] !== kind.nameOf(allowed)) return
  if (idOf(row, kind.id) !== idOf(kind.toItem(allowed), kind.id)) return
  try {
    await isSettled(store, kind.id, row)
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
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
