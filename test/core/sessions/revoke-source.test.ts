import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import { revokeSource } from '@daypass/core/sessions/revoke.ts'
import { parseAccount } from '@daypass/core/store/entities/account.ts'
import { accountKey } from '@daypass/core/store/keys.ts'
import type { Item, Store } from '@daypass/core/store/port.ts'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, deployment } from '../../support/deployment.ts'

const marksOf = async (store: Store) => {
  const item = await store.get(accountKey(ACCOUNT))
  return item && parseAccount(item).revokedSources
}

describe('the mark of a revoked source', () => {
  it('is not lost to a writer of the whole row that began before it', async () => {
    const { deps } = await deployment()
    const { store } = deps
    let meanwhile: (() => Promise<void>) | undefined = () => revokeSource(store, ACCOUNT, 'oidc/default', 1000)
    const interrupted: Store = {
      ...bound(store),
      async put(item: Item, options) {
        const first = item.pk === accountKey(ACCOUNT).pk ? meanwhile : undefined
        if (first) {
          meanwhile = undefined
          await first()
        }
        return store.put(item, options)
      },
    }
    await applyBootstrap({ ...deps, store: interrupted }, { accounts: [{ id: ACCOUNT, name: 'renamed' }] })
    expect(meanwhile).toBeUndefined()
    expect(await marksOf(store)).toEqual({ 'oidc/default': 1000 })
  })

  it('is of one source, goes forward only, and survives two that set it at once', async () => {
    const { store } = (await deployment()).deps
    await Promise.all([3000, 5000, 4000].map((before) => revokeSource(store, ACCOUNT, 'oidc/a', before)))
    await revokeSource(store, ACCOUNT, 'ldap/a', 1000)
    await revokeSource(store, ACCOUNT, 'oidc/a', 2000)
    expect(await marksOf(store)).toEqual({ 'oidc/a': 5000, 'ldap/a': 1000 })
  })

  it('makes no account of nothing', async () => {
    const { store } = (await deployment()).deps
    await expect(revokeSource(store, 'nobody', 'oidc/a', 1000)).rejects.toThrow()
    expect(await store.get(accountKey('nobody'))).toBeUndefined()
  })
})

/** The methods of a store by themselves. */
const bound = (store: Store): Store => ({
  get: (key) => store.get(key),
  getMany: (keys) => store.getMany(keys),
  put: (item, options) => store.put(item, options),
  update: (key, changes, options) => store.update(key, changes, options),
  remove: (key, options) => store.remove(key, options),
  query: (pk, options) => store.query(pk, options),
  close: () => store.close(),
})
