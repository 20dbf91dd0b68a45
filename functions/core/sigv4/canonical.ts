import { SignatureRefusal } from './refusal.ts'

/**
 * How the path enters the canonical request (IAM User Guide, "Create a canonical request"): every service but S3 removes
 * dot segments and doubled slashes and encodes what was sent once more; S3 takes the key as it is, encoded once.
 */
type PathStyle = 'normalized' | 'as-sent' | 's3'

export function canonicalPath(path: string, style: PathStyle): string {
  if (path === '/') return path
  if (!path.isWellFormed()) throw new SignatureRefusal('uri-malformed')
  if (style === 's3') return reencode(path, '/', '%2B')
  const encoded = encodeURIComponent(style === 'normalized' ? removeDotSegments(path) : path)
  return encoded.replaceAll('%2F', '/').replace(/[!'()*]/g, percent)
}

function removeDotSegments(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`
}

export type QueryPair = readonly [name: string, value: string]

/**
 * Name and value of every parameter, in the order sent, encoded as SigV4 wants them. `+` is a space, as the Query
 * protocol reads it; a malformed escape is refused, because two readers may understand it differently.
 */
export function queryPairs(rawQuery: string): QueryPair[] {
  if (rawQuery === '') return []
  if (!rawQuery.isWellFormed()) throw new SignatureRefusal('uri-malformed')
  const pairs: QueryPair[] = []
  for (const part of rawQuery.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = equals < 0 ? part : part.slice(0, equals)
    const value = equals < 0 ? '' : part.slice(equals + 1)
    pairs.push([reencode(name, '', '%20'), reencode(value, '', '%20')])
  }
  return pairs
}

/** The canonical query string: by name, then by value, in code-point order of the encoded text. */
export function canonicalQuery(pairs: readonly QueryPair[]): string {
  if (pairs.length === 0) return ''
  return [...pairs]
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A header's value with white space trimmed and runs of it made one space, so no value can reach the next line. */
export function canonicalHeaderValue(value: string): string {
  // Nearly every value is clean already.
  if (!/^[ \t\r\n]|[ \t\r\n]$|[ \t\r\n]{2}|[\t\r\n]/.test(value)) return value
  return value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')
}

/** The canonical request. `headers` are the signed ones with their canonical values, sorted by name. */
export function canonicalRequest(
  method: string,
  path: string,
  query: string,
  headers: readonly (readonly [name: string, value: string])[],
  payloadHash: string,
): string {
  let lines = ''
  let names = ''
  for (const [name, value] of headers) {
    lines += `${name}:${value}\n`
    names += names === '' ? name : `;${name}`
  }
  return `${method}\n${path}\n${query}\n${lines}\n${names}\n${payloadHash}`
}

/** The string to sign. `scope` is `date/region/service/aws4_request`. */
export function stringToSign(timestamp: string, scope: string, canonicalRequestSha256: string): string {
  return `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${canonicalRequestSha256}`
}

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/

/** Decodes every escape and encodes again: unreserved characters plain, every other byte as %XX in upper case. */
function reencode(text: string, keep: string, plus: string): string {
  if (UNRESERVED.test(text)) return text
  return text.replace(/%([0-9A-Fa-f]{2})?|[^A-Za-z0-9\-._~]/gu, (found, hex: string | undefined) => {
    if (hex !== undefined) {
      const character = String.fromCharCode(Number.parseInt(hex, 16))
      return UNRESERVED.test(character) || (character === keep && keep !== '') ? character : found.toUpperCase()
    }
    if (found === '%') throw new SignatureRefusal('uri-malformed')
    if (found === keep) return found
    if (found === '+') return plus
    return encodeURIComponent(found).replace(/[!'()*]/, percent)
  })
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
