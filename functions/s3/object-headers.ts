import type { ChecksumType, ObjectMetadata, StoredObject } from './backing/port.ts'
import { S3Error } from './errors.ts'
import type { Query } from './query.ts'
import { versionHeader } from './versions.ts'

type Headers = Readonly<Record<string, string>>

/** The headers that an object keeps (S3 user guide, "System-defined object metadata"). */
const KEPT = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires']

const USER = 'x-amz-meta-'
/** Names and values together, in bytes (S3 user guide, "User-defined object metadata"). */
const MAX_USER_BYTES = 2048

/** What S3 gives an object whose sender named no type. */
const DEFAULT_TYPE = 'binary/octet-stream'

/** Transfer framing is no property of the object. What is left stays as it was written. */
const withoutFraming = (encoding: string) =>
  encoding
    .split(',')
    .filter((part) => !/^\s*(?:aws-chunked\s*)?$/i.test(part))
    .join(',')
    .trim()

/**
 * What an upload's headers say of the object.
 * @throws S3Error MetadataTooLarge
 */
export function parseMetadata(headers: Headers): ObjectMetadata {
  const kept = new Map<string, string>([['content-type', DEFAULT_TYPE]])
  for (const name of KEPT) {
    const value = name === 'content-encoding' ? withoutFraming(headers[name] ?? '') : headers[name]
    if (value) kept.set(name, value)
  }
  const user = Object.entries(headers)
    .filter(([name]) => name.startsWith(USER))
    .map(([name, value]) => [name.slice(USER.length), value] as const)
  const size = user.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0)
  if (size > MAX_USER_BYTES) {
    throw new S3Error('MetadataTooLarge', { elements: { Size: String(size), MaxSizeAllowed: String(MAX_USER_BYTES) } })
  }
  return { headers: Object.fromEntries(kept), user: Object.fromEntries(user) }
}

const etagOf = (object: StoredObject) => `"${object.etag}"`
const httpDate = (milliseconds: number) => new Date(milliseconds).toUTCString()

/** The headers by which a version is known: on every answer about it, "not modified" included. */
export const validators = (object: StoredObject): Headers => ({
  etag: etagOf(object),
  'last-modified': httpDate(object.modifiedAt),
})

/** An upload may hold any page or script: on this origin it must run in nobody's name. */
const HARMLESS: Headers = { 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' }

/** What a header cannot hold as it is travels as RFC 2047 has it, which is how S3 answers such metadata. */
const headerText = (value: string) =>
  /^[\t\x20-\x7e\u0080-\u00ff]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`

/** Everything that an answer with the object, or about it, says of it; not the length, which goes by the range. */
export function objectHeaders(object: StoredObject): Headers {
  const user = Object.entries(object.user).map(([name, value]) => [USER + name, headerText(value)] as const)
  const kept = Object.entries(object.headers).map(([name, value]) => [name, headerText(value)] as const)
  return {
    ...Object.fromEntries(user),
    ...Object.fromEntries(kept),
    'accept-ranges': 'bytes',
    ...validators(object),
    ...versionHeader(object),
    ...HARMLESS,
  }
}

/** The object's checksums as headers, for who asked with `x-amz-checksum-mode`. */
export function checksumHeaders(
  checksums: Readonly<Record<string, string>>,
  type: ChecksumType = 'FULL_OBJECT',
): Headers {
  const found = Object.entries(checksums).map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value] as const)
  return found.length === 0 ? {} : { ...Object.fromEntries(found), 'x-amz-checksum-type': type }
}

/**
 * The `response-…` parameters, by which a signed GET chooses headers of its answer.
 * @throws S3Error InvalidRequest from an anonymous caller, InvalidArgument for what no header may hold
 */
export function parseOverrides(query: Query, anonymous: boolean): Headers {
  const overrides = KEPT.flatMap((name) => {
    const value = query.get(`response-${name}`)
    return value === undefined ? [] : [[name, value] as const]
  })
  if (overrides.length > 0 && anonymous) {
    throw new S3Error('InvalidRequest', {
      message: 'Request specific response headers cannot be used for anonymous GET requests.',
    })
  }
  for (const [name, value] of overrides) {
    if (headerText(value) !== value) {
      throw new S3Error('InvalidArgument', { elements: { ArgumentName: `response-${name}` } })
    }
  }
  return Object.fromEntries(overrides)
}
