import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { ensureSigningKeys, findSigningKey, readPublicSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { publicKeyKey, publicKeyPartition, signingKeyKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Deployment, deployment } from '../../support/deployment.ts'

let deps: Deployment['deps']
let clock: Deployment['clock']
beforeEach(async () => {
  ;({ deps, clock } = await deployment())
  await ensureSigningKeys(deps)
})

const published = async (alg: string) => {
  const { items } = await deps.store.query(publicKeyPartition)
  return items.filter(({ publicJwk }) => (publicJwk as { alg: string }).alg === alg)
}

/** Another key of the algorithm, published later; what was published before stays. */
async function publishAnother(): Promise<string> {
  const before = await published('ES384')
  for (const { pk, sk } of before) await deps.store.remove({ pk, sk })
  clock.advance(1000)
  await ensureSigningKeys(deps)
  const [made] = await published('ES384')
  for (const item of before) await deps.store.put(item)
  return made?.sk ?? ''
}

describe('the key that signs', () => {
  it.each(['RS256', 'ES384'] as const)('is for %s the private half of the one that is published', async (alg) => {
    const { kid, privateKey } = await findSigningKey(deps, alg)
    const jwk = (await readPublicSigningKeys(deps.store)).find((each) => each.kid === kid)
    expect(jwk?.alg).toBe(alg)
    const halves = [createPublicKey(privateKey), createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })]
    expect(halves[0]?.export({ format: 'jwk' })).toEqual(halves[1]?.export({ format: 'jwk' }))
  })

  it('is the newest of those that are published', async () => {
    const kid = await publishAnother()
    expect(await published('ES384')).toHaveLength(2)
    expect((await findSigningKey(deps, 'ES384')).kid).toBe(kid)
  })

  it('is never one that verifiers cannot find', async () => {
    const kid = await publishAnother()
    await deps.store.remove(publicKeyKey(kid))
    expect((await findSigningKey(deps, 'ES384')).kid).not.toBe(kid)
  })

  it('is missing when none was made', async () => {
    for (const { pk, sk } of await published('RS256')) await deps.store.remove({ pk, sk })
    await expect(findSigningKey(deps, 'RS256')).rejects.toThrow('there is no RS256 key to sign with')
  })

  it('does not open under the name of another key', async () => {
    const [mine, other] = [await findSigningKey(deps, 'ES384'), await findSigningKey(deps, 'RS256')]
    const sealedPrivateKey = String((await deps.store.get(signingKeyKey(other.kid)))?.sealedPrivateKey)
    await deps.store.update(signingKeyKey(mine.kid), { set: { sealedPrivateKey } })
    await expect(findSigningKey(deps, 'ES384')).rejects.toThrow('cannot be opened')
  })
})
