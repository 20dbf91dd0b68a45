import { xmlAnswer } from '../answers.ts'
import type { StoredObject } from '../backing/port.ts'
import type { BucketCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { canonicalUserId } from '../owner.ts'
import { parseCount } from '../parameters.ts'
import { group, s3Document, text } from '../xml.ts'
import { listingKeys, MAX_KEY_BYTES, MAX_KEYS, parseEncoding } from './list-objects.ts'

/** What the one version of an object of a bucket without versioning is called. */
const ONLY_VERSION = 'null'

/**
 * Lists the versions of objects where there is one of each, as S3 does for a bucket that never had versioning.
 * @throws S3Error InvalidArgument
 */
async function listObjectVersions({ query, deps, bucket }: BucketCall) {
  const encode = parseEncoding(query, bucket)
  const maxKeys = Math.min(parseCount(query, 'max-keys', { least: 0, most: 2_147_483_647 }) ?? MAX_KEYS, MAX_KEYS)
  const [prefix, delimiter, after] = ['prefix', 'delimiter', 'key-marker'].map((name) => query.get(name) ?? '')
  if (after === undefined || Buffer.byteLength(after) > MAX_KEY_BYTES) {
    throw new S3Error('InvalidArgument', { elements: { ArgumentName: 'key-marker' } })
  }
  if (after === '' && query.get('version-id-marker')) {
    throw new S3Error('InvalidArgument', {
      message: 'A version-id marker cannot be specified without a key marker.',
      elements: { ArgumentName: 'version-id-marker' },
    })
  }
  const wish = { prefix: prefix ?? '', delimiter: delimiter ?? '', after, limit: maxKeys }
  const { entries, next } = maxKeys === 0 ? { entries: [], next: undefined } : await deps.objects.list(bucket, wish)
  const objects = entries.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : []))
  const prefixes = entries.flatMap((entry) => (entry.kind === 'prefix' ? [entry.prefix] : []))
  const lastIsObject = entries.at(-1)?.kind === 'object'
  return xmlAnswer(
    s3Document(
      'ListVersionsResult',
      text('Name', bucket.name),
      text('Prefix', encode(wish.prefix)),
      text('KeyMarker', encode(after)),
      text('VersionIdMarker', query.get('version-id-marker') ?? ''),
      ...(next === undefined ? [] : [text('NextKeyMarker', encode(next))]),
      ...(next === undefined || !lastIsObject ? [] : [text('NextVersionIdMarker', ONLY_VERSION)]),
      text('MaxKeys', maxKeys),
      ...(delimiter ? [text('Delimiter', encode(delimiter))] : []),
      ...(query.get('encoding-type') ? [text('EncodingType', 'url')] : []),
      text('IsTruncated', next !== undefined),
      ...objects.map((object) => renderVersion(object, encode(object.key), bucket.account)),
      ...prefixes.map((each) => group('CommonPrefixes', text('Prefix', encode(each)))),
    ),
  )
}

const renderVersion = ({ modifiedAt, etag, size }: StoredObject, key: string, owner: string) =>
  group(
    'Version',
    text('Key', key),
    text('VersionId', ONLY_VERSION),
    text('IsLatest', true),
    text('LastModified', new Date(modifiedAt).toISOString()),
    text('ETag', `"${etag}"`),
    text('Size', size),
    group('Owner', text('ID', canonicalUserId(owner)), text('DisplayName', owner)),
    text('StorageClass', 'STANDARD'),
  )

export const listObjectVersionsOperation: Operation = {
  on: 'bucket',
  action: 's3:ListBucketVersions',
  contextKeys: listingKeys,
  run: listObjectVersions,
}
