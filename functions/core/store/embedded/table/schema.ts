import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { DataFolderError, makeFile } from '../data-folder.ts'

const VERSION = 1

/** Keys are blobs: SQLite compares them byte by byte, and takes NUL and every code point as they are. */
const SCHEMA = `
  CREATE TABLE items (
    pk BLOB NOT NULL, sk BLOB NOT NULL, body TEXT NOT NULL, checksum INTEGER NOT NULL, expires_at REAL,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX items_by_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
  PRAGMA user_version = ${VERSION};`

/** Opens the table's database, making it first when there is none. Commits are synced to the disk before they return. */
export function openDatabase(directory: string): DatabaseSync {
  const path = join(directory, 'table.db')
  makeFile(path)
  const database = new DatabaseSync(path, { timeout: 5_000 })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
    const version = database.prepare('PRAGMA user_version').get()?.user_version
    if (version === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
    else if (version !== VERSION) {
      const message = `The data folder ${directory} was written by another version of Daypass: use that one, or another folder.`
      throw new DataFolderError(message, undefined)
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite keeps no checksum of its pages, so each row has one over its key and body. */
export function rowChecksum(pk: Uint8Array, sk: Uint8Array, body: string): number {
  return crc32(body, crc32(sk, crc32(pk)))
}
