import type { IncomingHttpHeaders } from 'node:http'
import type { Fetcher } from '../net/guarded-fetch.ts'
import { parseKeySet, type VerificationKey } from './key-set.ts'
import { type JsonObject, member, parseStrictJsonObject } from './strict-json.ts'

/**
 * Where a provider's keys come from. `issuer`: discovery below the issuer's own URL. `config-url`: a discovery document at
 * this URL, which also says who the issuer is. `jwks`: the key set itself, which says nothing about who signs with it.
 * `issuer`: who it must be, where that is known beforehand.
 */
export type KeySource =
  | { readonly kind: 'issuer'; readonly url: string }
  | { readonly kind: 'config-url'; readonly url: string; readonly issuer?: string }
  | { readonly kind: 'jwks'; readonly url: string; readonly issuer?: string }

export interface FetchedKeySet {
  /** What `iss` must hold; `undefined` when the source does not say. */
  readonly issuer: string | undefined
  readonly keys: readonly VerificationKey[]
  /** Where the issuer tells more of who holds an access token (OpenID Connect Core section 5.3). */
  readonly userinfoEndpoint?: string
  /** Milliseconds for which the set need not be fetched again. */
  readonly freshFor: number
}

/** The issuer answered something that cannot be used. `message` is for the operator's log. */
export class UnusableDiscovery extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'UnusableDiscovery'
  }
}

const MIN_FRESH = 5 * 60_000
const MAX_FRESH = 24 * 60 * 60_000

/**
 * Fetches a provider's key set, through its discovery document where it has one (OpenID Connect Discovery 1.0 section 4).
 * The document's `issuer` must be the registered URL to the letter. Only a provider that is itself registered with http may
 * name an http key set. Throws FetchFailed, UnusableDiscovery, UnusableKeySet.
 */
export async function fetchKeySet(fetch: Fetcher, source: KeySource): Promise<FetchedKeySet> {
  const allowHttp = source.url.startsWith('http://')
  const { jwksUri, ...named } =
    source.kind === 'jwks' ? { issuer: source.issuer, jwksUri: source.url } : await discover(fetch, source, allowHttp)
  const { body, headers } = await fetchOk(fetch, jwksUri, allowHttp)
  return { ...named, keys: parseKeySet(body), freshFor: freshFor(headers) }
}

async function discover(fetch: Fetcher, source: Exclude<KeySource, { kind: 'jwks' }>, allowHttp: boolean) {
  // A slash at the end belongs to the issuer's name but not to the document's address (section 4.1).
  const url =
    source.kind === 'issuer' ? `${source.url.replace(/\/$/, '')}/.well-known/openid-configuration` : source.url
  const { body } = await fetchOk(fetch, url, allowHttp)
  const document = parseDocument(body)
  const [issuer, jwksUri, userinfoEndpoint] = ['issuer', 'jwks_uri', 'userinfo_endpoint'].map((name) =>
    member(document, name),
  )
  if (typeof issuer !== 'string' || issuer === '') throw new UnusableDiscovery('the discovery document has no issuer')
  const registered = source.kind === 'issuer' ? source.url : source.issuer
  if (registered !== undefined && issuer !== registered) {
    throw new UnusableDiscovery('the discovery document is of another issuer than the registered one')
  }
  if (typeof jwksUri !== 'string') throw new UnusableDiscovery('the discovery document has no jwks_uri')
  return { issuer, jwksUri, ...(typeof userinfoEndpoint === 'string' ? { userinfoEndpoint } : {}) }
}

async function fetchOk(fetch: Fetcher, url: string, allowHttp: boolean) {
  if (!URL.canParse(url)) throw new UnusableDiscovery('a URL of the issuer is no URL')
  const answer = await fetch(new URL(url), { allowHttp })
  if (answer.status !== 200) throw new UnusableDiscovery(`the issuer answered with status ${answer.status}`)
  return answer
}

function parseDocument(body: Buffer): JsonObject {
  try {
    return parseStrictJsonObject(body)
  } catch (cause) {
    throw new UnusableDiscovery('the discovery document is no strict JSON object', { cause })
  }
}

/** `max-age` of Cache-Control (RFC 9111), held within 5 minutes and 24 hours; 5 minutes when there is none. */
function freshFor(headers: IncomingHttpHeaders): number {
  const directives = headers['cache-control'] ?? ''
  if (/\bno-(store|cache)\b/i.test(directives)) return MIN_FRESH
  const seconds = Number(/(?:^|[,\s])max-age="?(\d+)/i.exec(directives)?.[1] ?? 0)
  return Math.min(Math.max(seconds * 1000, MIN_FRESH), MAX_FRESH)
}
