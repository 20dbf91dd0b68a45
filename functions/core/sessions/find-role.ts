import type { Rows } from '../authentication/rows.ts'
import { parseRole, type Role } from '../store/entities/role.ts'
import { roleKey } from '../store/keys.ts'
import type { NamedRole } from './named-role.ts'

/** The role that was named, if its row is there. The key has no path and folds case: only the exact ARN names the role. */
export function findRole({ account, roleName, roleArn }: NamedRole, rows: Rows): Role | undefined {
  const item = rows.get(roleKey(account, roleName))
  const role = item && parseRole(item)
  return role?.arn === roleArn ? role : undefined
}
