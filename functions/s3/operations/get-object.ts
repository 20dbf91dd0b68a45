import { permitsOn, requireAsAsked } from '../access.ts'
import { findOnce, foundBefore } from '../acl/rights.ts'
import { emptyAnswer } from '../answers.ts'
import type { ObjectPart, StoredObject } from '../backing/port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { checksumHeaders, objectHeaders, parseOverrides, validators } from '../object-headers.ts'
import { oversizeAnswer } from '../oversize.ts'
import type { S3Response } from '../port.ts'
import { decideRead, rangeCounts } from '../preconditions.ts'
import { type ByteRange, parseRange } from '../range.ts'
import { requireObject } from '../versions.ts'
import { parsePartNumber } from './upload-part.ts'

type Headers = Readonly<Record<string, string>>

/** What a reader is answered before any byte of the content: all that GET and HEAD have in common. */
interface Head {
  readonly status: 200 | 206 | 304
  readonly headers: Headers
  readonly range?: ByteRange
}

/**
 * The part of the object that `partNumber` asks for. An object that was put at once is its own first part.
 * @throws S3Error InvalidPartNumber, InvalidArgument, InvalidRequest
 */
async function findPart(
  call: ObjectCall,
  object: StoredObject,
): Promise<(ObjectPart & { range: ByteRange }) | undefined> {
  if (!call.query.has('partNumber')) return undefined
  if (call.request.headers.range !== undefined) {
    throw new S3Error('InvalidRequest', { message: 'Cannot specify both Range header and partNumber query parameter' })
  }
  const number = parsePartNumber(call)
  const { size, checksums } = object
  const whole = number === 1 ? { number, size, checksums, range: { first: 0, last: size - 1 } } : undefined
  const part = object.parts === undefined ? whole : await call.deps.objects.part(call.bucket, object, number)
  if (!part && followsCeph(call.bucket)) throw new S3Error('InvalidPart')
  if (!part) throw new S3Error('InvalidPartNumber', { elements: { PartNumberRequested: String(number) } })
  return part
}

/** How many tags the object has, for those who may read them. */
async function tagCount(call: ObjectCall, { tagCount: count }: StoredObject): Promise<Headers> {
  if (!count) return {}
  const { bucket, key, versionId } = call
  const action = versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging'
  if (!(await permitsOn(call, action, bucket, key, new Map(), [], versionId))) return {}
  return { 'x-amz-tagging-count': String(count) }
}

/** @throws S3Error PreconditionFailed, InvalidRange, InvalidPartNumber, InvalidRequest */
async function answerHead(call: ObjectCall, object: StoredObject): Promise<Head> {
  const { headers } = call.request
  const overrides = parseOverrides(call.query, call.caller === undefined)
  if (decideRead(headers, object) === 'not-modified') return { status: 304, headers: validators(object) }
  const part = await findPart(call, object)
  const range = part ? part.range : rangeCounts(headers, object) ? parseRange(headers.range, object.size) : undefined
  const described = { ...objectHeaders(object), ...(await tagCount(call, object)), ...overrides }
  const wanted = headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
  const checksums = wanted ? checksumHeaders(part?.checksums ?? object.checksums, object.checksumType) : {}
  const count = part && object.parts !== undefined && { 'x-amz-mp-parts-count': String(object.parts) }
  if (range && range.last >= range.first) {
    const { first, last } = range
    const sent = {
      'content-length': String(last - first + 1),
      'content-range': `bytes ${first}-${last}/${object.size}`,
    }
    return { status: 206, headers: { ...described, ...(part && checksums), ...count, ...sent }, range }
  }
  return { status: 200, headers: { ...described, ...checksums, ...count, 'content-length': String(object.size) } }
}

/** What may make the answer less than the whole object. */
const LESSENING = ['range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']

const wantsAll = ({ request, query }: ObjectCall) =>
  !query.has('partNumber') && LESSENING.every((name) => request.headers[name] === undefined)

async function getObject(call: ObjectCall): Promise<S3Response> {
  const { deps, bucket, key, versionId } = call
  const known = await foundBefore(call, bucket, key, versionId)
  const found = await deps.objects.open(bucket, key, { whole: wantsAll(call), versionId, found: known })
  const opened = await requireObject(call, found)
  let head: Head
  try {
    await requireAsAsked(call, bucket, opened.object, versionId)
    head = await answerHead(call, opened.object)
  } catch (error) {
    await opened.close()
    throw error
  }
  if (head.status === 304) {
    await opened.close()
    return emptyAnswer(304, head.headers)
  }
  const { status, headers, range } = head
  let elsewhere: S3Response | undefined
  try {
    elsewhere = await oversizeAnswer(call, range ? range.last - range.first + 1 : opened.object.size)
  } catch (error) {
    await opened.close()
    throw error
  }
  if (elsewhere) {
    await opened.close()
    return elsewhere
  }
  return { status, headers, body: await opened.read(range) }
}

async function headObject(call: ObjectCall): Promise<S3Response> {
  const { bucket, key, versionId } = call
  const object = await requireObject(call, await findOnce(call, bucket, key, versionId))
  const { status, headers } = await answerHead(call, object)
  return { status, headers }
}

const reading = { on: 'object', action: 's3:GetObject', versionAction: 's3:GetObjectVersion' } as const

export const getObjectOperation: Operation = { ...reading, run: getObject }
export const headObjectOperation: Operation = { ...reading, run: headObject }
