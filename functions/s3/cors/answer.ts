import type { Bucket } from '../backing/buckets-port.ts'
import { S3Error } from '../errors.ts'
import type { S3RequestHead, S3Response } from '../port.ts'
import { type CorsRule, storedCorsRules } from './rules.ts'

type Headers = Readonly<Record<string, string>>

/** What a cache must tell answers apart by (Fetch standard, "CORS protocol and HTTP caches"). */
const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'

/** More than any page sends: anybody may ask, and each is held against every rule. */
const MAX_REQUESTED_HEADERS = 100

/** What a page's browser asks to be told. */
interface Question {
  readonly origin: string
  readonly method: string
  /** In lower case. */
  readonly requestedHeaders: readonly string[]
}

/**
 * Answers a preflight from the bucket's rules (S3 API reference, OPTIONS object). It is nobody's request: it proves nothing
 * and opens nothing; the request that follows is authorised like any other.
 * @throws S3Error BadRequest, AccessForbidden
 */
export function answerPreflight({ headers }: S3RequestHead, bucket: Pick<Bucket, 'cors'>): S3Response {
  const { origin } = headers
  if (origin === undefined) {
    throw new S3Error('BadRequest', { message: 'Insufficient information. Origin request header needed.' })
  }
  const method = headers['access-control-request-method']
  if (method === undefined) {
    throw new S3Error('BadRequest', { message: 'Invalid Access-Control-Request-Method: null' })
  }
  const rules = storedCorsRules(bucket.cors)
  if (rules.length === 0) throw new S3Error('AccessForbidden')
  const question = { origin, method, requestedHeaders: listed(headers['access-control-request-headers']) }
  const few = question.requestedHeaders.length <= MAX_REQUESTED_HEADERS
  const rule = few ? rules.find((each) => allows(each, question)) : undefined
  if (!rule) {
    throw new S3Error('AccessForbidden', {
      message:
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    })
  }
  const { requestedHeaders } = question
  return {
    status: 200,
    headers: {
      ...grantOf(rule, origin),
      ...(requestedHeaders.length > 0 && { 'access-control-allow-headers': requestedHeaders.join(', ') }),
      'content-length': '0',
    },
  }
}

/** The headers that let a page read the answer to its request; none where no rule of the bucket does. */
export function corsHeaders({ headers, method }: S3RequestHead, bucket: Pick<Bucket, 'cors'>): Headers {
  const { origin } = headers
  const rules = storedCorsRules(bucket.cors)
  if (origin === undefined || rules.length === 0) return {}
  const question = { origin, method: headers['access-control-request-method'] ?? method, requestedHeaders: [] }
  const rule = rules.find((each) => allows(each, question))
  return rule ? grantOf(rule, origin) : { vary: VARY }
}

function grantOf({ origins, methods, exposedHeaders, maxAge }: CorsRule, origin: string): Headers {
  // Where every origin may read, none may with a user's credentials.
  const everybody = origins.includes('*')
  return {
    'access-control-allow-origin': everybody ? '*' : origin,
    ...(!everybody && { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': methods.join(', '),
    ...(exposedHeaders.length > 0 && { 'access-control-expose-headers': exposedHeaders.join(', ') }),
    ...(maxAge !== undefined && { 'access-control-max-age': String(maxAge) }),
    vary: VARY,
  }
}

const allows = ({ origins, methods, allowedHeaders }: CorsRule, { origin, method, requestedHeaders }: Question) =>
  origins.some((pattern) => fits(pattern, origin)) &&
  methods.includes(method) &&
  requestedHeaders.every((header) => allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), header)))

/** At most one `*` stands for any text. */
function fits(pattern: string, value: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return pattern === value
  return value.length >= before.length + after.length && value.startsWith(before) && value.endsWith(after)
}

const listed = (header: string | undefined) =>
  (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
