/** The last bucket holds what has no expiry, and what expires after the year 10,000. */
const LAST_BUCKET = 0xffffffff
const NAME = /^(\d{1,10})-(\d{1,6})\.log$/

/**
 * A file of records that expire in the same minute (its bucket). When that minute is over the file is removed whole, so
 * nothing is ever compacted. A bucket that outgrows one file goes on in the next part.
 */
export interface Segment {
  /** Never used twice in a process, so that the key table may outlive the segment. */
  id: number
  readonly bucket: number
  readonly part: number
  readonly path: string
  /** Bytes of whole records; the next one is written here. */
  size: number
  /** Sequence of the last record. */
  lastSequence: number
  /** Index entries that are not in the index file yet, flat. */
  pending: number[]
  /** Whether the folder's entry for this file is known to be on the disk. */
  entrySynced: boolean
  /** Takes no more records: it is full, or its disk failed. */
  sealed: boolean
}

/** The minute in which a row may be removed from the disk, once it has ended. `expiresAt` in seconds. */
export function bucketOf(expiresAt: number | undefined): number {
  if (expiresAt === undefined) return LAST_BUCKET
  return Math.max(0, Math.min(Math.floor(expiresAt / 60), LAST_BUCKET))
}

export function newSegment(path: string, { bucket, part }: { bucket: number; part: number }): Segment {
  return { id: 0, bucket, part, path, size: 0, lastSequence: 0, pending: [], entrySynced: false, sealed: false }
}

export function segmentName(bucket: number, part: number): string {
  return `${bucket}-${part}.log`
}

/** The bucket and part in a segment's file name; undefined when the file is something else. */
export function parseSegmentName(name: string): { bucket: number; part: number } | undefined {
  const match = NAME.exec(name)
  return match === null ? undefined : { bucket: Number(match[1]), part: Number(match[2]) }
}

export function indexPath(segment: Pick<Segment, 'path'>): string {
  return `${segment.path}.index`
}
