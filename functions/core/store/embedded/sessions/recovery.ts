import { closeSync, openSync, readdirSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../../deps.ts'
import { hashKey } from './key-hash.ts'
import { KeyTable, type Location } from './key-table.ts'
import { decodeRecord, nextRecord, recordLength } from './record.ts'
import { indexPath, newSegment, parseSegmentName, type Segment } from './segment.ts'
import { addEntry, flushIndex, isIndexDue, REMOVED, readIndex, type TakeEntry } from './segment-index.ts'

/** What the folder holds, as the log needs it in memory. */
export interface Recovered {
  readonly segments: Map<number, Segment>
  readonly table: KeyTable
  /** Higher than any record's. */
  readonly sequence: number
}

/** About what an index file spends on a row; only a first guess for the table's size. */
const INDEX_BYTES_PER_ROW = 16

/**
 * Reads the segments that are not over: their index files, and the records behind what those cover. `readSequence` answers
 * the sequence of a stored record, undefined when it is damaged.
 */
export function recover(
  folder: string,
  firstBucket: number,
  log: Log,
  readSequence: (segment: Segment, location: Location) => number | undefined,
): Recovered {
  const found = findSegments(folder, firstBucket)
  const segments = new Map<number, Segment>()
  const table = new KeyTable((id) => segments.has(id), expectedRows(found))
  let sequence = 0

  /** Of two records of one row the one with the higher sequence counts; inside a bucket that is the one read later. */
  const isNewer = (location: Location, rival: Location): boolean => {
    const [mine, other] = [segments.get(location.segment), segments.get(rival.segment)]
    if (mine === undefined || other === undefined || mine.bucket === other.bucket) return true
    const rivalSequence = readSequence(other, rival)
    return rivalSequence !== undefined && (readSequence(mine, location) ?? Number.POSITIVE_INFINITY) > rivalSequence
  }

  const take = (segment: Segment, low: number, high: number, offset: number, length: number): void => {
    if (table.add(low, high, segment.id, offset, length)) return
    const location = { segment: segment.id, offset, length }
    const rival = table.find({ low, high })
    if (rival === undefined || isNewer(location, rival)) table.set({ low, high }, location)
  }

  /**
   * Damage before the end of a segment may hide a row's newer version (its revocation, say). So every row that was written
   * to that bucket before it is refused rather than guessed at, for good: its holder exchanges again.
   */
  const forgetBucket = (segment: Segment): void => {
    for (const { id, bucket, part, path } of [...segments.values()]) {
      if (bucket !== segment.bucket) continue
      segments.delete(id)
      if (part !== segment.part) removeFiles(path)
    }
    segment.pending = []
    rmSync(indexPath(segment), { force: true })
    segment.id += found.length
    segments.set(segment.id, segment)
  }

  for (const [index, segment] of found.entries()) {
    segment.id = index + 1
    segments.set(segment.id, segment)
    const size = statSync(segment.path).size
    const takeEntry: TakeEntry = (low, high, offset, length) => take(segment, low, high, offset, length)
    const covered = readIndex(segment, size, takeEntry)
    segment.size = covered.end
    segment.lastSequence = covered.lastSequence
    if (size > covered.end) {
      const damaged = scanTail(segment, size, log, { take: takeEntry, forget: () => forgetBucket(segment) })
      if (damaged || isIndexDue(segment)) flushIndex(segment)
    }
    sequence = Math.max(sequence, segment.lastSequence)
  }
  return { segments, table, sequence: sequence + 1 }
}

/**
 * Takes the records that the index file does not cover. What follows the last whole record is torn: it was never
 * acknowledged, and is cut off. Answers whether there was damage before that.
 */
function scanTail(
  segment: Segment,
  size: number,
  log: Log,
  { take, forget }: { take: TakeEntry; forget: () => void },
): boolean {
  const start = segment.size
  const bytes = readRange(segment.path, start, size)
  let damaged = false
  for (let at = 0; at < bytes.length; ) {
    const length = recordLength(bytes, at)
    if (length > 0) {
      const { pk, sequence, body } = decodeRecord(bytes, at)
      const [hash, taken] = [hashKey(pk), body === undefined ? length + REMOVED : length]
      take(hash.low, hash.high, start + at, taken)
      addEntry(segment, hash, start + at, taken)
      segment.lastSequence = Math.max(segment.lastSequence, sequence)
      at += length
      segment.size = start + at
      continue
    }
    const next = nextRecord(bytes, at + 1)
    if (next === undefined) {
      log.warn({ event: 'store.sessions.torn-record-cut', file: segment.path, bytes: bytes.length - at })
      truncateSync(segment.path, segment.size)
      break
    }
    log.error({ event: 'store.sessions.damaged', file: segment.path, offset: start + at, bytes: next - at })
    forget()
    damaged = true
    at = next
  }
  return damaged
}

/** Segments in the order of buckets and parts, the files of those that are over removed. */
function findSegments(folder: string, firstBucket: number): Segment[] {
  const found: Segment[] = []
  for (const name of readdirSync(folder)) {
    const parsed = parseSegmentName(name)
    if (parsed === undefined) continue
    const path = join(folder, name)
    if (parsed.bucket < firstBucket) removeFiles(path)
    else found.push({ ...newSegment(path, parsed), entrySynced: true })
  }
  return found.sort((a, b) => a.bucket - b.bucket || a.part - b.part)
}

function removeFiles(path: string): void {
  for (const file of [indexPath({ path }), path]) rmSync(file, { force: true })
}

function expectedRows(segments: readonly Segment[]): number {
  let bytes = 0
  for (const segment of segments) bytes += statSync(indexPath(segment), { throwIfNoEntry: false })?.size ?? 0
  return bytes / INDEX_BYTES_PER_ROW
}

function readRange(path: string, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(end - start)
  const descriptor = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start))
  } finally {
    closeSync(descriptor)
  }
}
