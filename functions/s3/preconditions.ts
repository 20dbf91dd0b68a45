import type { StoredObject, WritePrecondition } from './backing/port.ts'
import { S3Error } from './errors.ts'

type Headers = Readonly<Record<string, string>>

/** What a read with preconditions comes to: the object, or word that the client's copy is still good. */
export type ReadOutcome = 'send' | 'not-modified'

const failed = (condition: string) => new S3Error('PreconditionFailed', { elements: { Condition: condition } })

/** Whether a list of entity tags (or `*`) names the tag; weak marks are put aside, since S3's tags are strong. */
function namesTag(list: string, etag: string): boolean {
  return list.split(',').some((tag) => {
    const bare = tag.trim().replace(/^W\//, '')
    return bare === '*' || bare === `"${etag}"` || bare === etag
  })
}

/** HTTP dates count whole seconds. */
const wholeSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000) * 1000
const modifiedSince = (object: StoredObject, date: number) => wholeSeconds(object.modifiedAt) > date

/**
 * Weighs If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of RFC 9110 13.2.2, where a tag
 * outranks a date. A date that cannot be read is ignored.
 * @throws S3Error PreconditionFailed
 */
export function decideRead(headers: Headers, object: StoredObject): ReadOutcome {
  const ifMatch = headers['if-match']
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '')
  const ifNoneMatch = headers['if-none-match']
  const since = Date.parse(headers['if-modified-since'] ?? '')
  if (ifMatch !== undefined) {
    if (!namesTag(ifMatch, object.etag)) throw failed('If-Match')
  } else if (!Number.isNaN(unmodifiedSince) && modifiedSince(object, unmodifiedSince)) {
    throw failed('If-Unmodified-Since')
  }
  if (ifNoneMatch !== undefined) return namesTag(ifNoneMatch, object.etag) ? 'not-modified' : 'send'
  return !Number.isNaN(since) && !modifiedSince(object, since) ? 'not-modified' : 'send'
}

/** Whether a Range header counts: If-Range, when present, must name the very version (RFC 9110 13.1.5). */
export function rangeCounts(headers: Headers, object: StoredObject): boolean {
  const ifRange = headers['if-range']
  if (ifRange === undefined) return true
  const date = Date.parse(ifRange)
  return ifRange.includes('"') || Number.isNaN(date) ? namesTag(ifRange, object.etag) : !modifiedSince(object, date)
}

/**
 * What PutObject's If-Match and If-None-Match ask of the object that is there (S3 user guide, "conditional writes"). `tags`:
 * If-None-Match may name entity tags, as Ceph takes them.
 * @throws S3Error NotImplemented for any other If-None-Match than `*`, which is all that S3 takes; InvalidRequest for both
 */
export function parseWritePrecondition(headers: Headers, { tags = false } = {}): WritePrecondition {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*' && !tags) throw new S3Error('NotImplemented')
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw new S3Error('InvalidRequest', { message: 'If-Match and If-None-Match exclude each other.' })
  }
  return {
    check(existing) {
      if (ifNoneMatch !== undefined && existing && namesTag(ifNoneMatch, existing.etag)) throw failed('If-None-Match')
      if (ifMatch === undefined) return
      if (!existing) throw new S3Error('NoSuchKey')
      if (!namesTag(ifMatch, existing.etag)) throw failed('If-Match')
    },
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
  }
}

/** Headers by which a removal asks what no other write asks. */
export const REMOVAL_CONDITIONS = ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size']

/**
 * What a removal asks of the object that is there, as Ceph has it: beside If-Match its size and the second of its last change;
 * where there is no object nothing is to be removed, which is no error, unless a delete marker is there, which is none that
 * fits (Ceph's documentation, "Object operations"; the two
 * headers are those of AWS's directory buckets).
 * @throws S3Error InvalidArgument for a date or a size that is none, and what `parseWritePrecondition` throws
 */
export function parseRemovalPrecondition(headers: Headers): WritePrecondition {
  const inWrite = parseWritePrecondition(headers)
  const time = headers['x-amz-if-match-last-modified-time']
  const size = headers['x-amz-if-match-size']
  const modifiedAt = time === undefined ? undefined : Date.parse(time)
  if (Number.isNaN(modifiedAt)) throw unreadable('x-amz-if-match-last-modified-time')
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw unreadable('x-amz-if-match-size')
  const asksMore = modifiedAt !== undefined || size !== undefined || (inWrite.ifMatch ?? '*').trim() !== '*'
  return {
    ...inWrite,
    check(existing, marked) {
      if (!existing) {
        if (marked && asksMore) throw failed('If-Match')
        return
      }
      inWrite.check(existing)
      if (modifiedAt !== undefined && wholeSeconds(existing.modifiedAt) !== wholeSeconds(modifiedAt)) {
        throw failed('If-Match-Last-Modified-Time')
      }
      if (size !== undefined && existing.size !== Number(size)) throw failed('If-Match-Size')
    },
    ...((modifiedAt !== undefined || size !== undefined) && { checkedHereAlone: true }),
  }
}

const unreadable = (name: string) => new S3Error('InvalidArgument', { elements: { ArgumentName: name } })
