import { userElements } from '../acl/document.ts'
import { ownerOf } from '../acl/ownership.ts'
import { xmlAnswer } from '../answers.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import type { Listing, ListQuery } from '../backing/listings-port.ts'
import type { BucketCall, ContextKeys, Operation } from '../call.ts'
import { parseToken, tokenOf } from '../continuation-token.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { parseCount } from '../parameters.ts'
import type { Query } from '../query.ts'
import { group, s3Document, text, type Xml } from '../xml.ts'

/** S3's largest page; a larger wish is not an error. */
export const MAX_KEYS = 1000
export const MAX_KEY_BYTES = 1024

/** What a policy may ask about a listing: the parameters as they were sent, absent ones absent. */
export const listingKeys: ContextKeys = ({ query }) =>
  new Map(
    ['prefix', 'delimiter', 'max-keys'].flatMap((name) => {
      const value = query.get(name)
      return value === undefined ? [] : [[`s3:${name}`, [value]] as const]
    }),
  )

/** `encoding-type=url` writes names as forms do, a space as `+`; Ceph writes it as `%20`. */
export function parseEncoding(query: Query, bucket: Bucket): (value: string) => string {
  const encoding = query.get('encoding-type')
  if (encoding === undefined || encoding === '') return (value) => value
  if (encoding !== 'url') {
    throw new S3Error('InvalidArgument', {
      message: 'Invalid Encoding Method specified in Request',
      elements: { ArgumentName: 'encoding-type', ArgumentValue: encoding },
    })
  }
  const space = followsCeph(bucket) ? '%20' : '+'
  return (value) =>
    encodeURIComponent(value)
      .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', space)
      .replaceAll('%2F', '/')
}

/** A position in the listing. No key is longer than 1,024 bytes, and no store takes a longer position. */
export function parsePosition(query: Query, name: string): string {
  const position = query.get(name) ?? ''
  if (Buffer.byteLength(position) > MAX_KEY_BYTES)
    throw new S3Error('InvalidArgument', { elements: { ArgumentName: name } })
  return position
}

interface Page {
  readonly listing: Listing
  readonly maxKeys: number
  readonly encode: (value: string) => string
}

/** Fetches the page that both versions of the operation show. */
async function fetchPage({ query, deps, bucket }: BucketCall, after: string): Promise<Page> {
  const encode = parseEncoding(query, bucket)
  const maxKeys = Math.min(parseCount(query, 'max-keys', { least: 0, most: 2_147_483_647 }) ?? MAX_KEYS, MAX_KEYS)
  const wish: ListQuery = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    after,
    limit: maxKeys,
  }
  return { listing: maxKeys === 0 ? { entries: [] } : await deps.objects.list(bucket, wish), maxKeys, encode }
}

/** The objects, then the common prefixes; with their owner when asked. */
function renderEntries({ listing, encode }: Page, owners: Bucket | undefined): Xml[] {
  const objects = listing.entries.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : []))
  const prefixes = listing.entries.flatMap((entry) => (entry.kind === 'prefix' ? [entry.prefix] : []))
  return [
    ...objects.map((object) =>
      group(
        'Contents',
        text('Key', encode(object.key)),
        text('LastModified', new Date(object.modifiedAt).toISOString()),
        text('ETag', `"${object.etag}"`),
        ...Object.keys(object.checksums).map((algorithm) => text('ChecksumAlgorithm', algorithm.toUpperCase())),
        text('Size', object.size),
        owners && group('Owner', ...userElements(ownerOf(owners, object))),
        text('StorageClass', 'STANDARD'),
      ),
    ),
    ...prefixes.map((prefix) => group('CommonPrefixes', text('Prefix', encode(prefix)))),
  ]
}

/** The elements that both versions begin and end with. */
const common = ({ bucket, query }: BucketCall, { maxKeys, encode, listing }: Page): Xml[] => [
  text('Name', bucket.name),
  text('Prefix', encode(query.get('prefix') ?? '')),
  text('MaxKeys', maxKeys),
  ...(query.get('delimiter') ? [text('Delimiter', encode(query.get('delimiter') ?? ''))] : []),
  ...(query.get('encoding-type') ? [text('EncodingType', 'url')] : []),
  text('IsTruncated', listing.next !== undefined),
]

async function listObjectsV2(call: BucketCall) {
  const { query, bucket } = call
  const listType = query.get('list-type')
  if (listType !== '2') throw new S3Error('InvalidArgument', { elements: { ArgumentName: 'list-type' } })
  const token = query.get('continuation-token')
  const startAfter = parsePosition(query, 'start-after')
  const fromStart = token === '' && followsCeph(bucket)
  const page = await fetchPage(call, fromStart ? startAfter : (parseToken(token) ?? startAfter))
  const { next, entries } = page.listing
  return xmlAnswer(
    s3Document(
      'ListBucketResult',
      ...common(call, page),
      text('KeyCount', entries.length),
      ...(token === undefined ? [] : [text('ContinuationToken', token)]),
      ...(next === undefined ? [] : [text('NextContinuationToken', tokenOf(next))]),
      ...(startAfter === '' ? [] : [text('StartAfter', page.encode(startAfter))]),
      ...renderEntries(page, query.get('fetch-owner') === 'true' ? bucket : undefined),
    ),
  )
}

async function listObjectsV1(call: BucketCall) {
  const { query, bucket } = call
  const marker = parsePosition(query, 'marker')
  const page = await fetchPage(call, marker)
  const { next } = page.listing
  return xmlAnswer(
    s3Document(
      'ListBucketResult',
      ...common(call, page),
      text('Marker', page.encode(marker)),
      ...(next === undefined ? [] : [text('NextMarker', page.encode(next))]),
      ...renderEntries(page, bucket),
    ),
  )
}

const bucketListing = (run: (call: BucketCall) => ReturnType<typeof listObjectsV2>): Operation => ({
  on: 'bucket',
  action: 's3:ListBucket',
  contextKeys: listingKeys,
  run,
})

export const listObjectsV2Operation = bucketListing(listObjectsV2)
export const listObjectsOperation = bucketListing(listObjectsV1)
