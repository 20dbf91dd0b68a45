import { constants, generateKeyPairSync, type JsonWebKey, type KeyObject, sign as signBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** Signing algorithms that the fake issuer has keys for. `EdDSA` signs with Ed25519. */
export type FakeAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'

export interface FakeKey {
  readonly kid: string
  readonly alg: FakeAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** What the issuer answers. `hang` never answers; `drip` begins to and sends a byte now and then; `reset` cuts the connection. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}
export type Misbehaviour = (honest: Reply) => Reply | 'hang' | 'drip' | 'reset'

export interface FakeIssuerOptions {
  /** One key is made for each; the first signs by default. Default: RS256 and ES256. */
  readonly algorithms?: readonly FakeAlgorithm[]
  /** Appended to the origin, as in `/auth/realms/demo`. Default: none. */
  readonly path?: string
  /** The `Cache-Control` header of the key set. Default: none. */
  readonly cacheControl?: string
  /** Milliseconds since the epoch, for the default `iat` and `exp`. Default: the machine's clock. */
  readonly now?: () => number
}

export interface SignOptions {
  readonly alg?: FakeAlgorithm
  /** Another `kid` in the header than the key's own; `null` leaves it out. */
  readonly kid?: string | null
  /** More header members; `undefined` takes one away. */
  readonly header?: Readonly<Record<string, unknown>>
  /** A key that is not (or no longer) the issuer's current one. */
  readonly key?: FakeKey
}

export interface FakeIssuer {
  /** What `iss` holds: `http://127.0.0.1:<port><path>`. */
  readonly url: string
  /** Requests that arrived so far. */
  readonly fetches: { discovery: number; jwks: number }
  /** The current keys, one for each algorithm. */
  readonly keys: readonly FakeKey[]
  /** Set to change answers; delete to be honest again. */
  readonly misbehave: { discovery?: Misbehaviour; jwks?: Misbehaviour; userinfo?: Misbehaviour }
  /** What UserInfo tells the holder of any access token. */
  userinfo: Readonly<Record<string, unknown>>
  /** The Authorization headers that UserInfo was sent. */
  readonly userinfoAsked: (string | undefined)[]
  /** Sets `Cache-Control` of the key set; `undefined` leaves it out. */
  cacheControl: string | undefined
  /** A signed token. `iss`, `sub`, `iat` and `exp` (in an hour) have defaults; `undefined` takes a claim away. */
  sign(claims?: Readonly<Record<string, unknown>>, options?: SignOptions): string
  /** Replaces every key by a new one with a new `kid`; answers the old ones. `keepOld` leaves them published. */
  rotate(options?: { readonly keepOld?: boolean }): readonly FakeKey[]
  /** The honest key set document, for tests that alter it. */
  keySet(): { keys: JsonWebKey[] }
  close(): Promise<void>
}

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const

let made = 0

/** A key pair with a `kid` that no other key of this process has. RSA keys have `modulusLength` bits (2,048). */
export function makeFakeKey(
  alg: FakeAlgorithm,
  { kid, modulusLength = 2048 }: { kid?: string; modulusLength?: number } = {},
): FakeKey {
  const pair =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : alg === 'ES256' || alg === 'ES384' || alg === 'ES512'
        ? generateKeyPairSync('ec', { namedCurve: CURVES[alg] })
        : generateKeyPairSync('rsa', { modulusLength })
  made += 1
  return { kid: kid ?? `key-${made}`, alg, ...pair }
}

/** The public JWK as an issuer publishes it. */
export function publicJwk(key: FakeKey): JsonWebKey {
  return { ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, alg: key.alg, use: 'sig' }
}

/** Signs any bytes as the JWA algorithm wants them (RFC 7518 section 3, RFC 8037). */
export function signJws(alg: FakeAlgorithm, privateKey: KeyObject, input: Buffer): Buffer {
  if (alg === 'EdDSA') return signBytes(null, input, privateKey)
  const hash = `sha${alg.slice(2)}`
  if (alg.startsWith('ES')) return signBytes(hash, input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  if (alg.startsWith('RS')) return signBytes(hash, input, privateKey)
  return signBytes(hash, input, {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  })
}

/** A compact JWS over exactly this header and payload; a string payload is signed as it is. */
export function compactJws(header: object, payload: object | string | Buffer, key: FakeKey): string {
  const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload)
  const input = `${base64url(JSON.stringify(header))}.${base64url(bytes)}`
  return `${input}.${base64url(signJws(key.alg, key.privateKey, Buffer.from(input)))}`
}

export const base64url = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64url')

export const hang: Misbehaviour = () => 'hang'
export const drip: Misbehaviour = () => 'drip'
export const reset: Misbehaviour = () => 'reset'
export const failing: Misbehaviour = () => ({ status: 503, headers: {}, body: 'down' })
export const redirect =
  (location: string, status = 302): Misbehaviour =>
  () => ({ status, headers: { location }, body: '' })
/** The honest document, changed. */
export const altered =
  (change: (document: Record<string, unknown>) => unknown): Misbehaviour =>
  (honest) => ({ ...honest, body: JSON.stringify(change(JSON.parse(String(honest.body)))) })
/** Valid JSON of more than `bytes` bytes. */
export const padded =
  (bytes: number): Misbehaviour =>
  (honest) => ({ ...honest, body: String(honest.body) + ' '.repeat(bytes) })
/** The same, but small on the wire. */
export const gzipBomb =
  (bytes: number): Misbehaviour =>
  (honest) => ({
    ...honest,
    headers: { ...honest.headers, 'content-encoding': 'gzip' },
    body: gzipSync(String(honest.body) + ' '.repeat(bytes)),
  })

/**
 * An OpenID issuer in this process, over plain http on a free port of the loopback interface: real keys, real signatures,
 * real documents. Close it when the test ends.
 */
export async function startFakeIssuer(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
  const { algorithms = ['RS256', 'ES256'], path = '', now = Date.now } = options
  let keys = algorithms.map((alg) => makeFakeKey(alg))
  let published = keys
  const fetches = { discovery: 0, jwks: 0 }
  const misbehave: FakeIssuer['misbehave'] = {}
  const json = { 'content-type': 'application/json' }

  const server = createServer((request, response) => {
    const answer = (honest: Reply, change: Misbehaviour | undefined) => {
      const reply = change ? change(honest) : honest
      if (reply === 'reset') request.socket.destroy()
      else if (reply === 'drip') {
        const drops = setInterval(() => response.write(' '), 5)
        response.on('close', () => clearInterval(drops))
      } else if (reply !== 'hang') response.writeHead(reply.status, reply.headers).end(reply.body)
    }
    if (request.url === `${path}/.well-known/openid-configuration`) {
      fetches.discovery += 1
      const document = {
        issuer: issuer.url,
        jwks_uri: `${issuer.url}/jwks`,
        userinfo_endpoint: `${issuer.url}/userinfo`,
        id_token_signing_alg_values_supported: algorithms,
      }
      answer({ status: 200, headers: json, body: JSON.stringify(document) }, misbehave.discovery)
    } else if (request.url === `${path}/jwks`) {
      fetches.jwks += 1
      const headers = issuer.cacheControl === undefined ? json : { ...json, 'cache-control': issuer.cacheControl }
      answer({ status: 200, headers, body: JSON.stringify(issuer.keySet()) }, misbehave.jwks)
    } else if (request.url === `${path}/userinfo`) {
      issuer.userinfoAsked.push(request.headers.authorization)
      answer({ status: 200, headers: json, body: JSON.stringify(issuer.userinfo) }, misbehave.userinfo)
    } else answer({ status: 404, headers: {}, body: 'no such document' }, undefined)
  })
  const port = await listen(server)

  const issuer: FakeIssuer = {
    url: `http://127.0.0.1:${port}${path}`,
    fetches,
    misbehave,
    userinfo: { sub: 'subject-1' },
    userinfoAsked: [],
    cacheControl: options.cacheControl,
    get keys() {
      return keys
    },
    sign(claims = {}, { alg = algorithms[0] ?? 'RS256', kid, header = {}, key } = {}) {
      const signer = key ?? keys.find((candidate) => candidate.alg === alg)
      if (!signer) throw new Error(`this issuer has no ${alg} key; name it in its options`)
      const second = Math.floor(now() / 1000)
      const chosen = kid === null ? {} : { kid: kid ?? signer.kid }
      return compactJws(
        { alg: signer.alg, typ: 'JWT', ...chosen, ...header },
        { iss: issuer.url, sub: 'subject-1', iat: second, exp: second + 3600, ...claims },
        signer,
      )
    },
    rotate({ keepOld = false } = {}) {
      const old = keys
      keys = algorithms.map((alg) => makeFakeKey(alg))
      published = keepOld ? [...published, ...keys] : keys
      return old
    },
    keySet: () => ({ keys: published.map(publicJwk) }),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
  return issuer
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
