import { userArn } from '@daypass/core/arn.ts'
import { parseUser, type User, userItem } from '@daypass/core/store/entities/user.ts'
import { userKey } from '@daypass/core/store/keys.ts'
import type { EntityKind } from './entity-kind.ts'
import { resourceTagKeys } from './tags.ts'

export const USER: EntityKind<User> = {
  noun: 'user',
  id: 'userId',
  key: userKey,
  arn: userArn,
  parse: parseUser,
  toItem: userItem,
  nameOf: ({ userName }) => userName,
  arnOf: ({ arn }) => arn,
  keysOf: ({ tags }) => resourceTagKeys(tags),
}
