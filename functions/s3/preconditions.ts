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
const modifiedSince = (object: StoredObject, date: number) => Math.floor(object.modifiedAt / 1000) * 1000 > date

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
 * What PutObject's If-Match and If-None-Match ask of the object that is there (S3 user guide, "conditional writes").
 * @throws S3Error NotImplemented for an If-None-Match that is not `*`, which is all that S3 takes; InvalidRequest for both
 */
export function parseWritePrecondition(headers: Headers): WritePrecondition {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw new S3Error('NotImplemented')
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw new S3Error('InvalidRequest', { message: 'If-Match and If-None-Match exclude each other.' })
  }
  return {
    check(existing) {
      if (ifNoneMatch !== undefined && existing) throw failed('If-None-Match')
      if (ifMatch === undefined) return
      if (!existing) throw new S3Error('NoSuchKey')
      if (!namesTag(ifMatch, existing.etag)) throw failed('If-Match')
    },
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
  }
}
