import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newStoredKey, parseStoredRing, type RingSource } from '@daypass/core/credentials/key-ring.ts'
import type { Clock } from '@daypass/core/deps.ts'

/** The source of a ring that lies in a file; the file is made with one key, mode 0600, when it is not there yet. */
export function ringFile(path: string, clock: Clock): RingSource {
  if (!exists(path)) writeWhole(path, JSON.stringify({ keys: [newStoredKey(clock.now())] }, undefined, 2))
  return async () => parseStoredRing(await readFile(path, 'utf8'))
}

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
  const file = openSync(`${path}.new`, 'w', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.new`, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
