import { roleArn } from '@daypass/core/arn.ts'
import { parseRole, type Role, roleItem } from '@daypass/core/store/entities/role.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import type { EntityKind } from './entity-kind.ts'
import { resourceTagKeys } from './tags.ts'

export const ROLE: EntityKind<Role> = {
  noun: 'role',
  id: 'roleId',
  key: roleKey,
  arn: roleArn,
  parse: parseRole,
  toItem: roleItem,
  nameOf: ({ roleName }) => roleName,
  arnOf: ({ arn }) => arn,
  keysOf: ({ tags }) => resourceTagKeys(tags),
}
