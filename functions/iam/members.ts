import { groupMemberItem, parseGroupMember } from '@daypass/core/store/entities/group-member.ts'
import { parseUser, type User } from '@daypass/core/store/entities/user.ts'
import { groupMemberKey, groupMemberPartition, userKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed, type Item } from '@daypass/core/store/port.ts'
import type { IamCall } from './call.ts'
import { changeItem } from './change-item.ts'
import { USER } from './user-kind.ts'

/** Whether a user's row names the group: that row alone decides. Names are told apart without regard to case. */
export const isIn = ({ groups }: User, groupName: string): boolean =>
  groups.some((name) => name.toLowerCase() === groupName.toLowerCase())

/** Names a user among the members of a group: before its own row does, and again after it. */
export const nameMember = ({ store, account }: IamCall, groupName: string, userName: string): Promise<void> =>
  store.put(groupMemberItem({ account, groupName, userName }))

/** Takes a user out of a group: first in its own row, which decides, then among the members. */
export async function leaveGroup(call: IamCall, user: User, groupName: string): Promise<void> {
  const row = await findMember(call, groupName, user.userName)
  await changeItem(call.store, USER, user, (now) => ({
    ...now,
    groups: now.groups.filter((name) => name.toLowerCase() !== groupName.toLowerCase()),
  }))
  await dropMember(call, row)
}

export const findMember = ({ store, account }: IamCall, groupName: string, userName: string) =>
  store.get(groupMemberKey(account, groupName, userName))

/** Removes a member row as it was read before; one that was written since stands for a user who came back. */
export async function dropMember({ store }: IamCall, row: Item | undefined): Promise<void> {
  if (!row) return
  const { pk, sk, mark } = row
  try {
    await store.remove({ pk, sk }, { condition: { exists: true, equals: { mark: String(mark) } } })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
  }
}

/** The users that member rows stand for, in their order; `undefined` for those who are no members any more. */
export async function resolveMembers(
  { store, account }: IamCall,
  groupName: string,
  items: readonly Item[],
): Promise<readonly (User | undefined)[]> {
  if (items.length === 0) return []
  const rows = await store.getMany(items.map((item) => userKey(account, parseGroupMember(item).userName)))
  return rows.map((row) => {
    const user = row && parseUser(row)
    return user && isIn(user, groupName) ? user : undefined
  })
}

export async function hasMembers(call: IamCall, groupName: string): Promise<boolean> {
  for await (const items of memberRows(call, groupName)) {
    if ((await resolveMembers(call, groupName, items)).some((user) => user)) return true
  }
  return false
}

/** Removes the rows of a group that is gone: of users who had left it while the process broke off. */
export async function dropFormerMembers(call: IamCall, groupName: string): Promise<void> {
  for await (const items of memberRows(call, groupName)) {
    for (const row of items) await dropMember(call, row)
  }
}

/** All member rows of a group, as many at once as one `getMany` takes. */
export async function* memberRows({ store, account }: IamCall, groupName: string): AsyncGenerator<readonly Item[]> {
  const partition = groupMemberPartition(account, groupName)
  let after: string | undefined
  do {
    const { items, next } = await store.query(partition, { limit: 100, ...(after === undefined ? {} : { after }) })
    yield items
    after = next
  } while (after !== undefined)
}
