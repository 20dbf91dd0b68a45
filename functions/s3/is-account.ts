import { accountKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'

/** Whether the deployment has the account. */
export const isAccount = async (store: Store, account: string): Promise<boolean> =>
  (await store.get(accountKey(account))) !== undefined
