import { groupArn } from '@daypass/core/arn.ts'
import { type Group, groupItem, parseGroup } from '@daypass/core/store/entities/group.ts'
import { groupKey } from '@daypass/core/store/keys.ts'
import type { EntityKind } from './entity-kind.ts'

/** Groups have no tags. */
export const GROUP: EntityKind<Group> = {
  noun: 'group',
  id: 'groupId',
  key: groupKey,
  arn: groupArn,
  parse: parseGroup,
  toItem: groupItem,
  nameOf: ({ groupName }) => groupName,
  arnOf: ({ arn }) => arn,
  keysOf: () => new Map(),
}
