import { parseStoredRing } from '@daypass/core/credentials/key-ring.ts'
import { readPublicSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { parseAccount } from '@daypass/core/store/entities/account.ts'
import { accountKey, roleKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { describe, expect, it } from 'vitest'
import { bootstrapDeployment, type DeploymentDeps } from '../../functions/bootstrap/action.ts'
import { memoryStore } from '../support/memory-store.ts'
import { fakeSecrets } from './fakes.ts'

const ARNS = { sessionRing: 'arn:session', longTermRing: 'arn:long-term', rootKey: 'arn:root' }
const EMPTY = '{"accounts":[]}'

function newDeployment() {
  const secrets = fakeSecrets()
  const store = memoryStore()
  const logged: string[] = []
  const note = (record: { event: string }) => void logged.push(JSON.stringify(record))
  const deps: DeploymentDeps = {
    store,
    secrets,
    clock: { now: () => Date.UTC(2026, 0, 1) },
    log: { info: note, warn: note, error: note },
    secretArns: ARNS,
    accountId: '000000000000',
  }
  const rootKey = () => JSON.parse(secrets.values.get(ARNS.rootKey) ?? 'null')
  return { deps, store, secrets, logged, rootKey }
}

const withRootKey = (AccessKeyId: string, SecretAccessKey: string) =>
  JSON.stringify({ accounts: [{ id: '000000000000', rootAccessKey: { AccessKeyId, SecretAccessKey } }] })

async function rootKeyInForce(store: Store, account: string): Promise<string | undefined> {
  const item = await store.get(accountKey(account))
  return item && parseAccount(item).rootAccessKeyId
}

describe('bootstrapDeployment', () => {
  it('makes two different key rings of one sealing key each', async () => {
    const { deps, secrets } = newDeployment()
    await bootstrapDeployment(deps, EMPTY)
    const session = parseStoredRing(secrets.values.get(ARNS.sessionRing) ?? '')
    const longTerm = parseStoredRing(secrets.values.get(ARNS.longTermRing) ?? '')
    expect([session.keys.length, longTerm.keys.length]).toEqual([1, 1])
    expect(session.keys[0]?.secret).not.toBe(longTerm.keys[0]?.secret)
  })

  it('makes a root key for the default account although the document does not speak of it', async () => {
    const { deps, store, rootKey } = newDeployment()
    await bootstrapDeployment(deps, EMPTY)
    expect(rootKey()).toEqual({
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
    })
    expect(await rootKeyInForce(store, '000000000000')).toBe(rootKey().AccessKeyId)
  })

  it('applies accounts of its own beside those of the document', async () => {
    const { deps, store } = newDeployment()
    await bootstrapDeployment(deps, '{"accounts":[{"id":"team"}]}', [{ id: 'daypass-prober' }])
    for (const id of ['000000000000', 'team', 'daypass-prober'])
      expect(await store.get(accountKey(id)), id).toBeDefined()
    expect(await store.get(accountKey('another'))).toBeUndefined()
  })

  it("makes the issuer's signing keys", async () => {
    const { deps, store } = newDeployment()
    await bootstrapDeployment(deps, EMPTY)
    expect((await readPublicSigningKeys(store)).map(({ alg }) => alg).sort()).toEqual(['ES384', 'RS256'])
  })

  it('changes no secret and no key when it runs again', async () => {
    const { deps, store, secrets } = newDeployment()
    await bootstrapDeployment(deps, EMPTY)
    const before = [new Map(secrets.values), await readPublicSigningKeys(store)]
    await bootstrapDeployment(deps, EMPTY)
    expect([secrets.values, await readPublicSigningKeys(store)]).toEqual(before)
  })

  it('puts a root key that the document names into the secret, later too', async () => {
    const { deps, store, rootKey } = newDeployment()
    await bootstrapDeployment(deps, EMPTY)
    await bootstrapDeployment(deps, withRootKey('minioadmin', 'minioadmin-secret'))
    expect(rootKey()).toEqual({ AccessKeyId: 'minioadmin', SecretAccessKey: 'minioadmin-secret' })
    expect(await rootKeyInForce(store, '000000000000')).toBe('minioadmin')
  })

  it("takes another account's root key from the document and leaves the secret alone", async () => {
    const { deps, store, rootKey } = newDeployment()
    const other = { id: 'acme', rootAccessKey: { AccessKeyId: 'acme-root', SecretAccessKey: 'acme-secret' } }
    await bootstrapDeployment(deps, JSON.stringify({ accounts: [other] }))
    expect(await rootKeyInForce(store, 'acme')).toBe('acme-root')
    expect(rootKey().AccessKeyId).toMatch(/^AKIA/)
    expect(await store.get(accountKey('000000000000'))).toBeDefined()
  })

  it('applies the entities of the document and logs each by name', async () => {
    const { deps, store, logged } = newDeployment()
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
    }
    const roles = [{ RoleName: 'Reader', AssumeRolePolicyDocument: trust }]
    await bootstrapDeployment(deps, JSON.stringify({ accounts: [{ id: '000000000000', roles }] }))
    expect(await store.get(roleKey('000000000000', 'Reader'))).toBeDefined()
    expect(logged).toEqual([expect.stringContaining('role/Reader')])
  })

  it('touches nothing for a document that is malformed', async () => {
    const { deps, secrets } = newDeployment()
    await expect(bootstrapDeployment(deps, '{"accounts":[{"id":"a b"}]}')).rejects.toThrow('bootstrap document')
    expect(secrets.values.size).toBe(0)
  })

  it.each([
    ['a key ring', ARNS.longTermRing],
    ['the root key', ARNS.rootKey],
  ])('refuses to go on, and replaces nothing, when %s is damaged', async (_which, arn) => {
    const { deps, secrets } = newDeployment()
    await bootstrapDeployment(deps, EMPTY)
    secrets.values.set(arn, '{"damaged":"secret-text"}')
    await expect(bootstrapDeployment(deps, EMPTY)).rejects.toThrow(/^(?!.*secret-text)/)
    expect(secrets.values.get(arn)).toBe('{"damaged":"secret-text"}')
  })

  it('makes nothing new when a secret cannot be read', async () => {
    const { deps, secrets } = newDeployment()
    const unreadable = { ...secrets, find: () => Promise.reject(new Error('throttled')) }
    await expect(bootstrapDeployment({ ...deps, secrets: unreadable }, EMPTY)).rejects.toThrow('throttled')
    expect(secrets.values.size).toBe(0)
  })
})
