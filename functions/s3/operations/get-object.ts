import { absence } from '../access.ts'
import { emptyAnswer } from '../answers.ts'
import type { StoredObject } from '../backing/port.ts'
import type { ObjectCall, Operation } from '../call.ts'
import { S3Error } from '../errors.ts'
import { checksumHeaders, objectHeaders, parseOverrides, validators } from '../object-headers.ts'
import type { S3Response } from '../port.ts'
import { decideRead, rangeCounts } from '../preconditions.ts'
import { type ByteRange, parseRange } from '../range.ts'

/** What a reader is answered before any byte of the content: all that GET and HEAD have in common. */
interface Head {
  readonly status: 200 | 206 | 304
  readonly headers: Readonly<Record<string, string>>
  readonly range?: ByteRange
}

/** @throws S3Error PreconditionFailed, InvalidRange, InvalidRequest, NotImplemented */
function answerHead({ request, query, caller }: ObjectCall, object: StoredObject): Head {
  const { headers } = request
  if (query.has('versionId') || query.has('partNumber')) {
    throw new S3Error('NotImplemented', { message: 'Versions and parts of objects are not implemented.' })
  }
  const overrides = parseOverrides(query, caller === undefined)
  if (decideRead(headers, object) === 'not-modified') return { status: 304, headers: validators(object) }
  const range = rangeCounts(headers, object) ? parseRange(headers.range, object.size) : undefined
  const described = { ...objectHeaders(object), ...overrides }
  if (range) {
    const { first, last } = range
    const part = {
      'content-length': String(last - first + 1),
      'content-range': `bytes ${first}-${last}/${object.size}`,
    }
    return { status: 206, headers: { ...described, ...part }, range }
  }
  const checksums = headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' ? checksumHeaders(object.checksums) : {}
  return { status: 200, headers: { ...described, ...checksums, 'content-length': String(object.size) } }
}

async function getObject(call: ObjectCall): Promise<S3Response> {
  const { deps, bucket, key } = call
  const opened = await deps.objects.open(bucket, key)
  if (!opened) throw await absence(call, bucket, key)
  let head: Head
  try {
    head = answerHead(call, opened.object)
  } catch (error) {
    await opened.close()
    throw error
  }
  if (head.status === 304) {
    await opened.close()
    return emptyAnswer(304, head.headers)
  }
  return { status: head.status, headers: head.headers, body: await opened.read(head.range) }
}

async function headObject(call: ObjectCall): Promise<S3Response> {
  const { deps, bucket, key } = call
  const object = await deps.objects.find(bucket, key)
  if (!object) throw await absence(call, bucket, key)
  const { status, headers } = answerHead(call, object)
  return { status, headers }
}

export const getObjectOperation: Operation = { on: 'object', action: 's3:GetObject', run: getObject }
export const headObjectOperation: Operation = { on: 'object', action: 's3:GetObject', run: headObject }
