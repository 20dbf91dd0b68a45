import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KeyRing, newStoredKey, parseStoredRing, type RingSource } from '@daypass/core/credentials/key-ring.ts'
import type { Clock, Log } from '@daypass/core/deps.ts'
import { SettingsError } from './settings.ts'

interface Deps {
  readonly clock: Clock
  readonly log: Log
}

/**
 * The ring that lies in a file; the file is made with one key, mode 0600, when it is not there yet and `mayMake`. Throws
 * SettingsError when it cannot be read now, rather than at the first request that needs it;
 * when that befalls it later, the log says so.
 */
export async function openRing(path: string, { clock, log }: Deps, mayMake: boolean): Promise<KeyRing> {
  const source: RingSource = async () => parseStoredRing(await readFile(path, 'utf8'))
  try {
    if (mayMake && !exists(path)) writeWhole(path, JSON.stringify({ keys: [newStoredKey(clock.now())] }, undefined, 2))
    const ring = new KeyRing(source, clock, (cause) => {
      log.warn({ event: 'key-ring-unreadable', ring: path, failure: reasonOf(cause) })
    })
    await ring.sealingKey()
    return ring
  } catch (cause) {
    throw new SettingsError(`The key ring ${path} cannot be used (${reasonOf(cause)}): restore it from a backup.`, {
      cause,
    })
  }
}

const reasonOf = (cause: unknown) =>
  cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause)

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch (error) {
    // Any other failure must not end in a new ring: everything that the old one sealed would be lost.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Whole or not at all, and on the disk before it returns: what a ring has sealed is lost with the ring. */
function writeWhole(path: string, text: string): void {
  rmSync(`${path}.new`, { force: true }) // left by a start that was killed
  const file = openSync(`${path}.new`, 'wx', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.new`, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
