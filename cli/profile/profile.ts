import { ProgramError } from '../../samples/shared/program.ts'
import { readBytes, replaceFile } from '../files.ts'
import type { Credentials } from '../session/session.ts'
import { configFile, credentialsFile, type Surroundings } from '../surroundings.ts'
import { changeSection, readSection, removeFromSection } from './ini.ts'
import { configHeader, isConfigHeader, isCredentialsHeader } from './name.ts'

/** A profile's section of AWS's config file, by member. */
export type Members = ReadonlyMap<string, string>

/** Members that say where a profile's credentials come from. Two answers to that make neither of them reliable. */
const OTHER_SOURCES = [
  ...['aws_access_key_id', 'aws_secret_access_key', 'role_arn', 'source_profile', 'credential_source'],
  ...['web_identity_token_file', 'sso_session', 'sso_start_url', 'login_session'],
]
const KEYS = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'daypass_expiration'] as const
/** Only a section that we wrote has it. */
const MARK = { config: 'daypass_endpoint', credentials: 'daypass_expiration' } as const

/** What the config file says of a profile, or undefined where it says nothing. */
export async function readProfile(surroundings: Surroundings, profile: string): Promise<Members | undefined> {
  const members = readSection(await readBytes(configFile(surroundings)), isConfigHeader(profile))
  return members && new Map([...members].map(([name, value]) => [name, Buffer.from(value, 'latin1').toString()]))
}

/** Throws ProgramError for a profile whose credentials come from elsewhere: it is not ours to change. */
export async function demandOwnProfile(surroundings: Surroundings, profile: string): Promise<void> {
  const config = readSection(await readBytes(configFile(surroundings)), isConfigHeader(profile))
  const keys = readSection(await readBytes(credentialsFile(surroundings)), isCredentialsHeader(profile))
  const foreign =
    OTHER_SOURCES.find((name) => config?.has(name)) ??
    (config?.has('credential_process') && !config.has(MARK.config) ? 'credential_process' : undefined) ??
    (keys?.has('aws_access_key_id') && !keys.has(MARK.credentials) ? 'aws_access_key_id' : undefined)
  if (foreign === undefined) return
  throw new ProgramError(
    `The profile ${profile} is there already and has its credentials from elsewhere (${foreign}): name another one with --profile.`,
  )
}

/** Writes a profile's settings into AWS's config file. `undefined` takes a member away. */
export async function writeProfile(
  surroundings: Surroundings,
  profile: string,
  changes: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const checked = Object.entries(changes).map(([name, value]) => [name, value && storable(name, value)])
  const file = configFile(surroundings)
  const text = await readBytes(file)
  const changed = changeSection(text, isConfigHeader(profile), configHeader(profile), Object.fromEntries(checked))
  if (changed !== text) await replaceFile(file, changed)
}

export async function forgetProfile(
  surroundings: Surroundings,
  profile: string,
  members: readonly string[],
): Promise<void> {
  const file = configFile(surroundings)
  const text = await readBytes(file)
  const changed = removeFromSection(text, isConfigHeader(profile), members)
  if (changed !== text) await replaceFile(file, changed)
}

/** Writes keys themselves into AWS's credentials file, for programs that run no credential_process. */
export async function writeKeys(surroundings: Surroundings, profile: string, made: Credentials): Promise<void> {
  const file = credentialsFile(surroundings)
  const changed = changeSection(await readBytes(file), isCredentialsHeader(profile), profile, {
    aws_access_key_id: storable('access key', made.AccessKeyId),
    aws_secret_access_key: storable('secret key', made.SecretAccessKey),
    aws_session_token: storable('session token', made.SessionToken),
    daypass_expiration: made.Expiration,
  })
  await replaceFile(file, changed)
}

/** Takes the keys away that writeKeys wrote, and no others. */
export async function forgetKeys(surroundings: Surroundings, profile: string): Promise<void> {
  const file = credentialsFile(surroundings)
  const text = await readBytes(file)
  if (!readSection(text, isCredentialsHeader(profile))?.has(MARK.credentials)) return
  await replaceFile(file, removeFromSection(text, isCredentialsHeader(profile), KEYS))
}

/** What AWS's tools read back as it was written: one line, and no ` #`, which some of them take for a comment. */
export function storable(name: string, value: string): string {
  if (/\p{Cc}|^\s|\s$|\s[#;]/u.test(value)) {
    throw new ProgramError(`The ${name} cannot be kept in AWS's files, for it has a line end, outer spaces or " #".`)
  }
  return Buffer.from(value).toString('latin1')
}
