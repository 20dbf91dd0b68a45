import { rootArn } from '@daypass/core/arn.ts'
import { type Account, rootAccessKeyIds } from '@daypass/core/store/entities/account.ts'
import { changeAccount, readAccount } from './account-row.ts'
import type { IamCall } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedUser, speaksOfRoot, userNameOrOwn } from './named-user.ts'
import { USER } from './user-kind.ts'

/** Whose access keys a request is about: a user, or the account's root. */
export interface KeyOwner {
  /** Absent for root. */
  readonly userName?: string
  /** What AWS answers as `UserName`. */
  readonly shownName: string
  readonly accessKeyIds: readonly string[]
  /** Changes which keys are the owner's. */
  change(change: (accessKeyIds: readonly string[]) => readonly string[]): Promise<void>
}

/** The owner that a request names, or its caller, once the caller may do the action. Throws AccessDenied, NoSuchEntity. */
export async function allowedKeyOwner(call: IamCall, name: string | undefined, action: string): Promise<KeyOwner> {
  if (speaksOfRoot(call, name)) return allowedRoot(call, action)
  const user = await allowedUser(call, userNameOrOwn(call, name), action)
  return {
    userName: user.userName,
    shownName: user.userName,
    accessKeyIds: user.accessKeyIds,
    async change(change) {
      await changeItem(call.store, USER, user, (now) => ({ ...now, accessKeyIds: change(now.accessKeyIds) }))
    },
  }
}

/** A session of root may be limited, so root is asked too. */
async function allowedRoot(call: IamCall, action: string): Promise<KeyOwner> {
  await call.demand(action, rootArn(call.account))
  const account = await readAccount(call)
  return {
    shownName: account.alias ?? account.name ?? 'root',
    accessKeyIds: rootAccessKeyIds(account),
    async change(change) {
      await changeAccount(call, (now) => withRootKeys(now, change(rootAccessKeyIds(now))))
    },
  }
}

/** The key that stays takes the place of one that was deleted. */
function withRootKeys(account: Account, [first, second]: readonly string[]): Account {
  const { rootAccessKeyId: _first, secondRootAccessKeyId: _second, ...rest } = account
  return {
    ...rest,
    ...(first === undefined ? {} : { rootAccessKeyId: first }),
    ...(second === undefined ? {} : { secondRootAccessKeyId: second }),
  }
}
