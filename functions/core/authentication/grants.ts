import { parseGroup } from '../store/entities/group.ts'
import type { Role } from '../store/entities/role.ts'
import type { User } from '../store/entities/user.ts'
import { groupKey } from '../store/keys.ts'
import type { CallerPolicies, PolicyText } from './caller.ts'
import { managedPolicyKeys, managedPolicyTexts } from './policy-texts.ts'
import type { Rows } from './rows.ts'

/** Where a caller's rights come from, as its own row and its session tell. */
export interface Grants {
  readonly account: string
  /** `user/alice`, `role/S3Access`: how explanations name the inline policies. */
  readonly owner: string
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicies: readonly string[]
  readonly groups: readonly string[]
  readonly boundary?: string
  readonly session?: { readonly policy?: string; readonly policyArns: readonly string[] }
}

export const userGrants = (user: User): Grants => ({
  ...attachedTo(user),
  owner: `user/${user.userName}`,
  groups: user.groups,
})

export const roleGrants = (role: Role): Grants => ({ ...attachedTo(role), owner: `role/${role.roleName}`, groups: [] })

const attachedTo = ({ account, inlinePolicies, attachedPolicies, boundary }: User | Role) => ({
  account,
  inlinePolicies,
  attachedPolicies,
  ...(boundary !== undefined && { boundary }),
})

/** Reads every policy that limits a caller, as it stands now: one round trip for its groups if it has any, one for managed policies. */
export async function readCallerPolicies(rows: Rows, grants: Grants): Promise<CallerPolicies> {
  const groupKeys = grants.groups.map((name) => groupKey(grants.account, name))
  if (groupKeys.length > 0) await rows.load(groupKeys)
  const groups = groupKeys
    .map((key) => rows.get(key))
    .filter((item) => item !== undefined)
    .map(parseGroup)
  const attached = [...grants.attachedPolicies, ...groups.flatMap((group) => group.attachedPolicies)]
  const arns = [...attached, ...limitsOf(grants)]
  const keys = managedPolicyKeys(arns)
  if (keys.length > 0) await rows.load(keys)
  const managed = managedPolicyTexts(
    arns,
    keys.map((key) => rows.get(key)),
  )
  const identity = [
    ...inlineTexts(grants.owner, grants.inlinePolicies),
    ...groups.flatMap((group) => inlineTexts(`group/${group.groupName}`, group.inlinePolicies)),
    ...found(managed, attached),
  ]
  return {
    identity,
    ...(grants.boundary === undefined ? {} : { boundary: managed.get(grants.boundary) ?? nothing(grants.boundary) }),
    ...(grants.session ? { session: sessionTexts(grants.session, managed) } : {}),
  }
}

const limitsOf = ({ session, boundary }: Grants): readonly string[] => [
  ...(session?.policyArns ?? []),
  ...(boundary === undefined ? [] : [boundary]),
]

function sessionTexts(session: NonNullable<Grants['session']>, managed: ReadonlyMap<string, PolicyText>): PolicyText[] {
  const inline = session.policy === undefined ? [] : [{ name: 'session policy', document: session.policy }]
  return [...inline, ...found(managed, session.policyArns)]
}

const inlineTexts = (owner: string, documents: Readonly<Record<string, string>>): PolicyText[] =>
  Object.entries(documents).map(([name, document]) => ({ name: `${owner}/${name}`, document }))

const found = (texts: ReadonlyMap<string, PolicyText>, arns: readonly string[]): PolicyText[] =>
  arns.map((arn) => texts.get(arn)).filter((text) => text !== undefined)

/** A boundary whose policy is gone still bounds: nothing is allowed. */
const nothing = (name: string): PolicyText => ({
  name,
  document: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
})
