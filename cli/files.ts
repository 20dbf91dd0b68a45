import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file's text, one character for each byte so that what we do not understand stays as it is; empty where there is none. */
export async function readBytes(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return ''
    throw error
  }
}

/**
 * Puts a file in another's place in one step, readable by its owner alone: whoever reads sees the old one or the new one,
 * whole. A symbolic link stays, and what it leads to is replaced.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch((error) => {
    if (isErrno(error, 'ENOENT')) return path
    throw error
  })
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const scratch = join(dirname(target), `.${basename(target)}.${randomBytes(8).toString('hex')}`)
  const file = await open(scratch, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    try {
      await file.writeFile(content, 'latin1')
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(scratch, target)
  } catch (error) {
    await rm(scratch, { force: true })
    throw error
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
