import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { S3Error } from '../errors.ts'
import { group, text, type Xml } from '../xml.ts'

/** One rule of a bucket's CORS configuration, as its owner wrote it. */
export interface CorsRule {
  readonly id?: string
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly allowedHeaders: readonly string[]
  readonly exposedHeaders: readonly string[]
  /** Seconds. */
  readonly maxAge?: number
}

/** S3 user guide, "Elements of a CORS configuration". */
const MAX_RULES = 100
/** The size of a configuration, of which all is weighed for any page's question (S3 API reference, PutBucketCors). */
export const MAX_CORS_BYTES = 64 * 1024
const METHODS: readonly string[] = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']
const MAX_ID = 255
const ELEMENTS: readonly string[] = [
  'ID',
  'AllowedOrigin',
  'AllowedMethod',
  'AllowedHeader',
  'ExposeHeader',
  'MaxAgeSeconds',
]

/**
 * Reads a `CORSConfiguration` document.
 * @throws S3Error MalformedXML, InvalidRequest
 */
export function parseCorsRules(root: XmlElement): readonly CorsRule[] {
  const rules = elementsOf(root).map(parseRule)
  if (rules.length === 0) throw new S3Error('MalformedXML')
  if (rules.length > MAX_RULES) {
    throw new S3Error('InvalidRequest', {
      message: `The number of CORS rules should not exceed allowed limit of ${MAX_RULES} rules.`,
    })
  }
  return rules
}

function parseRule(element: XmlElement): CorsRule {
  if (element.name !== 'CORSRule' || elementsOf(element).some(({ name }) => !ELEMENTS.includes(name))) {
    throw new S3Error('MalformedXML')
  }
  const all = (name: string) => elementsOf(element, name).map((each) => textOf(each).trim())
  const [id, ...ids] = all('ID')
  const [age, ...ages] = all('MaxAgeSeconds')
  const [origins, methods] = [all('AllowedOrigin'), all('AllowedMethod')]
  const [allowedHeaders, exposedHeaders] = [all('AllowedHeader'), all('ExposeHeader')]
  const malformed =
    ids.length > 0 ||
    ages.length > 0 ||
    origins.length === 0 ||
    methods.length === 0 ||
    (id !== undefined && id.length > MAX_ID) ||
    (age !== undefined && !/^\d{1,9}$/.test(age)) ||
    [...origins, ...allowedHeaders, ...exposedHeaders].some((value) => !/^[\x21-\x7e]+$/.test(value))
  if (malformed) throw new S3Error('MalformedXML')
  for (const method of methods) {
    if (!METHODS.includes(method))
      refuse(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`)
  }
  for (const origin of origins) refuseWildcards('AllowedOrigin', origin)
  for (const header of allowedHeaders) refuseWildcards('AllowedHeader', header)
  for (const header of exposedHeaders) {
    if (header.includes('*')) {
      refuse(`ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`)
    }
  }
  return {
    origins,
    methods,
    allowedHeaders,
    exposedHeaders,
    ...(id !== undefined && { id }),
    ...(age !== undefined && { maxAge: Number(age) }),
  }
}

function refuseWildcards(name: string, value: string): void {
  if (value.split('*').length > 2) refuse(`${name} "${value}" can not have more than one wildcard.`)
}

function refuse(message: string): never {
  throw new S3Error('InvalidRequest', { message })
}

/** The rules as the elements of a `CORSConfiguration`. */
export const renderCorsRules = (rules: readonly CorsRule[]): readonly Xml[] =>
  rules.map(({ id, origins, methods, allowedHeaders, exposedHeaders, maxAge }) =>
    group(
      'CORSRule',
      id === undefined ? undefined : text('ID', id),
      ...origins.map((each) => text('AllowedOrigin', each)),
      ...methods.map((each) => text('AllowedMethod', each)),
      ...allowedHeaders.map((each) => text('AllowedHeader', each)),
      ...exposedHeaders.map((each) => text('ExposeHeader', each)),
      maxAge === undefined ? undefined : text('MaxAgeSeconds', maxAge),
    ),
  )

/** The rules in a bucket's record. */
export const storedCorsRules = (cors: string | undefined): readonly CorsRule[] =>
  cors === undefined ? [] : (JSON.parse(cors) as CorsRule[])
