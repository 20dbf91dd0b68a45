import { StsError } from '@daypass/core/errors.ts'
import type { IamCall } from './call.ts'
import { changeItem } from './change-item.ts'
import { boundaryKey, joinKeys, policyArnKey } from './context-keys.ts'
import { allowedEntity, type EntityKind } from './entity-kind.ts'
import { limitExceeded } from './errors.ts'
import type { PolicyHolder } from './inline-policies.ts'
import { type PageInput, pageOfList } from './pages.ts'
import { type Attachment, noteAttached, noteDetached } from './policy-attachments.ts'

/** AWS's default quotas: 10 managed policies for each user, group and role. */
const MOST_ATTACHED = 10
const QUOTA_NAMES = { user: 'PoliciesPerUser', group: 'PoliciesPerGroup', role: 'PoliciesPerRole' } as const

/** AttachUserPolicy, AttachGroupPolicy, AttachRolePolicy. Attaching again what is attached changes nothing. */
export async function attachPolicy<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  { name, arn }: { name: string; arn: string },
): Promise<void> {
  const entity = await allowedEntity(call, kind, name, action, (found) =>
    joinKeys(policyArnKey(arn), boundaryKey(found?.boundary)),
  )
  await noteAttached(call, attachmentOf(kind, entity, arn), () =>
    changeItem(call.store, kind, entity, (now) => {
      if (now.attachedPolicies.includes(arn)) return now
      if (now.attachedPolicies.length >= MOST_ATTACHED) throw limitExceeded(QUOTA_NAMES[kind.noun], MOST_ATTACHED)
      return { ...now, attachedPolicies: [...now.attachedPolicies, arn] }
    }),
  )
}

/** DetachUserPolicy, DetachGroupPolicy, DetachRolePolicy. */
export async function detachPolicy<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  { name, arn }: { name: string; arn: string },
): Promise<void> {
  const entity = await allowedEntity(call, kind, name, action, (found) =>
    joinKeys(policyArnKey(arn), boundaryKey(found?.boundary)),
  )
  await noteDetached(call, attachmentOf(kind, entity, arn), () =>
    changeItem(call.store, kind, entity, (now) => {
      if (now.attachedPolicies.includes(arn)) return without(now, arn)
      throw new StsError('NoSuchEntity', `Policy ${arn} was not found.`)
    }),
  )
}

/** ListAttachedUserPolicies, ListAttachedGroupPolicies, ListAttachedRolePolicies. */
export async function listAttachedPolicies<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  name: string,
  input: PageInput & { readonly PathPrefix?: string | undefined },
) {
  const { attachedPolicies } = await allowedEntity(call, kind, name, action)
  const { PathPrefix: prefix = '/' } = input
  const within = attachedPolicies.filter((arn) => pathOf(arn).startsWith(prefix))
  const { entities, ...rest } = pageOfList(within, input)
  return { AttachedPolicies: entities.map((arn) => ({ PolicyName: nameOf(arn), PolicyArn: arn })), ...rest }
}

/** How the index of policy uses names an entity that has a policy attached. */
const attachmentOf = <T>(kind: EntityKind<T>, entity: T, policyArn: string): Attachment => ({
  policyArn,
  usage: 'policy',
  kind: kind.noun,
  name: kind.nameOf(entity),
})

const without = <T extends PolicyHolder>(entity: T, arn: string): T => ({
  ...entity,
  attachedPolicies: entity.attachedPolicies.filter((attached) => attached !== arn),
})

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1)
/** `arn:aws:iam::1:policy/team/a` has the path `/team/`. */
const pathOf = (arn: string) => arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1)
