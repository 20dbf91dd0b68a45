import { createHmac, type KeyObject } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { base64url, publicJwk } from '../../../support/fake-issuer.ts'
import { type Forgery, headerOf, sealed, type Workshop, withHeader, withHeaderText } from './forge.ts'

const ALGORITHMS = [
  'RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448 RS1 RS255 rs256 Rs256 RSA256 SHA256',
  'RSA-OAEP RSA-OAEP-256 RSA1_5 dir A128KW A256GCMKW ECDH-ES PBES2-HS256+A128KW',
  'constructor __proto__ toString hasOwnProperty undefined null',
].flatMap((line) => line.split(' '))

const none = (shop: Workshop): Forgery[] => {
  const [header, payload, signature] = withHeader(shop, {}).split('.')
  const unsigned = ['none', 'None', 'NONE', 'nOnE', 'none ', ''].flatMap((alg): Forgery[] => {
    const own = base64url(headerOf(shop.rsa, { alg }))
    return [
      { what: `with alg "${alg}" and no signature`, token: `${own}.${payload}.` },
      { what: `with alg "${alg}" and the old signature`, token: `${own}.${payload}.${signature}` },
      { what: `with alg "${alg}" without kid`, token: `${base64url(JSON.stringify({ alg }))}.${payload}.` },
    ]
  })
  return [...unsigned, { what: 'without its signature', token: `${header}.${payload}.` }]
}

/** The public key as a shared secret, in every form in which a library might have it at hand. */
function publicSecrets({ rsa }: Workshop): [string, string | Buffer][] {
  const key: KeyObject = rsa.publicKey
  const pem = String(key.export({ type: 'spki', format: 'pem' }))
  return [
    ['the public key in PEM', pem],
    ['the public key in PEM without its last newline', pem.trim()],
    ['the public key in PKCS#1', String(key.export({ type: 'pkcs1', format: 'pem' }))],
    ['the public key in DER', key.export({ type: 'spki', format: 'der' })],
    ['the JWK', JSON.stringify(publicJwk(rsa))],
    ['the modulus', String(publicJwk(rsa).n)],
    ['the bytes of the modulus', Buffer.from(String(publicJwk(rsa).n), 'base64url')],
    ['nothing', ''],
    ['its kid', rsa.kid],
  ]
}

const shared = (shop: Workshop): Forgery[] =>
  ['HS256', 'HS384', 'HS512', 'hs256'].flatMap((alg) =>
    publicSecrets(shop).map(([what, secret]) => {
      const input = `${base64url(headerOf(shop.rsa, { alg }))}.${base64url(JSON.stringify(shop.claims))}`
      const mac = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest('base64url')
      return { what: `with ${alg} by ${what}`, token: `${input}.${mac}` }
    }),
  )

const algorithms = (shop: Workshop): Forgery[] => [
  ...ALGORITHMS.map((alg) => ({ what: `with alg ${JSON.stringify(alg)}`, token: withHeader(shop, { alg }) })),
  ...[null, 1, true, [], ['RS256'], {}, { alg: 'RS256' }, undefined].map((alg) => ({
    what: `with alg ${JSON.stringify(alg) ?? 'left out'}`,
    token: withHeader(shop, { alg }),
  })),
  // The key's own `alg` binds, though the same numbers could check these too.
  ...(['RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const).map((alg) => ({
    what: `signed with ${alg} by a key for RS256`,
    token: sealed(headerOf(shop.rsa, { alg }), JSON.stringify(shop.claims), { ...shop.rsa, alg }),
  })),
  { what: 'signed by one key in the name of another', token: withHeader(shop, { alg: 'ES256' }, shop.ec) },
]

const KEY_IDS: readonly (string | null | number | boolean | object)[] = [
  'unknown',
  '',
  ' ',
  '../../../dev/null',
  '/dev/null',
  "' OR 1=1 --",
  '| cat /etc/passwd',
  'http://127.0.0.1/key',
  'list',
  'kid:',
  'print:',
  '__proto__',
  'constructor',
  '\u0000',
  '\u202e',
  '*',
  'k'.repeat(10_000),
  null,
  1,
  true,
  [],
  {},
]

const keyIds = (shop: Workshop): Forgery[] => [
  ...KEY_IDS.map((kid) => ({
    what: `with kid ${(JSON.stringify(kid) ?? '').slice(0, 40)}`,
    token: withHeader(shop, { kid }),
  })),
  { what: 'with its kid in capitals', token: withHeader(shop, { kid: shop.rsa.kid.toUpperCase() }) },
  { what: 'with a space behind its kid', token: withHeader(shop, { kid: `${shop.rsa.kid} ` }) },
  { what: 'with the kid of another key of the set', token: withHeader(shop, { kid: shop.ec.kid }) },
  { what: 'with its kid in a list', token: withHeader(shop, { kid: [shop.rsa.kid] }) },
]

