import { S3Error } from './errors.ts'

/** What a path names: the service (neither), a bucket, or an object. */
export interface Target {
  readonly bucket?: string
  readonly key?: string
}

/** `ignoreBOM` keeps a leading U+FEFF, which is as good a part of a key as any other character. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Percent-decodes to UTF-8, exactly: no normalisation, no second decoding, `+` stays `+`.
 * @throws S3Error InvalidURI for a broken escape or bytes that are not UTF-8
 */
export function percentDecoded(raw: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) throw new S3Error('InvalidURI')
  const bytes = Buffer.from(
    raw.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  // A character that was sent unescaped above U+00FF has no place in a request line.
  if (/[\u0100-\u{10FFFF}]/u.test(raw)) throw new S3Error('InvalidURI')
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new S3Error('InvalidURI', { cause })
  }
}

/** S3's limit on a key, in bytes of UTF-8 (S3 user guide, "Naming objects"). */
const MAX_KEY_BYTES = 1024

/** Names that could once be given; a bucket behind an endpoint may still have one. */
const LEGACY_BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/

/**
 * Reads a path-style path. The key is all that follows the bucket's slash, as bytes: `..`, `//` and escapes are kept, so
 * no two paths that differ once decoded ever meet.
 * @throws S3Error InvalidURI, InvalidBucketName, KeyTooLongError
 */
export function parseTarget(rawPath: string): Target {
  if (!rawPath.startsWith('/')) throw new S3Error('InvalidURI')
  const slash = rawPath.indexOf('/', 1)
  const bucket = percentDecoded(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash))
  const key = slash < 0 ? '' : percentDecoded(rawPath.slice(slash + 1))
  if (bucket === '') {
    if (key !== '') throw new S3Error('InvalidBucketName', { elements: { BucketName: '' } })
    return {}
  }
  verifyBucketName(bucket)
  if (key === '') return { bucket }
  verifyKeyLength(key)
  return { bucket, key }
}

/** Proves that there could be a bucket of that name. @throws S3Error InvalidBucketName */
export function verifyBucketName(bucket: string): void {
  if (!LEGACY_BUCKET.test(bucket)) throw new S3Error('InvalidBucketName', { elements: { BucketName: bucket } })
}

/** @throws S3Error KeyTooLongError */
export function verifyKeyLength(key: string): void {
  const size = Buffer.byteLength(key)
  if (size > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', { elements: { Size: String(size), MaxSizeAllowed: String(MAX_KEY_BYTES) } })
  }
}

const RESERVED_PREFIX = /^(?:xn--|sthree-|amzn-s3-demo-)/
const RESERVED_SUFFIX = /(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/

/**
 * Proves that a new bucket may be called so (S3 user guide, "General purpose bucket naming rules"). `asHost`: as Ceph demands
 * and AWS only recommends, every part between periods is a host name's.
 * @throws S3Error InvalidBucketName
 */
export function verifyNewBucketName(bucket: string, { asHost = false } = {}): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes('..')
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(bucket)
  const noHost = asHost && /-\.|\.-/.test(bucket)
  if (!wellFormed || noHost || address || RESERVED_PREFIX.test(bucket) || RESERVED_SUFFIX.test(bucket)) {
    throw new S3Error('InvalidBucketName', { elements: { BucketName: bucket } })
  }
}
