import { homedir } from 'node:os'
import { join } from 'node:path'

/** What a command reads of the machine that it runs on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export const thisMachine = (): Surroundings => ({
  env: process.env,
  home: homedir(),
  platform: process.platform,
  now: Date.now,
})

/** AWS's own variables name other files (AWS SDKs and Tools Reference Guide, "Location of the shared files"). */
export const configFile = ({ env, home }: Surroundings): string =>
  expanded(env.AWS_CONFIG_FILE, home) ?? join(home, '.aws', 'config')

export const credentialsFile = ({ env, home }: Surroundings): string =>
  expanded(env.AWS_SHARED_CREDENTIALS_FILE, home) ?? join(home, '.aws', 'credentials')

/** Where sessions are kept: the user's folder for what can be had again. */
export function cacheFolder({ env, home, platform }: Surroundings): string {
  if (env.DAYPASS_CACHE_DIR) return env.DAYPASS_CACHE_DIR
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'daypass')
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'daypass')
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'daypass')
}

function expanded(path: string | undefined, home: string): string | undefined {
  if (!path) return undefined
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path
}
