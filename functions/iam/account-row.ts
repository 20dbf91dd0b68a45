import { type Account, accountItem, parseAccount } from '@daypass/core/store/entities/account.ts'
import { accountKey } from '@daypass/core/store/keys.ts'
import type { IamCall } from './call.ts'
import { changeItem } from './change-item.ts'
import type { RowKind } from './row-kind.ts'

const ACCOUNT: RowKind<Account> = { id: 'account', parse: parseAccount, toItem: accountItem }

/** The caller's account as the table has it. */
export async function readAccount({ store, account }: IamCall): Promise<Account> {
  const item = await store.get(accountKey(account))
  return item ? parseAccount(item) : { account, createdAt: 0 }
}

export const changeAccount = (call: IamCall, change: (account: Account) => Account): Promise<Account> =>
  changeItem(call.store, ACCOUNT, { account: call.account, createdAt: 0 }, change)
