import { base64url, type FakeKey, signJws } from '../../../support/fake-issuer.ts'

/** A token that must be refused, whatever is asked for it. */
export interface Forgery {
  readonly what: string
  readonly token: string
  /** Default: InvalidIdentityToken. */
  readonly code?: string
}

/** What a forger has: the issuer's own signature over anything, a good token to alter, and a key of his own. */
export interface Workshop {
  readonly rsa: FakeKey
  readonly ec: FakeKey
  readonly stranger: FakeKey
  /** Seconds since the epoch. */
  readonly now: number
  /** Of a token that is granted. */
  readonly claims: Readonly<Record<string, unknown>> & { readonly iss: string }
}

/** A compact JWS over exactly these texts. */
export function sealed(header: string | Buffer, payload: string | Buffer, key: FakeKey): string {
  const input = `${base64url(header)}.${base64url(payload)}`
  return `${input}.${signJws(key.alg, key.privateKey, Buffer.from(input)).toString('base64url')}`
}

export const headerOf = (key: FakeKey, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ alg: key.alg, typ: 'JWT', kid: key.kid, ...more })

/** The good token's header with other members, the good token's payload, and a right signature. */
export const withHeader = ({ rsa, claims }: Workshop, more: Readonly<Record<string, unknown>>, key = rsa) =>
  sealed(headerOf(rsa, more), JSON.stringify(claims), key)

/** The good token with other claims and a right signature; `undefined` takes a claim away. */
export const withClaims = ({ rsa, claims }: Workshop, more: Readonly<Record<string, unknown>>) =>
  sealed(headerOf(rsa), JSON.stringify({ ...claims, ...more }), rsa)

/** The good token with one claim in exactly this spelling. */
export function withSpelling({ rsa, claims }: Workshop, name: string, json: string): string {
  const { [name]: _, ...others } = claims
  return sealed(headerOf(rsa), `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(name)}:${json}}`, rsa)
}

export const withPayload = ({ rsa }: Workshop, payload: string | Buffer) => sealed(headerOf(rsa), payload, rsa)
export const withHeaderText = ({ rsa, claims }: Workshop, header: string | Buffer) =>
  sealed(header, JSON.stringify(claims), rsa)

/** Values that are no text. */
export const NO_TEXT: readonly [string, unknown][] = [
  ['null', null],
  ['an empty text', ''],
  ['a number', 7],
  ['true', true],
  ['false', false],
  ['an empty list', []],
  ['an object', { value: 'x' }],
]
