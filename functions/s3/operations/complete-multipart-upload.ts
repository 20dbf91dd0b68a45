import { checksumAlgorithmOf } from '@daypass/core/checksum/checksum.ts'
import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { xmlAnswer } from '../answers.ts'
import type { ChecksumType } from '../backing/port.ts'
import type { NamedPart } from '../backing/uploads-port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { checksumElements, checksumsIn } from '../checksum-elements.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { readListDocument } from '../list-document.ts'
import { parseWritePrecondition } from '../preconditions.ts'
import { versionHeader } from '../versions.ts'
import { s3Document, text } from '../xml.ts'
import { uploadName } from './upload-part.ts'
import { conditionNeeds, creationKeys } from './upload-rights.ts'

/** Parts with their checksums. */
const DOCUMENT = {
  root: 'CompleteMultipartUpload',
  item: 'Part',
  mostItems: 10_000,
  itemSize: 4 * 1024,
  size: 8 * 1024 * 1024,
} as const

const malformed = () => new S3Error('MalformedXML')

function parsePart(element: XmlElement): NamedPart {
  const [number, etag] = ['PartNumber', 'ETag'].map((name) => {
    const [found] = elementsOf(element, name)
    return found && textOf(found).trim()
  })
  if (!/^\d{1,5}$/.test(number ?? '') || etag === undefined) throw malformed()
  return { number: Number(number), etag: etag.replaceAll('"', ''), checksums: checksumsIn(element) }
}

function parseSize(text: string | undefined): { readonly size?: number } {
  if (text === undefined) return {}
  if (!/^\d{1,15}$/.test(text)) {
    throw new S3Error('InvalidRequest', { message: 'Value for x-amz-mp-object-size header is invalid.' })
  }
  return { size: Number(text) }
}

function parseType(text: string | undefined): { readonly checksumType?: ChecksumType } {
  const type = text?.toUpperCase()
  if (type === undefined) return {}
  if (type === 'COMPOSITE' || type === 'FULL_OBJECT') return { checksumType: type }
  throw new S3Error('InvalidRequest', { message: 'Value for x-amz-checksum-type header is invalid.' })
}

/**
 * The checksum of the whole that the request states. The body's own checksum, which some clients send, is none of these:
 * it cannot be told apart, and S3 takes the header as the object's.
 */
const statedChecksums = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const algorithm = checksumAlgorithmOf(name)
      return algorithm === undefined ? [] : [[algorithm, value]]
    }),
  )

/** Makes the object of the parts that the document lists. */
async function completeMultipartUpload(call: ObjectCall) {
  const { deps, request, bucket, key } = call
  const { headers } = request
  const precondition = parseWritePrecondition(headers, { tags: followsCeph(bucket) })
  const checksums = statedChecksums(headers)
  // What remains states the document: the object's checksum is no checksum of this body.
  const bodyHeaders = Object.fromEntries(Object.entries(headers).filter(([name]) => !checksumAlgorithmOf(name)))
  delete bodyHeaders['x-amz-sdk-checksum-algorithm']
  const body = { ...call, request: { ...request, headers: bodyHeaders } }
  const list = await readListDocument(body, DOCUMENT)
  if (!list || list.items.length === 0) throw malformed()
  if (elementsOf(list.root).some(({ name }) => name !== DOCUMENT.item)) throw malformed()
  const parts = list.items.map(parsePart)
  for (const [index, { number }] of parts.entries()) {
    if (number <= (parts[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder')
  }

  const object = await deps.objects.uploads.complete(bucket, uploadName(call), {
    parts,
    precondition,
    checksums,
    ...(followsCeph(bucket) && { partsProven: true as const }),
    ...parseType(headers['x-amz-checksum-type']),
    ...parseSize(headers['x-amz-mp-object-size']),
  })
  const origin = `${request.secure ? 'https' : 'http'}://${headers.host ?? ''}`
  const answer = xmlAnswer(
    s3Document(
      'CompleteMultipartUploadResult',
      text('Location', `${origin}/${bucket.name}/${key.split('/').map(encodeURIComponent).join('/')}`),
      text('Bucket', bucket.name),
      text('Key', key),
      text('ETag', `"${object.etag}"`),
      ...checksumElements(object.checksums),
      Object.keys(object.checksums).length > 0 ? text('ChecksumType', object.checksumType ?? 'FULL_OBJECT') : undefined,
    ),
  )
  return { ...answer, headers: { ...answer.headers, ...versionHeader(object) } }
}

export const completeMultipartUploadOperation: Operation = {
  on: 'object',
  action: 's3:PutObject',
  contextKeys: creationKeys,
  needs: conditionNeeds,
  run: completeMultipartUpload,
}
