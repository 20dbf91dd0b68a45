import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'

/** The key that signs the prober's tokens. It vouches for nobody but subjects of an account in which there is nothing. */
export interface ProbeKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** A new key as its secret keeps it: a private JWK (RFC 7517). */
export async function newProbeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return JSON.stringify(await exportJWK(privateKey))
}

/** Throws an error that says nothing of the content. */
export async function parseProbeKey(text: string): Promise<ProbeKey> {
  try {
    const jwk = JSON.parse(text) as JWK
    const { n, e, kty } = jwk
    if (kty !== 'RSA' || n === undefined || e === undefined) throw new Error('not an RSA key')
    const kid = await calculateJwkThumbprint({ kty, n, e })
    const privateKey = (await importJWK(jwk, 'RS256')) as CryptoKey
    return { kid, privateKey, publicJwk: { kty, n, e, kid, alg: 'RS256', use: 'sig' } }
  } catch {
    throw new Error("The prober's key cannot be read: delete the secret's value, and the next run makes a new one")
  }
}
