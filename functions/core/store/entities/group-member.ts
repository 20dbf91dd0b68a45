import { randomUUID } from 'node:crypto'
import { groupMemberKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields } from './fields.ts'

/**
 * That a user may be in a group. The user's own row says whether it is: this row is written before the user's and removed
 * after it, so that no member is ever missing here.
 */
export interface GroupMember {
  readonly account: string
  readonly groupName: string
  readonly userName: string
}

/** The mark makes each row another, so that none is removed for what was known of an older one. */
export function groupMemberItem(member: GroupMember): Item {
  return { ...groupMemberKey(member.account, member.groupName, member.userName), ...member, mark: randomUUID() }
}

export function parseGroupMember(item: Item): GroupMember {
  const fields = new Fields(item)
  return { account: fields.text('account'), groupName: fields.text('groupName'), userName: fields.text('userName') }
}
