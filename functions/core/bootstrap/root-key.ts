import { openSecret, sealSecret } from '../credentials/sealed-secret.ts'
import { accessKeyItem, parseAccessKey } from '../store/entities/access-key.ts'
import { accountItem, parseAccount } from '../store/entities/account.ts'
import { accessKeyKey, accountKey } from '../store/keys.ts'
import type { BootstrapDeps } from './apply.ts'
import { type BootstrapAccessKey, BootstrapError } from './document.ts'
import { replaceItem } from './replace.ts'

/** Makes the account when it is new, and gives it a name when one is told. */
export async function ensureAccount({ store, clock }: BootstrapDeps, account: string, name?: string): Promise<void> {
  const existing = await store.get(accountKey(account))
  if (existing && (name === undefined || parseAccount(existing).name === name)) return
  await replaceItem(store, accountKey(account), 'account', (item) => {
    const known = item ? parseAccount(item) : { account, createdAt: Math.floor(clock.now() / 1000) }
    return accountItem({ ...known, ...(name === undefined ? {} : { name }) })
  })
}

/** The account's root key as it is in force, or `undefined` when none was made yet. */
export async function findRootAccessKeyId({ store }: BootstrapDeps, account: string): Promise<string | undefined> {
  const item = await store.get(accountKey(account))
  return item && parseAccount(item).rootAccessKeyId
}

/** Puts a root key in force; the one before it ends. An access key id that is another's is refused. */
export async function applyRootKey(deps: BootstrapDeps, account: string, key: BootstrapAccessKey): Promise<void> {
  const { store, longTermRing } = deps
  const { AccessKeyId: accessKeyId, SecretAccessKey: secret } = key
  const former = await findRootAccessKeyId(deps, account)
  if (former !== accessKeyId || (await storedSecret(deps, accessKeyId)) !== secret) {
    await putAccessKey(deps, { account, accessKeyId, secret })
  }
  if (former === accessKeyId) return
  await store.update(accountKey(account), { set: { rootAccessKeyId: accessKeyId } }, { condition: { exists: true } })
  if (former !== undefined) await store.remove(accessKeyKey(former))

  async function storedSecret({ store }: BootstrapDeps, id: string): Promise<string | undefined> {
    const item = await store.get(accessKeyKey(id))
    return item && openSecret(longTermRing, 'long-term-secret', id, parseAccessKey(item).sealedSecret)
  }
}

/** Writes a long-term key with its secret sealed; refuses an id that belongs to someone else. */
export async function putAccessKey(
  { store, longTermRing, clock }: BootstrapDeps,
  {
    account,
    userName,
    accessKeyId,
    secret,
  }: { account: string; userName?: string; accessKeyId: string; secret: string },
): Promise<void> {
  const sealedSecret = await sealSecret(longTermRing, 'long-term-secret', accessKeyId, secret)
  await replaceItem(store, accessKeyKey(accessKeyId), 'account', (item) => {
    const existing = item && parseAccessKey(item)
    if (existing && (existing.account !== account || existing.userName !== userName)) {
      throw new BootstrapError(`access key ${accessKeyId}`, 'belongs to another user or account already')
    }
    return accessKeyItem({
      account,
      accessKeyId,
      sealedSecret,
      status: existing?.status ?? 'Active',
      createdAt: existing?.createdAt ?? Math.floor(clock.now() / 1000),
      ...(userName === undefined ? {} : { userName }),
    })
  })
}
