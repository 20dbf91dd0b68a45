import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type AddressPolicy, isPublicAddress } from './addresses.ts'
import { boundedBody } from './bounded-body.ts'
import { FetchFailed } from './fetch-failed.ts'

export interface FetchOptions {
  /** Plain http is a choice that must be seen where it is made: only for a provider that was registered with http. */
  readonly allowHttp: boolean
  /** Default: GET without a body. A body is never sent on to a redirect. */
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface FetchedAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Calls one URL, or rejects with FetchFailed. */
export type Fetcher = (url: URL, options: FetchOptions) => Promise<FetchedAnswer>

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

export interface GuardedFetchSettings {
  readonly addresses: AddressPolicy
  /** For the whole call: resolving, connecting, redirects, the body. Default: 5 seconds. */
  readonly timeoutMs?: number
  /** Of the body, after decompression. Default: 1 MiB. */
  readonly maxBytes?: number
  /** Every address of a host name. Default: the system's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>
}

const MAX_REDIRECTS = 3
/** Kubernetes answers 406 to whoever does not take a key set by its own media type (RFC 7517 section 8.5.2). */
const ACCEPT = 'application/json, application/jwk-set+json, */*;q=0.1'
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * A fetch for addresses that others chose. It bounds where a call may go (scheme, address, origin of redirects), how long
 * it takes and how much it reads. The addresses that were checked are the ones that are connected to: the name is resolved
 * once, and TLS still verifies the name. It sends no cookies, follows no proxy, and says nothing about whether the answer
 * is to be believed.
 */
export function guardedFetch(settings: GuardedFetchSettings): Fetcher {
  const { addresses, timeoutMs = 5_000, maxBytes = 1024 * 1024, resolve = systemResolver } = settings
  return async (first, options) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    const late = new Promise<never>((_, reject) => {
      deadline.addEventListener('abort', () => reject(new FetchFailed('time', `no answer within ${timeoutMs} ms`)))
    })
    const call = async (url: URL, redirectsLeft: number): Promise<FetchedAnswer> => {
      checkUrl(url, options)
      const checked = await checkedAddresses(url, addresses, resolve)
      const response = await send(url, options, checked, deadline)
      const status = response.statusCode ?? 0
      const { location } = response.headers
      try {
        if (!REDIRECTS.has(status) || location === undefined) {
          return { status, headers: response.headers, body: await boundedBody(response, maxBytes) }
        }
      } finally {
        response.destroy()
      }
      return call(redirectTarget(url, location, options, redirectsLeft), redirectsLeft - 1)
    }
    try {
      return await Promise.race([call(first, MAX_REDIRECTS), late])
    } catch (error) {
      if (error instanceof FetchFailed) throw error
      throw new FetchFailed('network', 'the call failed, or its answer could not be read', { cause: error })
    }
  }
}

const systemResolver = (hostname: string) => lookup(hostname, { all: true })

function checkUrl(url: URL, { allowHttp }: FetchOptions): void {
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
    throw new FetchFailed('url', `${url.protocol} is not allowed here`)
  }
  if (url.username !== '' || url.password !== '') throw new FetchFailed('url', 'a URL must not hold credentials')
}

/** All addresses of the host. One that may not be called refuses the host: a name has no business pointing at both kinds. */
async function checkedAddresses(
  url: URL,
  policy: AddressPolicy,
  resolve: (hostname: string) => Promise<readonly ResolvedAddress[]>,
): Promise<readonly ResolvedAddress[]> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(hostname)
  const found = family === 0 ? await resolve(hostname) : [{ address: hostname, family }]
  if (found.length === 0) throw new FetchFailed('network', 'the host has no address')
  if (policy === 'public-only' && !found.every(({ address }) => isPublicAddress(address))) {
    throw new FetchFailed('address', 'the host has an address that is not public')
  }
  return found
}

function send(
  url: URL,
  { method = 'GET', headers = {}, body }: FetchOptions,
  addresses: readonly ResolvedAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  // `agent: false` makes a connection of its own: a pooled one could have been opened under another policy.
  const options: RequestOptions = {
    method,
    agent: false,
    signal,
    lookup: pinned(addresses),
    headers: {
      accept: ACCEPT,
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'daypass',
      ...headers,
    },
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest(url, options, resolve) : httpRequest(url, options, resolve)
    request.on('error', reject)
    request.end(body)
  })
}

/** Answers every question of the socket with the addresses that were checked. */
function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses
    if (options.all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family ?? 0)
  }
}

function redirectTarget(from: URL, location: string, options: FetchOptions, redirectsLeft: number): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
  if (!target || target.origin !== from.origin) throw new FetchFailed('redirect', 'a redirect leads to another origin')
  if ((options.method ?? 'GET') !== 'GET') throw new FetchFailed('redirect', 'an answer to a POST redirects')
  if (redirectsLeft === 0) throw new FetchFailed('redirect', `more than ${MAX_REDIRECTS} redirects`)
  return target
}
