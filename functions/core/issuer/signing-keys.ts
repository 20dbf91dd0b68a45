import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint'
import type { KeyRing } from '../credentials/key-ring.ts'
import { open, seal } from '../credentials/seal.ts'
import type { Clock } from '../deps.ts'
import { Fields } from '../store/entities/fields.ts'
import { publicKeyKey, publicKeyPartition, signingKeyKey } from '../store/keys.ts'
import type { Store } from '../store/port.ts'

/** AWS's outbound federation signs with these two (AWS STS, GetWebIdentityToken). */
export const SIGNING_ALGORITHMS = ['RS256', 'ES384'] as const

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** The public members alone, with `kid`, `alg` and `use`: what verifiers may know. */
export type PublicJwk = Readonly<Record<string, string>>

/** The public halves of the keys of our own issuer. */
export async function readPublicSigningKeys(store: Store): Promise<readonly PublicJwk[]> {
  const { items } = await store.query(publicKeyPartition)
  return items.map((item) => new Fields(item).textMap('publicJwk'))
}

export interface SigningKey {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly privateKey: KeyObject
}

/**
 * The key that signs: of those whose public half verifiers can find, the newest of the algorithm. Throws a plain Error when
 * there is none or its private half cannot be opened, which is an operator's fault.
 */
export async function findSigningKey(
  { store, longTermRing }: { store: Store; longTermRing: KeyRing },
  alg: SigningAlgorithm,
): Promise<SigningKey> {
  const { items } = await store.query(publicKeyPartition)
  const [newest] = items
    .map((item) => new Fields(item))
    .filter((fields) => fields.textMap('publicJwk').alg === alg)
    .sort((a, b) => b.number('createdAt') - a.number('createdAt'))
  const kid = newest?.textMap('publicJwk').kid
  const item = kid === undefined ? undefined : await store.get(signingKeyKey(kid))
  if (kid === undefined || !item) throw new Error(`there is no ${alg} key to sign with`)
  const sealed = Buffer.from(new Fields(item).text('sealedPrivateKey'), 'base64')
  const pkcs8 = await open(longTermRing, 'signing-key', kid, sealed)
  if (!pkcs8) throw new Error(`the private half of the ${alg} signing key cannot be opened`)
  return { kid, alg, privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) }
}

/** Makes the key of each algorithm that has none yet; private halves are kept sealed. */
export async function ensureSigningKeys(deps: { store: Store; longTermRing: KeyRing; clock: Clock }): Promise<void> {
  const algorithms = new Set((await readPublicSigningKeys(deps.store)).map((jwk) => jwk.alg))
  for (const alg of SIGNING_ALGORITHMS) {
    if (!algorithms.has(alg)) await putSigningKey(deps, alg)
  }
}

async function putSigningKey(
  { store, longTermRing, clock }: { store: Store; longTermRing: KeyRing; clock: Clock },
  alg: SigningAlgorithm,
): Promise<void> {
  const { publicKey, privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const members = textMembers(publicKey.export({ format: 'jwk' }))
  const kid = await calculateJwkThumbprint(members)
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const sealedPrivateKey = await seal(longTermRing, 'signing-key', kid, pkcs8)
  const createdAt = Math.floor(clock.now() / 1000)
  // The private half comes first: a key is never published that nothing can sign with.
  await store.put({ ...signingKeyKey(kid), alg, sealedPrivateKey: sealedPrivateKey.toString('base64'), createdAt })
  await store.put({ ...publicKeyKey(kid), publicJwk: { ...members, kid, alg, use: 'sig' }, createdAt })
}

const textMembers = (jwk: JsonWebKey): Record<string, string> =>
  Object.fromEntries(Object.entries(jwk).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
