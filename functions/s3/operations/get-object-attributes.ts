import { findOnce } from '../acl/rights.ts'
import { xmlAnswer } from '../answers.ts'
import type { StoredObject } from '../backing/port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { checksumElements } from '../checksum-elements.ts'
import { S3Error } from '../errors.ts'
import { validators } from '../object-headers.ts'
import { parseCount } from '../parameters.ts'
import { decideRead } from '../preconditions.ts'
import { requireObject, versionHeader } from '../versions.ts'
import { group, s3Document, text, type Xml } from '../xml.ts'

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const
type Attribute = (typeof ATTRIBUTES)[number]

const MAX_PARTS = 1000

/** @throws S3Error InvalidArgument */
function parseAttributes(header: string | undefined): ReadonlySet<Attribute> {
  const names = (header ?? '').split(',').map((name) => name.trim())
  const found = names.flatMap((name) => ATTRIBUTES.filter((each) => each === name))
  if (found.length < names.length) {
    throw new S3Error('InvalidArgument', {
      message: 'Invalid attribute name specified.',
      elements: { ArgumentName: 'x-amz-object-attributes', ArgumentValue: header ?? '' },
    })
  }
  return new Set(found)
}

const checksumGroup = ({ checksums, checksumType = 'FULL_OBJECT' }: StoredObject): Xml | undefined =>
  Object.keys(checksums).length === 0
    ? undefined
    : group('Checksum', ...checksumElements(checksums), text('ChecksumType', checksumType))

/** Parts are told one by one only where they have checksums, as S3 does. */
async function partsGroup({ deps, bucket, request }: ObjectCall, object: StoredObject): Promise<Xml | undefined> {
  if (object.parts === undefined) return undefined
  const page = new Map(
    ['x-amz-max-parts', 'x-amz-part-number-marker'].map((name) => [name, request.headers[name] ?? '']),
  )
  const bounds = { least: 0, most: 2_147_483_647 }
  const limit = Math.min(parseCount(page, 'x-amz-max-parts', bounds) ?? MAX_PARTS, MAX_PARTS)
  const after = parseCount(page, 'x-amz-part-number-marker', bounds) ?? 0
  const found = limit === 0 ? { parts: [], more: false } : await deps.objects.parts(bucket, object, { after, limit })
  const { parts, more } = found
  return group(
    'ObjectParts',
    text('PartsCount', object.parts),
    text('PartNumberMarker', after),
    text('NextPartNumberMarker', parts.at(-1)?.number ?? 0),
    text('MaxParts', limit),
    text('IsTruncated', more),
    ...parts
      .filter(({ checksums }) => Object.keys(checksums).length > 0)
      .map(({ number, size, checksums }) =>
        group('Part', text('PartNumber', number), text('Size', size), ...checksumElements(checksums)),
      ),
  )
}

/** Tells the properties of an object that the request names. */
async function getObjectAttributes(call: ObjectCall) {
  const { bucket, key, request, versionId } = call
  const wanted = parseAttributes(request.headers['x-amz-object-attributes'])
  const object = await requireObject(call, await findOnce(call, bucket, key, versionId))
  if (decideRead(request.headers, object) === 'not-modified') return { status: 304, headers: validators(object) }
  const answer = xmlAnswer(
    s3Document(
      'GetObjectAttributesResponse',
      wanted.has('ETag') ? text('ETag', object.etag) : undefined,
      wanted.has('Checksum') ? checksumGroup(object) : undefined,
      wanted.has('ObjectParts') ? await partsGroup(call, object) : undefined,
      wanted.has('StorageClass') ? text('StorageClass', 'STANDARD') : undefined,
      wanted.has('ObjectSize') ? text('ObjectSize', object.size) : undefined,
    ),
  )
  const modified = { 'last-modified': validators(object)['last-modified'] ?? '' }
  return { ...answer, headers: { ...answer.headers, ...modified, ...versionHeader(object) } }
}

export const getObjectAttributesOperation: Operation = {
  on: 'object',
  action: 's3:GetObject',
  versionAction: 's3:GetObjectVersion',
  needs: ({ query }) => [
    { action: query.has('versionId') ? 's3:GetObjectVersionAttributes' : 's3:GetObjectAttributes' },
  ],
  run: getObjectAttributes,
}
