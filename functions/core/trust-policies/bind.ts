import { parseArn } from '../arn.ts'
import { namedAwsPrincipals, renamePrincipals } from '../policy/rename-principals.ts'
import { parseRole } from '../store/entities/role.ts'
import { parseUser } from '../store/entities/user.ts'
import { roleKey, userKey } from '../store/keys.ts'
import type { Item, Key, Store } from '../store/port.ts'

/** As many keys as one `getMany` takes. */
const BATCH = 100

/**
 * Ties a trust policy to the users and roles that it names by ARN, of any account: in the text that decides, their unique
 * ids stand in place of the ARNs, so that a namesake made later inherits nothing, and who gets another name loses nothing
 * (AWS: JSON policy elements, Principal). Who does not exist yet stays an ARN, where AWS refuses the policy. Empty when there
 * is nothing to tie. The text must have been found valid.
 */
export async function boundTrust(store: Store, text: string): Promise<{ readonly boundTrustPolicy?: string }> {
  const named = [...namedAwsPrincipals(text)].flatMap((arn) => {
    const row = rowOf(arn)
    return row ? [{ arn, ...row }] : []
  })
  const ids = new Map<string, string>()
  for (let at = 0; at < named.length; at += BATCH) {
    const batch = named.slice(at, at + BATCH)
    const rows = await store.getMany(batch.map(({ key }) => key))
    for (const [index, { arn, read }] of batch.entries()) {
      const item = rows[index]
      const found = item && read(item)
      // The key leaves out the path and folds case: only the exact ARN names the entity.
      if (found?.arn === arn) ids.set(arn, found.id)
    }
  }
  return ids.size === 0 ? {} : { boundTrustPolicy: renamePrincipals(text, (name) => ids.get(name) ?? name) }
}

interface Named {
  readonly key: Key
  /** What the entity in a row is called, and what it is known by for good. */
  readonly read: (item: Item) => { readonly arn: string; readonly id: string }
}

function rowOf(arn: string): Named | undefined {
  const { service, account = '', resource = '' } = parseArn(arn) ?? {}
  const [, kind, name] = /^(user|role)\/(?:.*\/)?([\w+=,.@-]{1,128})$/.exec(resource) ?? []
  if (service !== 'iam' || name === undefined) return undefined
  return kind === 'user'
    ? { key: userKey(account, name), read: (item) => ({ ...parseUser(item), id: parseUser(item).userId }) }
    : { key: roleKey(account, name), read: (item) => ({ ...parseRole(item), id: parseRole(item).roleId }) }
}
