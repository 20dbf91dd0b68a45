import type { Clock, Log } from '../deps.ts'
import { type AccessKeyUse, accessKeyUseItem } from '../store/entities/access-key-use.ts'
import type { Store } from '../store/port.ts'

const APART_MS = 15 * 60_000
const MOST_REMEMBERED = 10_000

/**
 * Notes when a long-term key was used, for GetAccessKeyLastUsed: at most once in 15 minutes for each key in this process,
 * outside the request's path. Nobody waits for the write, and its failure is logged and otherwise ignored. To be called
 * for keys whose signature was verified.
 */
export function keyUseRecorder({
  store,
  clock,
  log,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}): (use: Omit<AccessKeyUse, 'usedAt'>) => void {
  const notedAt = new Map<string, number>()
  return (use) => {
    const now = clock.now()
    const last = notedAt.get(use.accessKeyId)
    if (last !== undefined && now - last < APART_MS) return
    if (notedAt.size >= MOST_REMEMBERED) notedAt.clear()
    notedAt.set(use.accessKeyId, now)
    store.put(accessKeyUseItem({ ...use, usedAt: Math.floor(now / 1000) })).catch((error: unknown) => {
      notedAt.delete(use.accessKeyId)
      log.warn({ event: 'key-use-not-noted', cause: error instanceof Error ? error.message : typeof error })
    })
  }
}
