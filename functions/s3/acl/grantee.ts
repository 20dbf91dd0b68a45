import { S3Error } from '../errors.ts'
import { accountOf } from '../owner.ts'
import { GROUPS, type Grantee, type Group } from './acl.ts'

/** A grantee as a request names it; whether there is such an account is not proved. */
export type GranteeKind = 'id' | 'uri' | 'emailAddress'

/**
 * @throws S3Error InvalidArgument for what names nobody, UnresolvableGrantByEmailAddress: accounts have no addresses, and AWS
 * resolves none since October 2025
 */
export function parseGrantee(kind: GranteeKind, value: string): Grantee {
  if (kind === 'emailAddress') throw new S3Error('UnresolvableGrantByEmailAddress')
  if (kind === 'id') return { id: value }
  const group = Object.entries(GROUPS).find(([, uri]) => uri === value)?.[0]
  if (group === undefined) {
    throw new S3Error('InvalidArgument', {
      message: 'Invalid group uri',
      elements: { ArgumentName: 'Group/URI', ArgumentValue: value },
    })
  }
  return { group: group as Group }
}

/**
 * Requires that every account that is named exists. The known ones (canonical user ids) are not asked for.
 * @throws S3Error InvalidArgument
 */
export async function requireGrantees(
  ids: readonly string[],
  known: readonly string[],
  isAccount: (account: string) => Promise<boolean>,
): Promise<void> {
  for (const id of new Set(ids)) {
    if (known.includes(id)) continue
    const account = accountOf(id)
    if (account !== undefined && (await isAccount(account))) continue
    throw new S3Error('InvalidArgument', {
      message: 'Invalid id',
      elements: { ArgumentName: 'CanonicalUser/ID', ArgumentValue: id },
    })
  }
}
