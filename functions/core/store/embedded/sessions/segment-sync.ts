import { fdatasync, fsync } from 'node:fs'
import { promisify } from 'node:util'
import type { Log } from '../../../deps.ts'
import { StoreUnavailable } from '../../port.ts'
import type { Segment } from './segment.ts'
import type { SegmentFiles } from './segment-files.ts'

const syncData = promisify(fdatasync)
const syncAll = promisify(fsync)

/** Half of the second that the design grants, so that a round may take the other half. */
const ROUND_MS = 500
/** Of the thread pool's four threads, which also resolve names and read files. */
const AT_ONCE = 2

interface Flight {
  readonly running: Promise<void>
  next?: Promise<void>
}

/** Brings segments to the disk, off the main thread: at once for those who wait, soon for the others. */
export class SegmentSync {
  readonly #files: SegmentFiles
  readonly #folder: number
  readonly #log: Log
  readonly #dirty = new Set<Segment>()
  readonly #flights = new Map<Segment, Flight>()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> = Promise.resolve()

  /** `folder` is an open descriptor of the segments' folder. */
  constructor(files: SegmentFiles, folder: number, log: Log) {
    this.#files = files
    this.#folder = folder
    this.#log = log
  }

  /** The segment will be on the disk within a second. */
  soon(segment: Segment): void {
    this.#dirty.add(segment)
    this.#timer ??= setTimeout(() => {
      this.#round = this.#round.then(() => this.#syncDirty())
    }, ROUND_MS).unref()
  }

  /** Resolves when all that was written to the segment before this call is on the disk. Those who wait together share one sync. */
  now(segment: Segment): Promise<void> {
    this.#dirty.delete(segment)
    const flight = this.#flights.get(segment)
    if (flight === undefined) return this.#start(segment)
    flight.next ??= flight.running.catch(() => undefined).then(() => this.#start(segment))
    return flight.next
  }

  /** Resolves when no sync of the segment is under way and none is due. */
  async settle(segment: Segment): Promise<void> {
    this.#dirty.delete(segment)
    for (let flight = this.#flights.get(segment); flight !== undefined; flight = this.#flights.get(segment)) {
      await (flight.next ?? flight.running).catch(() => undefined)
    }
  }

  /** Syncs all that is left. */
  async finish(): Promise<void> {
    await this.#round
    await this.#syncDirty()
    for (const segment of [...this.#flights.keys()]) await this.settle(segment)
  }

  async #syncDirty(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const due = [...this.#dirty]
    const worker = async () => {
      for (let segment = due.pop(); segment !== undefined; segment = due.pop()) {
        if (this.#dirty.has(segment)) await this.now(segment).catch(() => undefined)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  #start(segment: Segment): Promise<void> {
    const running = this.#sync(segment).finally(() => {
      if (this.#flights.get(segment)?.running === running) this.#flights.delete(segment)
    })
    this.#flights.set(segment, { running })
    return running
  }

  /** After a failed sync nobody knows what is on the disk, so the segment takes no more records; those it has stay readable. */
  async #sync(segment: Segment): Promise<void> {
    try {
      await this.#files.pinned(segment, (descriptor) => syncData(descriptor))
      if (segment.entrySynced) return
      await syncAll(this.#folder)
      segment.entrySynced = true
    } catch (error) {
      segment.sealed = true
      this.#log.error({ event: 'store.sessions.sync-failed', file: segment.path, reason: String(error) })
      throw new StoreUnavailable('a write could not be synced to the disk', { cause: error })
    }
  }
}
