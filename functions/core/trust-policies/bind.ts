import { parseArn } from '../arn.ts'
import { namedAwsPrincipals, renamePrincipals } from '../policy/rename-principals.ts'
import { isAccountId } from '../store/entities/account.ts'
import { parseRole } from '../store/entities/role.ts'
import { parseUser } from '../store/entities/user.ts'
import { accountKey, roleKey, userKey } from '../store/keys.ts'
import type { Item, Key, Store } from '../store/port.ts'

/** As many keys as one `getMany` takes. */
const BATCH = 100
/** What names an entity for good needs no tying. */
const UNIQUE_ID = /^A(?:IDA|ROA)[A-Z0-9]{12,}$/

/**
 * Ties a trust policy to the users and roles that it names by ARN, of any account: in the text that decides, their unique
 * ids stand in place of the ARNs, so that a namesake made later inherits nothing, and who gets another name loses nothing
 * (AWS: JSON policy elements, Principal). Who does not exist yet stays an ARN, where AWS refuses the policy. Empty when there
 * is nothing to tie. The text must have been found valid.
 */
export async function boundTrust(store: Store, text: string): Promise<{ readonly boundTrustPolicy?: string }> {
  const { bound } = await bindPrincipals(store, text)
  return bound === undefined ? {} : { boundTrustPolicy: bound }
}

/** A policy tied to the principals that it names. */
export interface BoundPolicy {
  /** The text that decides; absent when there is nothing to tie. */
  readonly bound?: string
  /** Users, roles and accounts that the text names by ARN or id and that do not exist. */
  readonly unknown: readonly string[]
}

/** As `boundTrust`, for any policy with principals; tells also whom it names in vain. The text must have been found valid. */
export async function bindPrincipals(store: Store, text: string): Promise<BoundPolicy> {
  const named = [...namedAwsPrincipals(text)].flatMap((name) => {
    const row = rowOf(name)
    return row ? [{ name, ...row }] : []
  })
  const ids = new Map<string, string>()
  const unknown: string[] = []
  for (let at = 0; at < named.length; at += BATCH) {
    const batch = named.slice(at, at + BATCH)
    const rows = await store.getMany(batch.map(({ key }) => key))
    for (const [index, { name, read }] of batch.entries()) {
      const item = rows[index]
      const found = item && read(item)
      // The key leaves out the path and folds case: only the exact ARN names the entity.
      if (!found || found.arn !== name) unknown.push(name)
      else if (found.id !== undefined) ids.set(name, found.id)
    }
  }
  const bound = ids.size === 0 ? undefined : renamePrincipals(text, (name) => ids.get(name) ?? name)
  return { unknown, ...(bound !== undefined && { bound }) }
}

interface Named {
  readonly key: Key
  /** What the entity in a row is called, and what it is known by for good. */
  readonly read: (item: Item) => { readonly arn: string; readonly id?: string }
}

function rowOf(name: string): Named | undefined {
  const { service, account = '', resource = '' } = parseArn(name) ?? {}
  if (service === undefined && isAccountId(name) && !UNIQUE_ID.test(name))
    return { key: accountKey(name), read: () => ({ arn: name }) }
  if (service !== 'iam') return undefined
  if (resource === 'root') return { key: accountKey(account), read: () => ({ arn: name }) }
  const [, kind, entity] = /^(user|role)\/(?:.*\/)?([\w+=,.@-]{1,128})$/.exec(resource) ?? []
  if (entity === undefined) return undefined
  return kind === 'user'
    ? { key: userKey(account, entity), read: (item) => ({ ...parseUser(item), id: parseUser(item).userId }) }
    : { key: roleKey(account, entity), read: (item) => ({ ...parseRole(item), id: parseRole(item).roleId }) }
}
