import { hash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { XmlElement } from '@daypass/core/http/xml-reader.ts'
import { encodedPair, presignedQuery, type SigningCredentials, signHeaders } from '@daypass/core/sigv4/sign.ts'
import { awsAddress, endpointAddress } from './address.ts'
import { documentOf, failureOf, headersOf, type StoreAnswer } from './answer.ts'
import { storeCredentials } from './credentials.ts'
import { type Content, isContent } from './exchange.ts'
import { attemptsAgain, MAX_ATTEMPTS } from './retries.ts'
import { storeTransport, type Transport } from './transport.ts'

/** The S3-compatible store behind the gateway. */
export interface EndpointSettings {
  /** Absent: AWS's own S3. */
  readonly endpoint?: string
  readonly region?: string
  /** Absent: the AWS default chain. */
  readonly credentials?: SigningCredentials
}

interface Deps {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Waits before an attempt that follows a failed one, the first of which is 1. */
  readonly pause?: (attempt: number) => Promise<void>
  /** How long the store may say nothing, in milliseconds. */
  readonly patience?: number
  readonly transport?: Transport
}

/** A request to the store. Values of a query or a header that are `undefined` are left out. */
export interface StoreRequest {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly bucket?: string
  readonly key?: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: Buffer | Content
  /** Its effect differs when it happens twice: it is tried again only where the store says that it has done nothing. */
  readonly once?: true
}

/** Speaks to the store in the gateway's own name. Whatever fails is thrown as it is: `endpointFailure` says it in our words. */
export interface StoreClient {
  /** An answer of success, its body still to be read or destroyed. @throws StoreFailure */
  open(request: StoreRequest): Promise<StoreAnswer>
  /** The headers of an answer that is read to its end. @throws StoreFailure */
  headers(request: StoreRequest): Promise<StoreAnswer['headers']>
  /** The document of an answer. @throws StoreFailure */
  document(request: StoreRequest): Promise<XmlElement>
  /** The document of an answer, and its headers. @throws StoreFailure */
  answer(request: StoreRequest): Promise<{ readonly document: XmlElement; readonly headers: StoreAnswer['headers'] }>
  /** A URL by which anybody reads an object from the store itself for so many seconds. */
  presignedRead(bucket: string, key: string, query: ReadonlyMap<string, string>, seconds: number): Promise<string>
  /** The region that the store is in, which signatures name. */
  readonly region: string
  /** Whether the store is AWS's own S3. */
  readonly isAws: boolean
  close(): void
}

/** Longer than a store takes to copy 5 GiB, or to make one object of 10,000 parts, before it answers. */
const PATIENCE_MS = 300_000

/** Up to 0.2 s, then 0.4 s; not at the same moment as others who failed with us. */
const spreadPause = (attempt: number) => wait(Math.random() * 100 * 2 ** attempt)

const EMPTY_SHA256 = hash('sha256', '', 'hex')
/** Content of up to so many bytes goes without being asked for: the question would take as long as the content. */
const UNASKED_BYTES = 1024 * 1024
/** Buckets whose region is remembered. */
const MAX_REGIONS = 1000

/** A client for the store. It adds no checksums of its own: content was checked on its way in. */
export function endpointClient(
  { endpoint, region = 'us-east-1', credentials }: EndpointSettings,
  { now, pause = spreadPause, patience = PATIENCE_MS, transport = storeTransport() }: Deps,
): StoreClient {
  const addressOf = endpoint === undefined ? awsAddress() : endpointAddress(endpoint)
  const findCredentials = storeCredentials(credentials)
  const regions = new Map<string, string>()
  const regionOf = (bucket: string | undefined) => regions.get(bucket ?? '') ?? region

  const attempt = async (request: StoreRequest): Promise<StoreAnswer> => {
    const { method, bucket, key, body } = request
    const signedFor = { region: regionOf(bucket), service: 's3', now: now() }
    const { origin, path } = addressOf(signedFor.region, bucket, key)
    const query = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [encodedPair(name, String(value))],
    )
    const headers: Record<string, string> = { host: origin.host }
    for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers[name] = value
    const payload = headers['x-amz-content-sha256'] ?? payloadOf(body)
    const signed = signHeaders({ method, path, query, headers }, payload, await findCredentials(), signedFor)
    const rawQuery = query.map((pair) => pair.join('=')).join('&')
    return await transport.send({
      origin,
      method,
      path: rawQuery === '' ? path : `${path}?${rawQuery}`,
      headers: { ...onTheWire(signed), ...framing(method, body) },
      body,
      patience,
    })
  }

  /** AWS's S3 tells where a bucket is when it is in another region than was thought (S3 user guide, "Request redirection"). */
  const isElsewhere = ({ bucket }: StoreRequest, { status, headers }: StoreAnswer): boolean => {
    const actual = headers['x-amz-bucket-region']
    if (endpoint !== undefined || bucket === undefined || !actual || actual === regionOf(bucket)) return false
    if (status !== 301 && status !== 307 && status !== 400) return false
    if (regions.size >= MAX_REGIONS) regions.clear()
    regions.set(bucket, actual)
    return true
  }

  const send = async <T>(request: StoreRequest, read: (answer: StoreAnswer) => Promise<T>): Promise<T> => {
    for (let tried = 1; ; tried++) {
      try {
        const answer = await attempt(request)
        if (answer.status < 300) return await read(answer)
        const failure = await failureOf(answer)
        if (tried < MAX_ATTEMPTS && isElsewhere(request, answer) && !hasBegun(request.body)) continue
        throw failure
      } catch (error) {
        if (tried >= MAX_ATTEMPTS || hasBegun(request.body) || !attemptsAgain(error, request.once === true)) throw error
      }
      await pause(tried)
    }
  }

  return {
    region,
    isAws: endpoint === undefined,
    open: (request) => send(request, async (answer) => answer),
    headers: (request) => send(request, headersOf),
    document: (request) => send(request, documentOf),
    answer: (request) =>
      send(request, async (answer) => ({ document: await documentOf(answer), headers: answer.headers })),
    async presignedRead(bucket, key, query, seconds) {
      const signedFor = { region: regionOf(bucket), service: 's3', now: now() }
      const { origin, path } = addressOf(signedFor.region, bucket, key)
      const pairs = [...query].map(([name, value]) => encodedPair(name, value))
      const wish = { method: 'GET', path, query: pairs, host: origin.host }
      return `${origin.origin}${path}?${presignedQuery(wish, seconds, await findCredentials(), signedFor)}`
    },
    close: () => transport.close(),
  }
}

const hasBegun = (body: StoreRequest['body']) => isContent(body) && body.begun

function payloadOf(body: StoreRequest['body']): string {
  if (body === undefined) return EMPTY_SHA256
  return Buffer.isBuffer(body) ? hash('sha256', body, 'hex') : 'UNSIGNED-PAYLOAD'
}

/** How long the body is; a large one is sent only once the store asks for it, so that what is refused does not travel. */
function framing(method: string, body: StoreRequest['body']): Record<string, string> {
  if (body === undefined) return method === 'PUT' || method === 'POST' ? { 'content-length': '0' } : {}
  if (Buffer.isBuffer(body)) return { 'content-length': String(body.length) }
  const expect = body.size > UNASKED_BYTES && { expect: '100-continue' }
  return { 'content-length': String(body.size), ...expect }
}

/** Header values are bytes, signed as UTF-8, which Node.js writes as Latin-1. */
function onTheWire(headers: Readonly<Record<string, string>>): Record<string, string> {
  const sent: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    sent[name] = /^[\t\x20-\x7e]*$/.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1')
  }
  return sent
}
