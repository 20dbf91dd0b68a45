import { KIND } from '@daypass/core/store/keys.ts'
import type { IamCall } from './call.ts'
import { limitExceeded } from './errors.ts'

/** AWS's default quotas of an account (IAM User Guide, "IAM and AWS STS quotas"). */
export const ACCOUNT_QUOTAS = {
  [KIND.user]: { name: 'UsersPerAccount', most: 5000 },
  [KIND.group]: { name: 'GroupsPerAccount', most: 300 },
  [KIND.role]: { name: 'RolesPerAccount', most: 1000 },
  [KIND.policy]: { name: 'PoliciesPerAccount', most: 1500 },
} as const

const LARGEST_PAGE = 1000

/**
 * Throws LimitExceeded when the account has as many entities of the kind as AWS lets it have. Two calls at once may both
 * find the last place: the quota protects an account from a loop, not from one entity too many. Ceph-style accounts have
 * no such quotas.
 */
export async function requireRoom(
  { store, account, dialect }: Pick<IamCall, 'store' | 'account' | 'dialect'>,
  kind: keyof typeof ACCOUNT_QUOTAS,
): Promise<void> {
  if (dialect !== 'aws') return
  const { name, most } = ACCOUNT_QUOTAS[kind]
  let count = 0
  let after: string | undefined
  do {
    const page = await store.query(`${kind}#${account}`, {
      limit: Math.min(LARGEST_PAGE, most - count),
      ...(after === undefined ? {} : { after }),
    })
    count += page.items.length
    after = page.next
    if (count >= most) throw limitExceeded(name, most)
  } while (after !== undefined)
}
