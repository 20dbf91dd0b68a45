import { openSecret } from '../credentials/sealed-secret.ts'
import { type AccessKey, parseAccessKey } from '../store/entities/access-key.ts'
import { parseAccount, rootAccessKeyIds } from '../store/entities/account.ts'
import { parseUser } from '../store/entities/user.ts'
import { accessKeyKey, accountKey, userKey } from '../store/keys.ts'
import type { Key } from '../store/port.ts'
import type { Caller } from './caller.ts'
import type { ClaimedCredentials, CredentialDeps } from './credentials.ts'
import { readCallerPolicies, userGrants } from './grants.ts'
import { once } from './once.ts'
import { rootContextKeys, rootPrincipal, userContextKeys, userPrincipal } from './principals.ts'
import { CredentialRefusal } from './refusal.ts'
import { Rows } from './rows.ts'

/** AWS: accessKeyIdType. */
const LONGEST_ID = 128

/** Finds a long-term key and its owner: two round trips. Throws CredentialRefusal. */
export async function findLongTermKey(
  deps: CredentialDeps,
  claimedAccessKeyId: string,
  alongside: readonly Key[] = [],
): Promise<ClaimedCredentials> {
  if (claimedAccessKeyId.length > LONGEST_ID) throw new CredentialRefusal('unknown-key', 'no access key has such an id')
  const item = await deps.store.get(accessKeyKey(claimedAccessKeyId))
  if (!item) throw new CredentialRefusal('unknown-key', 'no such access key')
  const key = parseAccessKey(item)
  if (key.accessKeyId !== claimedAccessKeyId) throw new CredentialRefusal('unknown-key', 'the record is of another key')
  if (key.status !== 'Active') throw new CredentialRefusal('inactive-key', 'the access key is inactive')
  const rows = new Rows(deps.store)
  const owner = key.userName === undefined ? accountKey(key.account) : userKey(key.account, key.userName)
  await rows.load([owner, ...alongside])
  const claimedCaller = key.userName === undefined ? rootCaller(rows, key) : userCaller(rows, key, key.userName)
  const secretAccessKey = await openSecret(deps.longTermRing, 'long-term-secret', key.accessKeyId, key.sealedSecret)
  if (secretAccessKey === undefined) throw new CredentialRefusal('unknown-key', 'no ring key opens the stored secret')
  return { secretAccessKey, claimedCaller, rows }
}

function rootCaller(rows: Rows, key: AccessKey): Caller {
  const item = rows.get(accountKey(key.account))
  const account = item && parseAccount(item)
  if (!account || !rootAccessKeyIds(account).includes(key.accessKeyId)) {
    throw new CredentialRefusal('unknown-key', 'the account has another root key')
  }
  return {
    ...rootPrincipal(key.account),
    accessKeyId: key.accessKeyId,
    contextKeys: () => rootContextKeys(key.account),
    policies: async () => ({ identity: [] }),
  }
}

function userCaller(rows: Rows, key: AccessKey, userName: string): Caller {
  const item = rows.get(userKey(key.account, userName))
  const user = item && parseUser(item)
  if (!user?.accessKeyIds.includes(key.accessKeyId)) {
    throw new CredentialRefusal('unknown-key', 'the user is gone or has given the key up')
  }
  return {
    ...userPrincipal(user),
    accessKeyId: key.accessKeyId,
    contextKeys: once(() => userContextKeys(user)),
    policies: once(() => readCallerPolicies(rows, userGrants(user))),
  }
}
