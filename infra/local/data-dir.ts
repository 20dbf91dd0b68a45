import { constants } from 'node:fs'
import { access, chmod, mkdir } from 'node:fs/promises'
import { SettingsError } from './settings.ts'

/** Makes the data folder, readable by its owner alone. Throws SettingsError when it cannot be used. */
export async function ensureDataDir(path: string): Promise<void> {
  try {
    const made = await mkdir(path, { recursive: true, mode: 0o700 })
    if (made !== undefined) await chmod(path, 0o700)
    await access(path, constants.W_OK | constants.R_OK | constants.X_OK)
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
    throw new SettingsError(
      `The data folder ${path} cannot be written${reason}: make it writable, or set DAYPASS_DATA_DIR to another folder.`,
      { cause },
    )
  }
}
