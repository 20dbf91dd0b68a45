import { rootArn } from '../arn.ts'
import { dialectOf } from '../store/entities/account.ts'
import type { Tag } from '../store/entities/fields.ts'
import type { User } from '../store/entities/user.ts'
import type { Caller } from './caller.ts'

type Who = Pick<Caller, 'account' | 'arn' | 'userId' | 'principal' | 'user'>
type ContextKeys = ReadonlyMap<string, readonly string[]>

/** A user, by its long-term key or by a session that keeps its ARN. */
export function userPrincipal({ account, arn, userId, userName, groups }: User): Who {
  const principal = { type: 'AWS', account, arn, userId, root: false } as const
  return { account, arn, userId, principal, user: { userName, userId, groups } }
}

export function rootPrincipal(account: string): Who {
  const arn = rootArn(account)
  return { account, arn, userId: account, principal: { type: 'AWS', account, arn, userId: account, root: true } }
}

/**
 * Condition keys of a user (IAM User Guide, "AWS global condition context keys", properties of the principal). A session
 * tag hides the user's tag of the same name, without regard to case.
 */
export function userContextKeys(user: User, sessionTags: readonly Tag[] = []): ContextKeys {
  return new Map<string, readonly string[]>([
    ['aws:PrincipalArn', [user.arn]],
    ['aws:PrincipalAccount', [user.account]],
    ['aws:PrincipalType', ['User']],
    ['aws:userid', [user.userId]],
    ['aws:username', [user.userName]],
    ...cephContextKeys(user.account),
    ...principalTags(user.tags, sessionTags),
  ])
}

/** Ceph's key for "by a session", which sessions set to true. */
const cephContextKeys = (account: string): ContextKeys =>
  new Map(dialectOf(account) === 'ceph' ? [['sts:authentication', ['false']]] : [])

export function rootContextKeys(account: string): ContextKeys {
  return new Map([
    ['aws:PrincipalArn', [rootArn(account)]],
    ['aws:PrincipalAccount', [account]],
    ['aws:PrincipalType', ['Account']],
    ['aws:userid', [account]],
  ])
}

/** `aws:PrincipalTag/…`: the entity's tags under those of the session. */
export function principalTags(entityTags: readonly Tag[], sessionTags: readonly Tag[]): ContextKeys {
  const keys = new Map<string, readonly string[]>()
  const hidden = new Set(sessionTags.map(({ key }) => key.toLowerCase()))
  for (const { key, values } of entityTags) {
    if (!hidden.has(key.toLowerCase())) keys.set(`aws:PrincipalTag/${key}`, values)
  }
  for (const { key, values } of sessionTags) {
    keys.set(`aws:PrincipalTag/${key}`, [...(keys.get(`aws:PrincipalTag/${key}`) ?? []), ...values])
  }
  return keys
}
