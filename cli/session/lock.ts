import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { ProgramError } from '../../samples/shared/program.ts'
import { isErrno } from '../files.ts'
import type { Surroundings } from '../surroundings.ts'

const PATIENCE_MS = 60_000
const POLL_MS = 50
/** Nothing that is done under a lock takes as long: every call gives up after 15 s. */
const STALE_MS = 120_000

/**
 * Does `work` while no other process does it under the same path. A lock whose process has gone, or that is older than any
 * work takes, is taken over. Throws ProgramError when the others do not come to an end within a minute.
 */
export async function withLock<T>(surroundings: Surroundings, path: string, work: () => Promise<T>): Promise<T> {
  const deadline = surroundings.now() + PATIENCE_MS
  while (!(await take(path))) {
    if (await isStale(surroundings, path)) await takeOver(surroundings, path)
    if (surroundings.now() > deadline) {
      throw new ProgramError(`Another daypass is at work for too long: end it, or remove ${path}, and try again.`)
    }
    await pause(POLL_MS)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(String(process.pid))
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

async function isStale({ now }: Surroundings, path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    const pid = Number(await readFile(path, 'utf8'))
    return now() - mtimeMs > STALE_MS || !isRunning(pid)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false
    throw error
  }
}

/** Two may find the same lock stale: whoever comes second must not remove the first one's new lock. So this is locked too. */
async function takeOver(surroundings: Surroundings, path: string): Promise<void> {
  const turn = `${path}.turn`
  if (!(await take(turn))) {
    if (await isStale(surroundings, turn)) await rm(turn, { force: true })
    return
  }
  try {
    if (await isStale(surroundings, path)) await rm(path, { force: true })
  } finally {
    await rm(turn, { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isErrno(error, 'ESRCH')
  }
}
