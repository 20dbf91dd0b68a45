import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/** The data folder cannot be used. The message is one sentence for the operator: which folder, and what to do. */
export class DataFolderError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'DataFolderError'
  }
}

/** Makes the folder, readable by its owner alone, when it is missing. An existing folder keeps its mode. */
export function makeFolder(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
}

/**
 * Makes an empty file, readable by its owner alone, unless there is one. An existing file is never opened: closing a
 * descriptor of it would drop the locks that SQLite holds on it for this process (fcntl(2)).
 */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/**
 * Takes the folder for this process until `release` or until the process ends, however it ends: the lock is the operating
 * system's, held through SQLite, so nothing stale is left behind. Not proof against a network file system without locks.
 */
export function lockFolder(directory: string): { release(): void } {
  const path = join(directory, 'lock.db')
  makeFile(path)
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw error
  }
  return { release: () => database.close() }
}

/** What to tell the operator when the folder cannot be opened. */
export function folderError(directory: string, error: unknown): DataFolderError {
  if (error instanceof DataFolderError) return error
  if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
    const advice = 'stop that process or choose another folder'
    return new DataFolderError(`The data folder ${directory} is in use by another process: ${advice}.`, error)
  }
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : 'unknown')
  const advice = 'make it a folder that this user may write to, or choose another one'
  return new DataFolderError(`The data folder ${directory} cannot be used (${reason}): ${advice}.`, error)
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return error.code === 'ERR_SQLITE_ERROR' ? error.message : error.code
}
