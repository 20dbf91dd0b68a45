import { rootArn } from '../arn.ts'
import { openSecret } from '../credentials/sealed-secret.ts'
import { type AccessKey, parseAccessKey } from '../store/entities/access-key.ts'
import { parseAccount } from '../store/entities/account.ts'
import { parseUser, type User } from '../store/entities/user.ts'
import { accessKeyKey, accountKey, userKey } from '../store/keys.ts'
import type { Caller } from './caller.ts'
import type { ClaimedCredentials, CredentialDeps } from './credentials.ts'
import { readCallerPolicies } from './grants.ts'
import { once } from './once.ts'
import { CredentialRefusal } from './refusal.ts'

/** Finds a long-term key and its owner: two round trips. Throws CredentialRefusal. */
export async function findLongTermKey(deps: CredentialDeps, claimedAccessKeyId: string): Promise<ClaimedCredentials> {
  const item = await deps.store.get(accessKeyKey(claimedAccessKeyId))
  if (!item) throw new CredentialRefusal('unknown-key', 'no such access key')
  const key = parseAccessKey(item)
  if (key.accessKeyId !== claimedAccessKeyId) throw new CredentialRefusal('unknown-key', 'the record is of another key')
  if (key.status !== 'Active') throw new CredentialRefusal('inactive-key', 'the access key is inactive')
  const claimedCaller =
    key.userName === undefined ? await rootCaller(deps, key) : await userCaller(deps, key, key.userName)
  const secretAccessKey = await openSecret(deps.longTermRing, 'long-term-secret', key.accessKeyId, key.sealedSecret)
  if (secretAccessKey === undefined) throw new CredentialRefusal('unknown-key', 'no ring key opens the stored secret')
  return { secretAccessKey, claimedCaller }
}

async function rootCaller(deps: CredentialDeps, key: AccessKey): Promise<Caller> {
  const item = await deps.store.get(accountKey(key.account))
  const account = item && parseAccount(item)
  if (account?.rootAccessKeyId !== key.accessKeyId) {
    throw new CredentialRefusal('unknown-key', 'the account has another root key')
  }
  const arn = rootArn(key.account)
  return {
    account: key.account,
    arn,
    userId: key.account,
    accessKeyId: key.accessKeyId,
    principal: { type: 'AWS', account: key.account, arn, userId: key.account, root: true },
    contextKeys: new Map([
      ['aws:PrincipalArn', [arn]],
      ['aws:PrincipalAccount', [key.account]],
      ['aws:PrincipalType', ['Account']],
      ['aws:userid', [key.account]],
    ]),
    policies: async () => ({ identity: [] }),
  }
}

async function userCaller(deps: CredentialDeps, key: AccessKey, userName: string): Promise<Caller> {
  const item = await deps.store.get(userKey(key.account, userName))
  const user = item && parseUser(item)
  if (!user?.accessKeyIds.includes(key.accessKeyId)) {
    throw new CredentialRefusal('unknown-key', 'the user is gone or has given the key up')
  }
  return {
    account: user.account,
    arn: user.arn,
    userId: user.userId,
    accessKeyId: key.accessKeyId,
    principal: { type: 'AWS', account: user.account, arn: user.arn, userId: user.userId, root: false },
    contextKeys: userContextKeys(user),
    policies: once(() => readCallerPolicies(deps.store, { ...user, owner: `user/${user.userName}` })),
  }
}

/** Condition keys of a user (IAM User Guide, "AWS global condition context keys", properties of the principal). */
function userContextKeys(user: User): ReadonlyMap<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ['aws:PrincipalArn', [user.arn]],
    ['aws:PrincipalAccount', [user.account]],
    ['aws:PrincipalType', ['User']],
    ['aws:userid', [user.userId]],
    ['aws:username', [user.userName]],
    ...user.tags.map(({ key, values }) => [`aws:PrincipalTag/${key}`, values] as const),
  ])
}
