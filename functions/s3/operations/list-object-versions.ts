import { userElements } from '../acl/document.ts'
import { ownerOf } from '../acl/ownership.ts'
import { xmlAnswer } from '../answers.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import type { VersionEntry } from '../backing/listings-port.ts'
import type { BucketCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { parseCount } from '../parameters.ts'
import { group, s3Document, text, type Xml } from '../xml.ts'
import { listingKeys, MAX_KEY_BYTES, MAX_KEYS, parseEncoding } from './list-objects.ts'

/**
 * Lists the versions of objects, those of a key from the newest on (S3 API reference, ListObjectVersions).
 * @throws S3Error InvalidArgument
 */
async function listObjectVersions({ query, deps, bucket }: BucketCall) {
  const encode = parseEncoding(query, bucket)
  const limit = Math.min(parseCount(query, 'max-keys', { least: 0, most: 2_147_483_647 }) ?? MAX_KEYS, MAX_KEYS)
  const asked = (name: string) => query.get(name) ?? ''
  const [prefix, delimiter, key, versionId] = ['prefix', 'delimiter', 'key-marker', 'version-id-marker'].map(asked)
  const wish = { prefix: prefix ?? '', delimiter: delimiter ?? '', key: key ?? '', versionId: versionId ?? '', limit }
  verifyMarkers(query.has('version-id-marker'), wish)
  const { entries, next } = limit === 0 ? { entries: [] } : await deps.objects.listVersions(bucket, wish)
  return xmlAnswer(
    s3Document(
      'ListVersionsResult',
      text('Name', bucket.name),
      text('Prefix', encode(wish.prefix)),
      text('KeyMarker', encode(wish.key)),
      text('VersionIdMarker', wish.versionId),
      next && text('NextKeyMarker', encode(next.key)),
      next?.versionId === undefined ? undefined : text('NextVersionIdMarker', next.versionId),
      text('MaxKeys', limit),
      wish.delimiter === '' ? undefined : text('Delimiter', encode(wish.delimiter)),
      query.get('encoding-type') ? text('EncodingType', 'url') : undefined,
      text('IsTruncated', next !== undefined),
      ...entries.map((entry) => renderEntry(entry, encode, bucket)),
    ),
  )
}

/** @throws S3Error InvalidArgument */
function verifyMarkers(named: boolean, { key, versionId }: { readonly key: string; readonly versionId: string }): void {
  const invalid = (name: string, message?: string) =>
    new S3Error('InvalidArgument', { ...(message && { message }), elements: { ArgumentName: name } })
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw invalid('key-marker')
  if (key === '' && versionId !== '') {
    throw invalid('version-id-marker', 'A version-id marker cannot be specified without a key marker.')
  }
  if (named && key !== '' && versionId === '') {
    throw invalid('version-id-marker', 'A version-id marker cannot be empty.')
  }
}

function renderEntry(entry: VersionEntry, encode: (text: string) => string, bucket: Bucket): Xml {
  if (entry.kind === 'prefix') return group('CommonPrefixes', text('Prefix', encode(entry.prefix)))
  const { key, versionId, modifiedAt } = entry.object
  const known = [
    text('Key', encode(key)),
    text('VersionId', versionId),
    text('IsLatest', entry.latest),
    text('LastModified', new Date(modifiedAt).toISOString()),
  ]
  const owner = group('Owner', ...userElements(ownerOf(bucket, entry.kind === 'version' ? entry.object : {})))
  if (entry.kind === 'marker') return group('DeleteMarker', ...known, owner)
  const { etag, size } = entry.object
  return group(
    'Version',
    ...known,
    text('ETag', `"${etag}"`),
    text('Size', size),
    owner,
    text('StorageClass', 'STANDARD'),
  )
}

export const listObjectVersionsOperation: Operation = {
  on: 'bucket',
  action: 's3:ListBucketVersions',
  contextKeys: listingKeys,
  run: listObjectVersions,
}
