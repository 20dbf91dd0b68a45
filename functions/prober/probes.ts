import { createHmac } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import type { ProbeKey } from './probe-key.ts'
import { AUDIENCE, SUBJECT } from './trusted.ts'

/** An exchange that must be refused, and in which words. */
export interface Probe {
  readonly name: string
  readonly code: string
  token(): Promise<string>
}

export interface Signing {
  readonly issuer: string
  readonly key: ProbeKey
  /** Seconds since the epoch. */
  readonly now: number
}

/** Changes to the good token's claims; `undefined` takes one out. */
type Changes = Readonly<Record<string, string | number | undefined>>

/** Longer than the leeway of a minute that `nbf` and `iat` have. */
const LATER = 300

/** A token that must be granted: without it nobody knows why the others are refused. */
export const goodToken = (signing: Signing): Promise<string> => signed(signing, {})

/** Each is the good token with one flaw. */
export function probesOf(signing: Signing): readonly Probe[] {
  const { now } = signing
  const flawed = (name: string, code: string, changes: Changes) => ({
    name,
    code,
    token: () => signed(signing, changes),
  })
  const forged = (name: string, token: () => Promise<string>) => ({ name, code: 'InvalidIdentityToken', token })
  return [
    flawed('expired', 'ExpiredTokenException', { exp: now - 1 }),
    flawed('wrong audience', 'InvalidIdentityToken', { aud: 'another' }),
    flawed('not valid yet', 'InvalidIdentityToken', { nbf: now + LATER }),
    flawed('issued later', 'InvalidIdentityToken', { iat: now + LATER }),
    flawed('another issuer', 'InvalidIdentityToken', { iss: `${signing.issuer}/` }),
    flawed('another subject', 'AccessDenied', { sub: 'another' }),
    flawed('no subject', 'InvalidIdentityToken', { sub: undefined }),
    flawed('no end', 'InvalidIdentityToken', { exp: undefined }),
    forged('altered signature', async () => altered(await goodToken(signing), 2)),
    forged('altered claims', async () => altered(await goodToken(signing), 1)),
    forged('no signature (alg none)', async () => unsigned(await goodToken(signing))),
    forged('public key as HMAC secret', () => hmacOfPublicKey(signing)),
    forged('key in the header', () => selfSigned(signing)),
    forged("a stranger's key", () => strangers(signing)),
  ]
}

function claims({ issuer, now }: Signing, changes: Changes) {
  return { iss: issuer, aud: AUDIENCE, sub: SUBJECT, iat: now, exp: now + LATER, ...changes }
}

function signed(signing: Signing, changes: Changes): Promise<string> {
  const { kid, privateKey } = signing.key
  return new SignJWT(claims(signing, changes)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
}

/** The token with the first bit of a part turned: of the claims that is inside of the JSON's first brace. */
function altered(token: string, part: 1 | 2): string {
  const parts = token.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  if (part === 1)
    return [
      parts[0],
      Buffer.from(bytes.toString().replace(/"exp":\d/, '"exp":9')).toString('base64url'),
      parts[2],
    ].join('.')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return [parts[0], parts[1], bytes.toString('base64url')].join('.')
}

function unsigned(token: string): string {
  return `${encode({ alg: 'none' })}.${token.split('.')[1]}.`
}

async function hmacOfPublicKey(signing: Signing): Promise<string> {
  const pem = await exportSPKI((await importJWK(signing.key.publicJwk, 'RS256', { extractable: true })) as CryptoKey)
  const input = `${encode({ alg: 'HS256', kid: signing.key.kid })}.${encode(claims(signing, {}))}`
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
}

async function selfSigned(signing: Signing): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const header = { alg: 'RS256', jwk: await exportJWK(publicKey) }
  return new SignJWT(claims(signing, {})).setProtectedHeader(header).sign(privateKey)
}

/** Under the known key's id, so that it leads to no fetch. */
async function strangers(signing: Signing): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(claims(signing, {})).setProtectedHeader({ alg: 'RS256', kid: signing.key.kid }).sign(privateKey)
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
