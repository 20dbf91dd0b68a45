import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'
import { parseSamlProvider } from '@daypass/core/store/entities/saml-provider.ts'
import { KIND, samlProviderKey } from '@daypass/core/store/keys.ts'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, deployment } from '../../support/deployment.ts'
import { makeFakeIdp } from '../../support/fake-saml.ts'

const idp = makeFakeIdp()
const renewed = makeFakeIdp()
const account = (SAMLMetadataDocument = idp.metadata(), Name = 'Corp') => ({
  id: ACCOUNT,
  samlProviders: [{ Name, SAMLMetadataDocument, Tags: [{ Key: 'k', Value: 'v' }] }],
})
const textOf = (providers: unknown) => JSON.stringify({ accounts: [{ id: ACCOUNT, samlProviders: providers }] })

describe('samlProviders of a bootstrap document', () => {
  it('are registered, and changed with the document: one row and one metadata document each', async () => {
    const daypass = await deployment(account())
    const { store } = daypass.deps
    const read = async () => {
      const item = await store.get(samlProviderKey(ACCOUNT, 'Corp'))
      return item && parseSamlProvider(item)
    }
    const first = await read()
    expect(first).toMatchObject({ entityId: idp.entityId, tags: [{ key: 'k', values: ['v'] }] })
    await daypass.apply(account(renewed.metadata()))
    const second = await read()
    expect(second?.uuid).toBe(first?.uuid)
    expect(second?.signingKeys).not.toEqual(first?.signingKeys)
    expect((await store.query(`${KIND.samlMetadata}#${ACCOUNT}`)).items.map(({ sk }) => sk)).toEqual([
      second?.metadataId,
    ])
  })

  it('keep a revocation', async () => {
    const daypass = await deployment(account())
    const key = samlProviderKey(ACCOUNT, 'Corp')
    await daypass.deps.store.update(key, { set: { revokedBefore: 7 } })
    await daypass.apply(account(renewed.metadata()))
    expect((await daypass.deps.store.get(key))?.revokedBefore).toBe(7)
  })

  it('stop the start when their metadata is none, naming the place', async () => {
    await expect(deployment(account('x'.repeat(1000)))).rejects.toThrow(
      /SAML provider Corp: The SAML metadata document/,
    )
  })

  it.each<[string, unknown]>([
    ['a name with a slash', [{ Name: 'a/b', SAMLMetadataDocument: idp.metadata() }]],
    ['no name', [{ SAMLMetadataDocument: idp.metadata() }]],
    ['no metadata', [{ Name: 'Corp' }]],
    ['metadata that is too short', [{ Name: 'Corp', SAMLMetadataDocument: '<a/>' }]],
    ['metadata that is too long', [{ Name: 'Corp', SAMLMetadataDocument: 'x'.repeat(307_201) }]],
    ['a misspelt member', [{ Name: 'Corp', SAMLMetadataDocument: idp.metadata(), Metadata: '' }]],
    ['one name twice', [1, 2].map(() => ({ Name: 'Corp', SAMLMetadataDocument: idp.metadata() }))],
  ])('are refused with %s', (_flaw, providers) => {
    expect(() => parseBootstrap(textOf(providers))).toThrow(/samlProviders/)
  })

  it('may differ in case alone', () => {
    const both = ['Corp', 'corp'].map((Name) => ({ Name, SAMLMetadataDocument: idp.metadata() }))
    expect(parseBootstrap(textOf(both)).accounts[0]?.samlProviders).toHaveLength(2)
  })
})
