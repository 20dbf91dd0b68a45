import { base64url, compactJws } from '../../../support/fake-issuer.ts'
import { type Forgery, headerOf, sealed, type Workshop, withClaims } from './forge.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Another spelling of the same bytes, where the last character has bits to spare. */
function otherSpelling(part: string): string {
  const last = ALPHABET.indexOf(part.slice(-1))
  return part.slice(0, -1) + ALPHABET[last ^ 1]
}

const replaced = (text: string, at: number) =>
  text.slice(0, at) + (ALPHABET[(ALPHABET.indexOf(text[at] ?? 'A') + 17) % 64] ?? 'A') + text.slice(at + 1)

/** Characters that were changed, evenly over each part. */
const altered = (token: string): Forgery[] =>
  token.split('.').flatMap((part, index, parts) =>
    Array.from({ length: 20 }, (_, step) => Math.floor((step * (part.length - 1)) / 19)).map((at) => ({
      what: `with another character ${at} of part ${index + 1}`,
      token: parts.map((each, own) => (own === index ? replaced(each, at) : each)).join('.'),
    })),
  )

function spaced(token: string): Forgery[] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const within = [' ', '\n', '\r\n', '\t', '\u00a0', '\u200b', '\0', '=', '==', '+', '/', '%3D', '!', 'é', ',']
  return within.flatMap((text) => {
    const name = JSON.stringify(text)
    return [
      { what: `with ${name} behind its header`, token: `${header}${text}.${payload}.${signature}` },
      { what: `with ${name} behind its payload`, token: `${header}.${payload}${text}.${signature}` },
      {
        what: `with ${name} inside its signature`,
        token: `${header}.${payload}.${signature.slice(0, 9)}${text}${signature.slice(9)}`,
      },
    ]
  })
}

function structures(shop: Workshop, token: string): Forgery[] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const general = { payload, signatures: [{ protected: header, signature }] }
  const odd: [string, string][] = [
    ['one part', header],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${token}.${signature}`],
    ['five parts, as one that is encrypted', `${header}.${payload}.${signature}.${payload}.${signature}`],
    ['dots alone', '....'],
    ['a dot before it', `.${token}`],
    ['a dot behind it', `${token}.`],
    ['two dots between', `${header}..${payload}.${signature}`],
    ['no header', `.${payload}.${signature}`],
    ['no payload', `${header}..${signature}`],
    ['other dots', token.replaceAll('.', '。')],
    ['the general JSON form', JSON.stringify(general)],
    ['the flattened JSON form', JSON.stringify({ protected: header, payload, signature })],
    ['a word before it', `Bearer ${token}`],
    ['quotes around it', `"${token}"`],
    ['its bytes in base64', Buffer.from(token).toString('base64')],
    ['itself twice', `${token}${token}`],
    ['itself twice with a comma', `${token},${token}`],
    ['its parts in another order', `${payload}.${header}.${signature}`],
    ['its payload in place of the header', `${payload}.${payload}.${signature}`],
    ['padding at each part', [header, payload, signature].map((part) => `${part}==`).join('.')],
    ['standard base64', token.replaceAll('-', '+').replaceAll('_', '/').replace(/.$/, '/')],
    ['another token in it', compactJws({ alg: 'RS256', kid: shop.rsa.kid, cty: 'JWT' }, token, shop.rsa)],
    ['another token in it without saying so', compactJws({ alg: 'RS256', kid: shop.rsa.kid }, token, shop.rsa)],
  ]
  return odd.map(([what, forged]) => ({ what: `with ${what}`, token: forged }))
}

function signatures(shop: Workshop, token: string): Forgery[] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const other = withClaims(shop, { sub: 'mallory' }).split('.')
  const odd: [string, Buffer | string][] = [
    ['a byte less', bytes.subarray(1)],
    ['a byte less at the end', bytes.subarray(0, -1)],
    ['a byte more', Buffer.concat([bytes, Buffer.from([0])])],
    ['a byte more before it', Buffer.concat([Buffer.from([0]), bytes])],
    ['zeros', Buffer.alloc(bytes.length)],
    ['ones', Buffer.alloc(bytes.length, 0xff)],
    ['the number one', Buffer.concat([Buffer.alloc(bytes.length - 1), Buffer.from([1])])],
    ['its bytes backwards', Buffer.from(bytes).reverse()],
    ['its text as bytes', Buffer.from(signature)],
    ['itself in hexadecimal', Buffer.from(bytes.toString('hex'))],
    ['that of another token', other[2] ?? ''],
    ['another spelling', otherSpelling(signature)],
    ['half of it', bytes.subarray(0, bytes.length / 2)],
    ['itself twice', Buffer.concat([bytes, bytes])],
  ]
  return [
    ...odd.map(([what, forged]) => ({
      what: `whose signature is ${what}`,
      token: `${header}.${payload}.${typeof forged === 'string' ? forged : forged.toString('base64url')}`,
    })),
    { what: 'with the claims of another token', token: `${header}.${other[1]}.${signature}` },
  ]
}

/** The order of P-256 (FIPS 186-5). */
const N = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

function curves(shop: Workshop): Forgery[] {
  const token = sealed(headerOf(shop.ec), JSON.stringify(shop.claims), shop.ec)
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const [r, s, zero, one] = [bytes.subarray(0, 32), bytes.subarray(32), Buffer.alloc(32), Buffer.alloc(32)]
  one[31] = 1
  const der = Buffer.concat([Buffer.from([0x30, 68, 2, 32]), r, Buffer.from([2, 32]), s])
  const odd: [string, Buffer][] = [
    ['zero and zero', Buffer.alloc(64)],
    ['r and zero', Buffer.concat([r, zero])],
    ['zero and s', Buffer.concat([zero, s])],
    ['the order and the order', Buffer.concat([N, N])],
    ['r and the order', Buffer.concat([r, N])],
    ['s and r', Buffer.concat([s, r])],
    ['one and one', Buffer.concat([one, one])],
    ['DER', der],
    ['nothing', Buffer.alloc(0)],
    ['r alone', r],
    ['r and s with a zero before each', Buffer.concat([Buffer.from([0]), r, Buffer.from([0]), s])],
    ['r and s with a zero behind', Buffer.concat([bytes, Buffer.from([0])])],
  ]
  return odd.map(([what, forged]) => ({
    what: `on a curve whose signature is ${what}`,
    token: `${header}.${payload}.${forged.toString('base64url')}`,
  }))
}

/** Forgeries of the token as a text, and of its signature. */
export function forgedShapes(shop: Workshop): readonly Forgery[] {
  const token = withClaims(shop, {})
  const [header = '', payload = ''] = token.split('.')
  const spelt = [
    { what: 'with another spelling of the end of its header', token: token.replace(header, otherSpelling(header)) },
    { what: 'with another spelling of the end of its payload', token: token.replace(payload, otherSpelling(payload)) },
    { what: 'with a header of no bytes but a padding', token: `${base64url('')}=.${payload}.x` },
  ]
  return [
    ...altered(token),
    ...spaced(token),
    ...structures(shop, token),
    ...signatures(shop, token),
    ...curves(shop),
    ...spelt,
  ]
}