/** Where the forger says that his own key is to be found; `here` counts who looks. */
function ownKeys(shop: Workshop, here: string): Forgery[] {
  const { stranger } = shop
  const jwk = publicJwk(stranger)
  const certificate = Buffer.from('a certificate').toString('base64')
  const places: [string, Record<string, unknown>][] = [
    ['nothing', {}],
    ['jwk', { jwk }],
    ['jku', { jku: `${here}/jwks` }],
    ['x5u', { x5u: `${here}/certificate` }],
    ['x5c', { x5c: [certificate] }],
    ['x5t', { x5t: base64url('thumbprint') }],
    ['jwk and jku', { jwk, jku: `${here}/jwks` }],
    ['keys', { keys: [jwk] }],
    ['iss', { iss: here }],
  ]
  return places.flatMap(([place, more]) =>
    [shop.rsa.kid, stranger.kid, undefined].map((kid) => ({
      what: `of a stranger’s key, with ${place} and ${kid === undefined ? 'no' : kid === stranger.kid ? 'his' : 'the issuer’s'} kid`,
      token: withHeader(shop, { ...more, kid }, stranger),
    })),
  )
}

const KINDS = 'logout secevent dpop token-introspection entity-statement oauth-authz-req client-authentication'.split(
  ' ',
)

const members = (shop: Workshop): Forgery[] => [
  ...KINDS.flatMap((kind) =>
    [`${kind}+jwt`, `application/${kind}+jwt`, `${kind}+JWT`.toUpperCase()].map((typ) => ({
      what: `with typ ${typ}`,
      token: withHeader(shop, { typ }),
    })),
  ),
  ...[null, 1, true, [], {}, ['JWT']].map((typ) => ({
    what: `with typ ${JSON.stringify(typ)}`,
    token: withHeader(shop, { typ }),
  })),
  ...['JWT', 'jwt', 'application/jwt', null, 1, []].map((cty) => ({
    what: `with cty ${JSON.stringify(cty)}`,
    token: withHeader(shop, { cty }),
  })),
  ...[[], ['exp'], ['b64'], ['alg'], 'b64', null, {}, 1, false].map((crit) => ({
    what: `with crit ${JSON.stringify(crit)}`,
    token: withHeader(shop, { crit, exp: 1 }),
  })),
  ...[false, true, null, 'false', 0].map((b64) => ({
    what: `with b64 ${JSON.stringify(b64)}`,
    token: withHeader(shop, { b64 }),
  })),
  ...['A128GCM', 'A128CBC-HS256', null].map((enc) => ({ what: `with enc ${enc}`, token: withHeader(shop, { enc }) })),
  {
    what: 'with a compressed payload',
    token: sealed(headerOf(shop.rsa, { zip: 'DEF' }), deflateRawSync(JSON.stringify(shop.claims)), shop.rsa),
  },
]

function texts(shop: Workshop): Forgery[] {
  const good = headerOf(shop.rsa)
  const inside = good.slice(0, -1)
  const odd: [string, string | Buffer][] = [
    ['empty', ''],
    ['an empty object', '{}'],
    ['a list', `[${good}]`],
    ['a text', JSON.stringify(good)],
    ['null', 'null'],
    ['a number', '1'],
    ['with a byte order mark', `\ufeff${good}`],
    ['in UTF-16', Buffer.from(good, 'utf16le')],
    ['of invalid UTF-8', Buffer.concat([Buffer.from(`${inside},"x":"`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])],
    [
      'of an overlong encoding',
      Buffer.concat([Buffer.from(`${inside},"x":"`), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ],
    ['with a lone surrogate', `${inside},"x":"\\ud800"}`],
    ['with a comment', `${good}/* */`],
    ['with more behind it', `${good}{}`],
    ['with a comma too many', `${inside},}`],
    ['in single quotes', good.replaceAll('"', "'")],
    ['with a number beyond a double', `${inside},"x":1e400}`],
    ['with NaN', `${inside},"x":NaN}`],
    ['40 levels deep', `${inside},"x":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['with alg twice', `{"alg":"none",${good.slice(1)}`],
    ['with alg twice, the second one other', `${inside},"alg":"none"}`],
    ['with alg twice, once escaped', `${inside},"\\u0061lg":"none"}`],
    ['with kid twice', `${inside},"kid":"other"}`],
    ['with its members in the prototype', `{"__proto__":${good}}`],
    ['with alg in the prototype', `{"kid":${JSON.stringify(shop.rsa.kid)},"__proto__":{"alg":"RS256"}}`],
    ['with alg in other letters', good.replace('"alg"', '"Alg"')],
    ['cut', good.slice(0, -2)],
  ]
  return odd.map(([what, header]) => ({ what: `whose header is ${what}`, token: withHeaderText(shop, header) }))
}

/** Forgeries of the header. `here` is a server of the forger. */
export const forgedHeaders = (shop: Workshop, here: string): readonly Forgery[] => [
  ...none(shop),
  ...shared(shop),
  ...algorithms(shop),
  ...keyIds(shop),
  ...ownKeys(shop, here),
  ...members(shop),
  ...texts(shop),
]
