import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { codeOf } from '../data-folder.ts'
import { indexPath, type Segment } from './segment.ts'

const MOST_OPEN = 128

/**
 * The open descriptors of segments, the least recently used closed first: a log of many expiry minutes has more files than
 * a process may hold open.
 */
export class SegmentFiles {
  readonly #open = new Map<Segment, number>()
  readonly #pinned = new Map<Segment, number>()

  create(segment: Segment): void {
    this.#keep(segment, openSync(segment.path, 'wx+', 0o600))
  }

  /** Appends one whole record, or throws and leaves the segment as it was. */
  append(segment: Segment, bytes: Buffer): void {
    const descriptor = this.#descriptor(segment)
    let written = 0
    try {
      while (written < bytes.length) {
        written += writeSync(descriptor, bytes, written, bytes.length - written, segment.size + written)
      }
    } catch (error) {
      if (written > 0) ftruncateSync(descriptor, segment.size)
      throw error
    }
  }

  /** Fills `target` from `offset` on; answers how many bytes there were. */
  read(segment: Segment, target: Buffer, offset: number): number {
    const descriptor = this.#descriptor(segment)
    let read = 0
    while (read < target.length) {
      const more = readSync(descriptor, target, read, target.length - read, offset + read)
      if (more === 0) break
      read += more
    }
    return read
  }

  /** Runs `work` with a descriptor that stays open until the work is done. */
  async pinned<T>(segment: Segment, work: (descriptor: number) => Promise<T>): Promise<T> {
    const descriptor = this.#descriptor(segment)
    this.#pinned.set(segment, (this.#pinned.get(segment) ?? 0) + 1)
    try {
      return await work(descriptor)
    } finally {
      const left = (this.#pinned.get(segment) ?? 1) - 1
      if (left > 0) this.#pinned.set(segment, left)
      else this.#pinned.delete(segment)
    }
  }

  /** Removes a segment's files, the index first so that none is left alone. No work on them may be under way. */
  async remove(segment: Segment): Promise<void> {
    this.close(segment)
    for (const path of [indexPath(segment), segment.path]) {
      await unlink(path).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error
      })
    }
  }

  close(segment: Segment): void {
    const descriptor = this.#open.get(segment)
    this.#open.delete(segment)
    if (descriptor !== undefined) closeSync(descriptor)
  }

  closeAll(): void {
    for (const segment of [...this.#open.keys()]) this.close(segment)
  }

  #descriptor(segment: Segment): number {
    const open = this.#open.get(segment)
    if (open === undefined) return this.#keep(segment, openSync(segment.path, 'r+'))
    if (this.#open.size < MOST_OPEN) return open
    this.#open.delete(segment)
    this.#open.set(segment, open)
    return open
  }

  #keep(segment: Segment, descriptor: number): number {
    if (this.#open.size >= MOST_OPEN) {
      for (const oldest of this.#open.keys()) {
        if (this.#pinned.has(oldest)) continue
        this.close(oldest)
        break
      }
    }
    this.#open.set(segment, descriptor)
    return descriptor
  }
}
