import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock, Log } from '../../../deps.ts'
import { StoreUnavailable } from '../../port.ts'
import { makeFolder } from '../data-folder.ts'
import { hashKey, type KeyHash } from './key-hash.ts'
import type { KeyTable, Location } from './key-table.ts'
import { decodeRecord, encodeRecord, recordLength, type SessionRecord } from './record.ts'
import { recover } from './recovery.ts'
import { bucketOf, newSegment, type Segment, segmentName } from './segment.ts'
import { SegmentFiles } from './segment-files.ts'
import { addEntry, flushIndex, isIndexDue, REMOVED } from './segment-index.ts'
import { SegmentSync } from './segment-sync.ts'

/** A segment that has grown so far is followed by a next part; offsets stay small and no file takes long to remove. */
const PART_BYTES = 64 * 1024 * 1024

/** What was written, still to be synced by `syncSoon` or `syncNow`. */
export type Written = Segment

/**
 * Rows with an expiry, by one key, in append-only files by expiry minute. A row is written to the operating system before
 * `put` returns, so it survives the end of the process; a newer version or a removal is appended and never lies in an
 * earlier bucket than the version before it, so no file that is dropped brings an older version back.
 */
export class SessionLog {
  readonly #folder: string
  readonly #clock: Clock
  readonly #log: Log
  readonly #files = new SegmentFiles()
  readonly #folderDescriptor: number
  readonly #sync: SegmentSync
  readonly #segments: Map<number, Segment>
  readonly #table: KeyTable
  /** The part of each bucket that takes records. */
  readonly #open = new Map<number, Segment>()
  #sequence: number
  #lastId: number
  #buffer = Buffer.alloc(16 * 1024)

  constructor(folder: string, clock: Clock, log: Log) {
    makeFolder(folder)
    this.#folder = folder
    this.#clock = clock
    this.#log = log
    const firstBucket = this.#currentBucket()
    const recovered = recover(folder, firstBucket, log, (segment, at) => this.#record(segment, at)?.sequence)
    this.#segments = recovered.segments
    this.#table = recovered.table
    this.#sequence = recovered.sequence
    for (const segment of this.#segments.values()) this.#open.set(segment.bucket, segment)
    this.#lastId = Math.max(0, ...this.#segments.keys())
    this.#folderDescriptor = openSync(folder, 'r')
    fsyncSync(this.#folderDescriptor)
    this.#sync = new SegmentSync(this.#files, this.#folderDescriptor, log)
  }

  /** The row's body. Throws StoreUnavailable when its record is damaged: an older version must not stand in for it. */
  get(pk: string): string | undefined {
    const location = this.#table.find(hashKey(pk))
    if (location === undefined) return undefined
    const record = this.#storedRecord(location)
    return record.pk === pk ? record.body : undefined
  }

  put(pk: string, body: string, expiresAt: number | undefined): Written {
    const hash = hashKey(pk)
    const current = this.#table.find(hash)
    if (current !== undefined) this.#refuseCollision(pk, current)
    const bucket = Math.max(bucketOf(expiresAt), this.#currentBucket(), this.#bucketAt(current))
    const segment = this.#segmentFor(bucket)
    const { offset, length } = this.#append(segment, hash, { sequence: this.#sequence++, pk, body })
    this.#table.set(hash, { segment: segment.id, offset, length })
    return segment
  }

  /** Answers undefined when there is nothing to remove. */
  remove(pk: string): Written | undefined {
    const hash = hashKey(pk)
    const current = this.#table.find(hash)
    if (current === undefined) return undefined
    this.#refuseCollision(pk, current)
    const segment = this.#segmentFor(this.#bucketAt(current))
    this.#append(segment, hash, { sequence: this.#sequence++, pk, body: undefined })
    this.#table.delete(hash)
    return segment
  }

  syncSoon(segment: Written): void {
    this.#sync.soon(segment)
  }

  syncNow(segment: Written): Promise<void> {
    return this.#sync.now(segment)
  }

  /** Removes the files of the minutes that are over, then gives back the memory of their rows bit by bit. */
  async sweep(): Promise<void> {
    const firstBucket = this.#currentBucket()
    const over = [...this.#segments.values()].filter(({ bucket }) => bucket < firstBucket)
    if (over.length === 0) return
    for (const { id, bucket } of over) {
      this.#segments.delete(id)
      this.#open.delete(bucket)
    }
    for (const segment of over) {
      await this.#sync.settle(segment)
      await this.#files.remove(segment)
    }
    for (const _ of this.#table.prune()) await nextTurn()
  }

  async close(): Promise<void> {
    await this.#sync.finish()
    for (const segment of this.#segments.values()) this.#flushIndex(segment)
    this.#files.closeAll()
    closeSync(this.#folderDescriptor)
  }

  #currentBucket(): number {
    return bucketOf(this.#clock.now() / 1000)
  }

  #bucketAt(location: Location | undefined): number {
    return (location && this.#segments.get(location.segment)?.bucket) ?? 0
  }

  #segmentFor(bucket: number): Segment {
    const open = this.#open.get(bucket)
    if (open !== undefined && !open.sealed && open.size < PART_BYTES) return open
    const part = open === undefined ? 0 : open.part + 1
    const segment = newSegment(join(this.#folder, segmentName(bucket, part)), { bucket, part })
    segment.id = ++this.#lastId
    this.#files.create(segment)
    if (open !== undefined) this.#flushIndex(open)
    this.#segments.set(segment.id, segment)
    this.#open.set(bucket, segment)
    return segment
  }

  #append(segment: Segment, hash: KeyHash, record: SessionRecord): { offset: number; length: number } {
    const bytes = encodeRecord(record)
    const { size: offset } = segment
    const { length } = bytes
    this.#files.append(segment, bytes)
    segment.size += length
    segment.lastSequence = record.sequence
    addEntry(segment, hash, offset, record.body === undefined ? length + REMOVED : length)
    if (isIndexDue(segment)) this.#flushIndex(segment)
    return { offset, length }
  }

  /** The index file only shortens the next start, so a failure is told and tried again with the next batch. */
  #flushIndex(segment: Segment): void {
    try {
      flushIndex(segment)
    } catch (error) {
      this.#log.warn({ event: 'store.sessions.index-not-written', file: segment.path, reason: String(error) })
    }
  }

  /** Two keys of one hash cannot both be kept. Ids are random, so this asks the caller to draw another one. */
  #refuseCollision(pk: string, location: Location): void {
    const segment = this.#segments.get(location.segment)
    const stored = segment && this.#record(segment, location)
    if (stored && stored.pk !== pk) throw new StoreUnavailable('the key collides with another one')
  }

  #storedRecord(location: Location): SessionRecord {
    const segment = this.#segments.get(location.segment)
    const record = segment && this.#record(segment, location)
    if (record !== undefined) return record
    this.#log.error({
      event: 'store.sessions.damaged',
      file: segment?.path,
      offset: location.offset,
      bytes: location.length,
    })
    throw new StoreUnavailable('a stored session is damaged')
  }

  /** The record at a location; undefined when it is damaged. */
  #record(segment: Segment, { offset, length }: Location): SessionRecord | undefined {
    const bytes = length >= REMOVED ? length - REMOVED : length
    if (this.#buffer.length < bytes) this.#buffer = Buffer.alloc(bytes)
    const read = this.#buffer.subarray(0, bytes)
    if (this.#files.read(segment, read, offset) < bytes || recordLength(read, 0) !== bytes) return undefined
    return decodeRecord(read, 0)
  }
}
