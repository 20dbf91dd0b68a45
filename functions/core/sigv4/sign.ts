import { hash } from 'node:crypto'
import { canonicalHeaderValue, canonicalQuery, canonicalRequest, type QueryPair, stringToSign } from './canonical.ts'
import { signingKey } from './signing-key.ts'
import { formatBasicTimestamp } from './timestamp.ts'

/** An access key of ours at another service. */
export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** For whom and when a signature is made. */
export interface SigningScope {
  readonly region: string
  readonly service: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A request that we send; path and query are encoded as SigV4 has them (`encodedPath`, `encodedPair`). */
interface RequestToSign {
  readonly method: string
  readonly path: string
  readonly query: readonly QueryPair[]
  /** Names in lower case, `host` among them; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>
}

/** RFC 3986's unreserved characters as they are, every other byte as %XX. */
export const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** A parameter of a query, encoded. */
export const encodedPair = (name: string, value: string): QueryPair => [encoded(name), encoded(value)]

/**
 * The headers with a signature over them, the method, path and query (IAM User Guide, "Create a signed AWS API request").
 * `payload` is the body's SHA-256 in hex, or what S3 takes in its place; it is stated in x-amz-content-sha256.
 */
export function signHeaders(
  { method, path, query, headers }: RequestToSign,
  payload: string,
  credentials: SigningCredentials,
  { region, service, now }: SigningScope,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const timestamp = formatBasicTimestamp(now)
  const signed: Record<string, string> = { ...headers, 'x-amz-content-sha256': payload, 'x-amz-date': timestamp }
  if (sessionToken !== undefined) signed['x-amz-security-token'] = sessionToken
  const pairs = Object.entries(signed)
    .map(([name, value]) => [name, canonicalHeaderValue(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const date = timestamp.slice(0, 8)
  const scope = `${date}/${region}/${service}/aws4_request`
  const canonical = canonicalRequest(method, path, canonicalQuery(query), pairs, payload)
  const signature = signatureOf(secretAccessKey, { date, region, service }, timestamp, canonical)
  const names = pairs.map(([name]) => name).join(';')
  signed.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return signed
}

/**
 * The raw query of a URL by which anybody may do, for so many seconds, what its request does: method, path and parameters,
 * on that host. The body is not signed.
 */
export function presignedQuery(
  { method, path, query, host }: Omit<RequestToSign, 'headers'> & { readonly host: string },
  seconds: number,
  { accessKeyId, secretAccessKey, sessionToken }: SigningCredentials,
  { region, service, now }: SigningScope,
): string {
  const timestamp = formatBasicTimestamp(now)
  const date = timestamp.slice(0, 8)
  const rawQuery = canonicalQuery([
    ...query,
    encodedPair('X-Amz-Algorithm', 'AWS4-HMAC-SHA256'),
    encodedPair('X-Amz-Credential', `${accessKeyId}/${date}/${region}/${service}/aws4_request`),
    encodedPair('X-Amz-Date', timestamp),
    encodedPair('X-Amz-Expires', String(seconds)),
    encodedPair('X-Amz-SignedHeaders', 'host'),
    ...(sessionToken === undefined ? [] : [encodedPair('X-Amz-Security-Token', sessionToken)]),
  ])
  const canonical = canonicalRequest(method, path, rawQuery, [['host', host]], 'UNSIGNED-PAYLOAD')
  const signature = signatureOf(secretAccessKey, { date, region, service }, timestamp, canonical)
  return `${rawQuery}&X-Amz-Signature=${signature}`
}

function signatureOf(
  secretAccessKey: string,
  scope: { readonly date: string; readonly region: string; readonly service: string },
  timestamp: string,
  canonical: string,
): string {
  const { key, keep } = signingKey(secretAccessKey, scope)
  keep()
  const { date, region, service } = scope
  const text = stringToSign(timestamp, `${date}/${region}/${service}/aws4_request`, hash('sha256', canonical, 'hex'))
  return key.sign(text)
}
