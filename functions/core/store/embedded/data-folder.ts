import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Primary result codes, sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** The data folder cannot be used. The message is one sentence for the operator: which folder, and what to do. */
export class DataFolderError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'DataFolderError'
  }
}

/**
 * Makes the folder, readable by its owner alone, when it is missing, and syncs its name to the disk. An existing folder
 * keeps its mode.
 */
export function makeFolder(directory: string): void {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = resolve(directory); ; made = dirname(made)) {
    syncFolder(dirname(made))
    if (made === resolve(first) || made === dirname(made)) return
  }
}

function syncFolder(directory: string): void {
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
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
  const [what, advice] = diagnose(error)
  return new DataFolderError(`The data folder ${directory} ${what}: ${advice}.`, error)
}

/** The system's code of an error (ENOENT …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function diagnose(error: unknown): [what: string, advice: string] {
  const sqliteCode = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
  if (sqliteCode === SQLITE_BUSY) return ['is in use by another process', 'stop that one or choose another folder']
  const reason = sqliteCode === undefined ? (codeOf(error) ?? String(error)) : String(error)
  if (sqliteCode === SQLITE_CORRUPT || sqliteCode === SQLITE_NOTADB) {
    return [`is damaged (${reason})`, 'restore it from a backup or choose another folder']
  }
  return [`cannot be used (${reason})`, 'make it a folder that this user may write to, or choose another one']
}
