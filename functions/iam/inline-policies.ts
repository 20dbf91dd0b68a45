import { StsError } from '@daypass/core/errors.ts'
import type { IamCall } from './call.ts'
import { changeItem } from './change-item.ts'
import { boundaryKey } from './context-keys.ts'
import { allowedEntity, type EntityKind } from './entity-kind.ts'
import { type PageInput, pageOfList } from './pages.ts'
import { checkIdentityPolicy, documentSize, encodedDocument } from './policy-document.ts'

/** What a user, a group or a role holds of policies. Groups have no boundary. */
export interface PolicyHolder {
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicies: readonly string[]
  readonly boundary?: string
}

/** Characters of all inline policies of an entity together, without white space (IAM User Guide, "IAM and AWS STS quotas"). */
const INLINE_QUOTAS = { user: 2048, group: 5120, role: 10_240 } as const

/** White space is free, but the texts share one row of the table, and the caller's requests read it. */
const LONGEST_WITH_WHITE_SPACE = 131_072

/** PutUserPolicy, PutGroupPolicy, PutRolePolicy. Throws MalformedPolicyDocument and LimitExceeded beside what a name may. */
export async function putInlinePolicy<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  { name, policyName, document }: { name: string; policyName: string; document: string },
): Promise<void> {
  const entity = await allowedEntity(call, kind, name, action, (found) => boundaryKey(found?.boundary))
  checkIdentityPolicy(call, document)
  await changeItem(call.store, kind, entity, (now) => {
    const inlinePolicies = { ...now.inlinePolicies, [policyName]: document }
    const texts = Object.values(inlinePolicies).join('')
    const quota = INLINE_QUOTAS[kind.noun]
    if (documentSize(texts) > quota || texts.length > LONGEST_WITH_WHITE_SPACE) {
      const sentence = `Maximum policy size of ${quota} bytes exceeded for ${kind.noun} ${kind.nameOf(now)}`
      throw new StsError('LimitExceeded', sentence)
    }
    return { ...now, inlinePolicies }
  })
}

/** GetUserPolicy, GetGroupPolicy, GetRolePolicy: the entity's own name, and the document percent-encoded. */
export async function getInlinePolicy<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  { name, policyName }: { name: string; policyName: string },
): Promise<{ name: string; policyName: string; document: string }> {
  const entity = await allowedEntity(call, kind, name, action)
  const document = inlinePolicy(entity, policyName)
  if (document === undefined) throw noSuchPolicy(kind, policyName)
  return { name: kind.nameOf(entity), policyName, document: encodedDocument(document) }
}

/** DeleteUserPolicy, DeleteGroupPolicy, DeleteRolePolicy. */
export async function deleteInlinePolicy<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  { name, policyName }: { name: string; policyName: string },
): Promise<void> {
  const entity = await allowedEntity(call, kind, name, action, (found) => boundaryKey(found?.boundary))
  await changeItem(call.store, kind, entity, (now) => {
    if (inlinePolicy(now, policyName) === undefined) throw noSuchPolicy(kind, policyName)
    const { [policyName]: _deleted, ...inlinePolicies } = now.inlinePolicies
    return { ...now, inlinePolicies }
  })
}

/** ListUserPolicies, ListGroupPolicies, ListRolePolicies. */
export async function listInlinePolicies<T extends PolicyHolder>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  name: string,
  input: PageInput,
) {
  const entity = await allowedEntity(call, kind, name, action)
  const { entities, ...rest } = pageOfList(Object.keys(entity.inlinePolicies).sort(), input)
  return { PolicyNames: [...entities], ...rest }
}

const inlinePolicy = ({ inlinePolicies }: PolicyHolder, name: string) =>
  Object.hasOwn(inlinePolicies, name) ? inlinePolicies[name] : undefined

const noSuchPolicy = <T>({ noun }: EntityKind<T>, name: string) =>
  new StsError('NoSuchEntity', `The ${noun} policy with name ${name} cannot be found.`)
