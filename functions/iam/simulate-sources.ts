import type { PolicyIdentifier } from '@aws-sdk/client-iam'
import { parseArn } from '@daypass/core/arn.ts'
import { managedPolicyKeys, managedPolicyTexts } from '@daypass/core/authentication/policy-texts.ts'
import { StsError } from '@daypass/core/errors.ts'
import { parseGroup } from '@daypass/core/store/entities/group.ts'
import { groupKey } from '@daypass/core/store/keys.ts'
import type { IamCall } from './call.ts'
import { findEntity } from './entity-kind.ts'
import { GROUP } from './group-kind.ts'
import type { PolicyHolder } from './inline-policies.ts'
import { ROLE } from './role-kind.ts'
import { getAll } from './rows.ts'
import { USER } from './user-kind.ts'

/** A policy of a simulation, and how its answer speaks of it. */
export interface SimulatedPolicy {
  readonly id: string
  readonly document: string
  /** Of a managed policy. */
  readonly arn?: string
  /** Of an inline policy: what AWS identifies it by. */
  readonly inline?: { readonly type: string; readonly entity: string; readonly name: string }
}

/** Who is simulated: the entity's own row, and as what a policy would see it. */
export interface SimulatedEntity extends PolicyHolder {
  readonly kind: 'user' | 'group' | 'role'
  readonly name: string
  readonly arn: string
  /** `AIDA…`, `AROA…`, `AGPA…` */
  readonly id: string
  readonly groups: readonly string[]
  readonly tags: readonly { readonly key: string; readonly values: readonly string[] }[]
}

/** The user, group or role of the caller's account that an ARN names. Throws InvalidInput for any other ARN. */
export async function findSimulated(call: IamCall, arn: string): Promise<SimulatedEntity | undefined> {
  const [, kind, name = ''] =
    /^(user|group|role)\/(?:.*\/)?([\w+=,.@-]{1,128})$/.exec(parseArn(arn)?.resource ?? '') ?? []
  if (!kind || parseArn(arn)?.service !== 'iam') {
    throw new StsError('InvalidInput', `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
  }
  const entity = await readEntity(call, kind, name)
  // Another account's ARN, or another path, names nobody here.
  return entity?.arn === arn ? entity : undefined
}

async function readEntity(call: IamCall, kind: string, name: string): Promise<SimulatedEntity | undefined> {
  if (kind === 'user') {
    const user = await findEntity(call, USER, name)
    return user && { ...user, kind: 'user', name: user.userName, id: user.userId }
  }
  if (kind === 'role') {
    const role = await findEntity(call, ROLE, name)
    return role && { ...role, kind: 'role', name: role.roleName, id: role.roleId, groups: [] }
  }
  const group = await findEntity(call, GROUP, name)
  return group && { ...group, kind: 'group', name: group.groupName, id: group.groupId, groups: [], tags: [] }
}

/** Every policy of an entity, those of a user's groups included, and its boundary. */
export async function policiesOf(
  call: IamCall,
  entity: SimulatedEntity,
): Promise<{ readonly identity: readonly SimulatedPolicy[]; readonly boundary?: SimulatedPolicy }> {
  const { store, account } = call
  const rows = await getAll(
    store,
    entity.groups.map((name) => groupKey(account, name)),
  )
  const groups = rows.flatMap((row) => (row ? [parseGroup(row)] : []))
  const arns = [...entity.attachedPolicies, ...groups.flatMap(({ attachedPolicies }) => attachedPolicies)]
  const all = entity.boundary === undefined ? arns : [...arns, entity.boundary]
  const texts = managedPolicyTexts(all, await getAll(store, managedPolicyKeys(all)))
  const managed = (arn: string): SimulatedPolicy[] => {
    const text = texts.get(arn)
    return text ? [{ id: arn.slice(arn.lastIndexOf('/') + 1), arn, document: text.document }] : []
  }
  const inline = [
    ...inlineOf(entity.kind, entity.name, entity),
    ...groups.flatMap((group) => inlineOf('group', group.groupName, group)),
  ]
  const { boundary } = entity
  return {
    identity: [...inline, ...[...new Set(arns)].flatMap(managed)],
    ...(boundary === undefined
      ? {}
      : { boundary: managed(boundary)[0] ?? { id: boundary, arn: boundary, document: NOTHING } }),
  }
}

const inlineOf = (type: string, entity: string, { inlinePolicies }: PolicyHolder): SimulatedPolicy[] =>
  Object.entries(inlinePolicies).map(([name, document]) => ({
    id: `${type}_${entity}_${name}`,
    document,
    inline: { type, entity, name },
  }))

/** A boundary whose policy is gone allows nothing. */
const NOTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'

/** Whether a simulation is told to leave a policy out. */
export const isExcluded = (policy: SimulatedPolicy, exclusions: readonly PolicyIdentifier[]): boolean =>
  exclusions.some(({ PolicyArn: arn, InlinePolicyIdentifier: named }) => {
    if (arn !== undefined) return policy.arn === arn
    const { inline } = policy
    if (!named || !inline) return false
    const sameEntity = inline.type === named.AttachmentType && inline.entity === named.AttachmentName
    return sameEntity && inline.name === named.PolicyName
  })

/** Policies that come with the request, named as AWS names them. */
export const inputPolicies = (documents: readonly string[] = []): SimulatedPolicy[] =>
  documents.map((document, index) => ({ id: `PolicyInputList.${index + 1}`, document }))
