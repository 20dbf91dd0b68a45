import { JsonSyntaxError, type JsonValue, parseStrictJson } from '@daypass/core/policy/strict-json.ts'
import { S3Error } from '../errors.ts'

/** What a form's policy lets a browser upload. */
interface PostPolicy {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly conditions: readonly Condition[]
}

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly value: string }
  | { readonly kind: 'content-length-range'; readonly least: number; readonly most: number }

const MAX_DEPTH = 4
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/
/** Fields that no policy needs to speak of. */
const FREE = new Set(['policy', 'x-amz-signature', 'file'])

const invalid = (message: string) => new S3Error('InvalidPolicyDocument', { message: `Invalid Policy: ${message}` })
const denied = (message: string) => new S3Error('AccessDenied', { message: `Invalid according to Policy: ${message}` })

/**
 * Reads a form's policy (S3 API reference, "Creating a POST policy"): an expiration and a list of conditions, by these very
 * names.
 * @throws S3Error InvalidPolicyDocument
 */
export function parsePostPolicy(base64: string): PostPolicy {
  const document = parseDocument(base64)
  const expiration = document.get('expiration')
  if (expiration === undefined) throw invalid('Policy missing expiration.')
  const expiresAt = typeof expiration === 'string' && INSTANT.test(expiration) ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(expiresAt)) throw invalid("Invalid 'expiration' value.")
  const conditions = document.get('conditions')
  if (conditions === undefined) throw invalid('Policy missing conditions.')
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions' value: must be a List.")
  for (const name of document.keys()) {
    if (name !== 'expiration' && name !== 'conditions') throw invalid('Unexpected member.')
  }
  return { expiresAt, conditions: conditions.flatMap(parseCondition) }
}

function parseDocument(base64: string): ReadonlyMap<string, JsonValue> {
  try {
    const document = parseStrictJson(Buffer.from(base64, 'base64').toString('utf8'), MAX_DEPTH)
    if (document instanceof Map) return document
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
  }
  throw invalid('Invalid JSON.')
}

function parseCondition(condition: JsonValue): readonly Condition[] {
  if (condition instanceof Map) {
    if (condition.size !== 1) throw invalid('Invalid Simple-Condition: it must have exactly one property.')
    return [...condition].map(([name, value]) => {
      if (typeof value !== 'string') throw invalid('Invalid Simple-Condition: value must be a string.')
      return { kind: 'eq', field: name.toLowerCase(), value }
    })
  }
  if (!Array.isArray(condition) || condition.length !== 3)
    throw invalid('Invalid Condition: it must have three values.')
  const [kind, second, third] = condition as readonly JsonValue[]
  const matching = typeof kind === 'string' ? kind.toLowerCase() : ''
  if (matching === 'content-length-range') {
    const [least, most] = [bytesOf(second), bytesOf(third)]
    return [{ kind: 'content-length-range', least, most }]
  }
  if (matching !== 'eq' && matching !== 'starts-with') throw invalid('Invalid Condition: unknown operation.')
  if (typeof second !== 'string' || typeof third !== 'string' || !second.startsWith('$')) {
    throw invalid('Invalid Condition: it must name a field, as $key.')
  }
  return [{ kind: matching, field: second.slice(1).toLowerCase(), value: third }]
}

function bytesOf(value: JsonValue | undefined): number {
  const text = typeof value === 'object' && value !== null && 'literal' in value ? value.literal : value
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) {
    throw invalid('Invalid content-length-range: its bounds must be whole numbers.')
  }
  return Number(text)
}

/** What is held against a policy. */
interface Upload {
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>
  readonly bucket: string
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Requires that every condition holds and that there is no field of which the policy does not speak: whoever signed it has
 * allowed exactly that.
 * @throws S3Error AccessDenied, EntityTooSmall, EntityTooLarge
 */
export function requirePolicy({ expiresAt, conditions }: PostPolicy, { fields, bucket, size, now }: Upload): void {
  if (now >= expiresAt) throw denied('Policy expired.')
  const spokenOf = new Set<string>()
  for (const condition of conditions) {
    if (condition.kind === 'content-length-range') {
      requireSize(condition, size)
      continue
    }
    const { kind, field, value } = condition
    spokenOf.add(field)
    const given = field === 'bucket' ? bucket : (fields.get(field) ?? '')
    const present = field === 'bucket' || fields.has(field)
    const holds = present && (kind === 'eq' ? given === value : given.startsWith(value))
    if (!holds) throw denied(`Policy Condition failed: ["${kind}", "$${field}", ${JSON.stringify(value)}]`)
  }
  const extra = [...fields.keys()].filter(
    (name) => !spokenOf.has(name) && !FREE.has(name) && !name.startsWith('x-ignore-'),
  )
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`)
  if (!spokenOf.has('bucket')) throw denied('Policy Condition failed: the policy must name the bucket.')
}

function requireSize({ least, most }: { readonly least: number; readonly most: number }, size: number): void {
  const elements = { ProposedSize: String(size) }
  if (size < least) throw new S3Error('EntityTooSmall', { elements: { ...elements, MinSizeAllowed: String(least) } })
  if (size > most) throw new S3Error('EntityTooLarge', { elements: { ...elements, MaxSizeAllowed: String(most) } })
}
