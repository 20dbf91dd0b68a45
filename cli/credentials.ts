import { ProgramError } from '../samples/shared/program.ts'
import { exchangeIdToken } from './exchange.ts'
import { findProvider, RenewalRefused, renew } from './openid/provider.ts'
import { rememberedOptions } from './options.ts'
import { readProfile } from './profile/profile.ts'
import {
  type Credentials,
  type Renewal,
  readSession,
  type Session,
  withSession,
  writeSession,
} from './session/session.ts'
import { bindingOf, parseSettings, type Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

/** A quarter of a session's life, a quarter of an hour at most, is kept for renewing: SDKs begin to ask again then. */
const RENEW_BEFORE_MS = 15 * 60_000

/** What a profile is about. Throws ProgramError when it is not one of ours, UsageError when it was spoilt. */
export async function settingsOf(surroundings: Surroundings, profile: string): Promise<Settings> {
  const options = rememberedOptions(await readProfile(surroundings, profile))
  if (options.endpoint === undefined) {
    throw new ProgramError(
      `The profile ${profile} is not there yet: make it with: daypass login --profile ${profile} …`,
    )
  }
  return parseSettings(options)
}

/**
 * A profile's credentials, renewed first when they are about to end and the provider gave a refresh token. Of many processes
 * one renews, and the others take what it brought. Throws ProgramError when the user must log in again. `say` shows a line.
 */
export async function findCredentials(
  surroundings: Surroundings,
  profile: string,
  say: (line: string) => void,
): Promise<Credentials> {
  const settings = await settingsOf(surroundings, profile)
  const kept = await boundSession(surroundings, profile, settings)
  if (kept && isFresh(surroundings, kept)) return kept.credentials
  return withSession(surroundings, profile, async () => {
    const session = await boundSession(surroundings, profile, settings)
    if (!session) throw logInAgain(profile, 'Nobody is logged in')
    if (isFresh(surroundings, session)) return session.credentials
    return await renewed(surroundings, profile, settings, session, say)
  })
}

async function boundSession(surroundings: Surroundings, profile: string, settings: Settings) {
  const session = await readSession(surroundings, profile)
  return session?.binding === bindingOf(settings) ? session : undefined
}

const timeLeft = ({ now }: Surroundings, { credentials }: Session) => Date.parse(credentials.Expiration) - now()

function isFresh(surroundings: Surroundings, session: Session): boolean {
  const life = Date.parse(session.credentials.Expiration) - session.madeAt
  return timeLeft(surroundings, session) > (session.renewal ? Math.min(RENEW_BEFORE_MS, life / 4) : 0)
}

async function renewed(
  surroundings: Surroundings,
  profile: string,
  settings: Settings,
  session: Session,
  say: (line: string) => void,
): Promise<Credentials> {
  const { renewal, ...rest } = session
  const { login } = settings
  if (!renewal || login.provider !== 'openid') throw logInAgain(profile, 'The login is over')
  let latest = renewal
  const keep = async (next: Renewal) => {
    latest = next
    await writeSession(surroundings, profile, { ...rest, renewal: next })
  }
  try {
    const provider = await findProvider(login, settings.allowHttp)
    const { clientSecret } = renewal
    const client = { id: login.clientId, ...(clientSecret === undefined ? {} : { secret: clientSecret }) }
    const idToken = await renew(provider, client, renewal, keep)
    const credentials = await exchangeIdToken(settings, idToken, renewal.subject)
    await writeSession(surroundings, profile, { ...rest, credentials, madeAt: surroundings.now(), renewal: latest })
    return credentials
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error
    if (error instanceof RenewalRefused) await writeSession(surroundings, profile, rest)
    if (timeLeft(surroundings, session) <= 0) throw logInAgain(profile, error.message.replace(/[.:]?$/, ''))
    say(error.message)
    return session.credentials
  }
}

const logInAgain = (profile: string, why: string) =>
  new ProgramError(`${why}. Log in again with: daypass login --profile ${profile}`)
