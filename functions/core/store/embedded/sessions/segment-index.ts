import { appendFileSync, closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { codeOf } from '../data-folder.ts'
import type { KeyHash } from './key-hash.ts'
import { indexPath, type Segment } from './segment.ts'

/** How many entries wait for each other: as many records are scanned per segment after a crash. */
const ENTRIES_PER_BATCH = 256
const HEADER_WORDS = 6
const ENTRY_WORDS = 4
/** Added to the length of a record that says that a row was removed. */
export const REMOVED = 0x80000000

/** Takes an index entry: the key's hash, and where the record lies. Plain numbers, since a start takes a million. */
export type TakeEntry = (low: number, high: number, offset: number, length: number) => void

/** Remembers a record of the segment for the next batch. REMOVED is added to the length of a removal. */
export function addEntry(segment: Segment, { low, high }: KeyHash, offset: number, length: number): void {
  segment.pending.push(low, high, offset, length)
}

/** Whether enough entries wait to be worth a write. */
export function isIndexDue(segment: Segment): boolean {
  return segment.pending.length >= ENTRIES_PER_BATCH * ENTRY_WORDS
}

/**
 * Appends what is pending to the segment's index file, as one batch: the CRC-32 of what follows, the number of entries, where in
 * the segment the batch ends, 0, the last sequence (f64), then the entries. It is a shortcut for the next start and need not be synced: what it lacks
 * is scanned, and a batch that is damaged or speaks of more than the segment holds is cut off.
 */
export function flushIndex(segment: Segment): void {
  if (segment.pending.length === 0) return
  const words = new Uint32Array(HEADER_WORDS + segment.pending.length)
  words[1] = segment.pending.length / ENTRY_WORDS
  words[2] = segment.size
  words.set(segment.pending, HEADER_WORDS)
  const bytes = Buffer.from(words.buffer)
  bytes.writeDoubleLE(segment.lastSequence, 16)
  words[0] = crc32(bytes.subarray(4))
  appendFileSync(indexPath(segment), bytes, { mode: 0o600 })
  segment.pending = []
}

/**
 * Reads the entries of a segment of `size` bytes, oldest first, and cuts off whatever is not sound. Answers how far into
 * the segment they reach and the last sequence there.
 */
export function readIndex(segment: Segment, size: number, take: TakeEntry): Coverage {
  const { words, bytes } = readWords(indexPath(segment))
  let covered: Coverage = { end: 0, lastSequence: 0 }
  let at = 0
  for (let batch = soundBatch(words, at); batch !== undefined && batch.end <= size; batch = soundBatch(words, at)) {
    for (let entry = at + HEADER_WORDS; entry < batch.next; entry += ENTRY_WORDS) {
      take(words[entry] ?? 0, words[entry + 1] ?? 0, words[entry + 2] ?? 0, words[entry + 3] ?? 0)
    }
    covered = batch
    at = batch.next
  }
  if (at * 4 < bytes) truncateSync(indexPath(segment), at * 4)
  return { end: covered.end, lastSequence: covered.lastSequence }
}

interface Coverage {
  readonly end: number
  readonly lastSequence: number
}

function soundBatch(words: Uint32Array, at: number): (Coverage & { next: number }) | undefined {
  const next = at + HEADER_WORDS + (words[at + 1] ?? 0) * ENTRY_WORDS
  if (at + HEADER_WORDS > words.length || next > words.length) return undefined
  const bytes = Buffer.from(words.buffer, words.byteOffset + at * 4, (next - at) * 4)
  if (crc32(bytes.subarray(4)) !== words[at]) return undefined
  return { next, end: words[at + 2] ?? 0, lastSequence: bytes.readDoubleLE(16) }
}

/** One for all files: a million sessions have 16 MB of them, which would be garbage as soon as they are read. */
let scratch = new Uint32Array(64 * 1024)

/** The file as whole words, good until the next call, and its size; empty when there is no file. */
function readWords(path: string): { words: Uint32Array; bytes: number } {
  const descriptor = openIfThere(path)
  if (descriptor === undefined) return { words: new Uint32Array(0), bytes: 0 }
  try {
    const { size } = fstatSync(descriptor)
    if (scratch.byteLength < size) scratch = new Uint32Array(Math.ceil(size / 4))
    const target = new Uint8Array(scratch.buffer)
    let bytes = 0
    while (bytes < size) {
      const more = readSync(descriptor, target, bytes, size - bytes, bytes)
      if (more === 0) break
      bytes += more
    }
    return { words: scratch.subarray(0, Math.floor(bytes / 4)), bytes }
  } finally {
    closeSync(descriptor)
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
