import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Credentials } from '../../samples/shared/exchange.ts'
import { ProgramError } from '../../samples/shared/program.ts'
import { isErrno, replaceFile } from '../files.ts'
import { cacheFolder, configFile, type Surroundings } from '../surroundings.ts'
import { withLock } from './lock.ts'

export type { Credentials }

/** What brings the next session without the user: the provider's refresh token, and what must go with it. */
export interface Renewal {
  readonly refreshToken: string
  /** Whose it is. The next id_token must be of the same (OpenID Connect Core 1.0, 12.2). */
  readonly subject: string
  readonly nonce: string
  readonly clientSecret?: string
}

/** What is kept of a login. */
export interface Session {
  /** What it was made for: another issuer, client, role or endpoint finds nothing. */
  readonly binding: string
  readonly credentials: Credentials
  /** When they were made, in milliseconds since the epoch. */
  readonly madeAt: number
  readonly renewal?: Renewal
}

/**
 * Does `work` on what is kept for a profile while no other process does. Throws ProgramError when the folder is another
 * user's or others may change what is in it.
 */
export async function withSession<T>(surroundings: Surroundings, profile: string, work: () => Promise<T>): Promise<T> {
  const folder = cacheFolder(surroundings)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { mode, uid } = await stat(folder)
  if (hasOwners(surroundings) && (uid !== process.getuid?.() || (mode & 0o022) !== 0)) {
    throw new ProgramError(
      `Other users can change what is in ${folder}: make it yours alone (chmod 700), or name another with DAYPASS_CACHE_DIR.`,
    )
  }
  return withLock(surroundings, `${sessionFile(surroundings, profile)}.lock`, work)
}

/** Windows has no such bits: there the folder is the user's own. */
const hasOwners = ({ platform }: Surroundings) => platform !== 'win32'

/** One file for each profile of each config file. */
function sessionFile(surroundings: Surroundings, profile: string): string {
  const name = createHash('sha256')
    .update(`${configFile(surroundings)}\n${profile}`)
    .digest('hex')
  return join(cacheFolder(surroundings), `session-${name.slice(0, 32)}.json`)
}

/**
 * The session kept for a profile, or undefined where there is none. Throws ProgramError when the file is another user's,
 * can be read or written by others, is a link, or is no session: what it holds may then be somebody else's.
 */
export async function readSession(surroundings: Surroundings, profile: string): Promise<Session | undefined> {
  const path = sessionFile(surroundings, profile)
  const text = await readPrivate(path, surroundings)
  if (text === undefined) return undefined
  const session = parseSession(text)
  if (session) return session
  throw new ProgramError(
    `${path} holds no session: remove it, and log in again with: daypass login --profile ${profile}`,
  )
}

export const writeSession = (surroundings: Surroundings, profile: string, session: Session): Promise<void> =>
  replaceFile(sessionFile(surroundings, profile), JSON.stringify({ version: 1, ...session }))

export const forgetSession = (surroundings: Surroundings, profile: string): Promise<void> =>
  rm(sessionFile(surroundings, profile), { force: true })

async function readPrivate(path: string, surroundings: Surroundings): Promise<string | undefined> {
  let file: FileHandle
  try {
    file = await open(path, hasOwners(surroundings) ? constants.O_RDONLY | constants.O_NOFOLLOW : constants.O_RDONLY)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    if (isErrno(error, 'ELOOP')) throw new ProgramError(`${path} is a link, which Daypass never makes: remove it.`)
    throw error
  }
  try {
    const { mode, uid } = await file.stat()
    if (hasOwners(surroundings) && (uid !== process.getuid?.() || (mode & 0o077) !== 0)) {
      throw new ProgramError(
        `${path} can be read or changed by other users, so it is not used: remove it and log in again.`,
      )
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

function parseSession(text: string): Session | undefined {
  const document = objectOf(parseJson(text))
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = objectOf(document.credentials)
  const { binding, madeAt, version, renewal } = document
  if (version !== 1 || !isText(binding) || typeof madeAt !== 'number') return undefined
  if (!isText(AccessKeyId) || !isText(SecretAccessKey) || !isText(SessionToken) || !isText(Expiration)) return undefined
  if (Number.isNaN(Date.parse(Expiration))) return undefined
  const credentials = { AccessKeyId, SecretAccessKey, SessionToken, Expiration }
  if (renewal === undefined) return { binding, credentials, madeAt }
  const { refreshToken, subject, nonce, clientSecret } = objectOf(renewal)
  if (!isText(refreshToken) || !isText(subject) || !isText(nonce)) return undefined
  const secret = isText(clientSecret) ? { clientSecret } : {}
  return { binding, credentials, madeAt, renewal: { refreshToken, subject, nonce, ...secret } }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // What the caller says of it is that it is no session.
  }
}
