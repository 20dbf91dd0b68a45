import type { Client } from '../samples/login/provider.ts'
import { exchangeIdToken, exchangePassword } from './exchange.ts'
import { type LoggedIn, logInByBrowser } from './openid/browser-login.ts'
import { findProvider } from './openid/provider.ts'
import { membersOf, mergeOptions, readLoginFlags } from './options.ts'
import { askPassword, readPassword, type Terminal } from './password.ts'
import { processLine } from './process-line.ts'
import { parseProfileName } from './profile/name.ts'
import { demandOwnProfile, forgetKeys, readProfile, storable, writeKeys, writeProfile } from './profile/profile.ts'
import { withSession, writeSession } from './session/session.ts'
import { bindingOf, type DirectoryLogin, type OpenIdLogin, parseSettings, type Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

/** What a person sees and does. */
export interface Console {
  readonly input: Terminal
  /** Shows text on standard error, as it is. */
  readonly show: (text: string) => void
  readonly say: (line: string) => void
}

/** Where the running program is. */
export interface Login {
  readonly surroundings: Surroundings
  readonly console: Console
  readonly program: string
}

/** `daypass login`: lets the user prove who it is, and writes a profile that any AWS SDK can use. Throws ProgramError. */
export async function login({ surroundings, console, program }: Login, args: readonly string[]): Promise<void> {
  const { given, options: flags } = readLoginFlags(args)
  const profile = profileName(surroundings, given.profile)
  await demandOwnProfile(surroundings, profile)
  const known = await readProfile(surroundings, profile)
  const options = mergeOptions(known, flags)
  const settings = parseSettings(options)
  for (const [name, value] of Object.entries(options)) storable(name, value)
  const line = given.static ? undefined : await processLine(surroundings, program, profile)

  const source = settings.login
  const { credentials, renewal } =
    source.provider === 'openid'
      ? await byBrowser(settings, source, { surroundings, console, open: !given['no-open'] })
      : await byPassword(settings, source, console, given['password-stdin'])

  await withSession(surroundings, profile, async () => {
    const made = { binding: bindingOf(settings), credentials, madeAt: surroundings.now() }
    await writeSession(surroundings, profile, { ...made, ...(renewal && !given.static ? { renewal } : {}) })
    // An endpoint that somebody else set in the profile stays.
    const ownEndpoint = known?.get('endpoint_url') === known?.get('daypass_endpoint')
    await writeProfile(surroundings, profile, {
      ...membersOf(options),
      ...(ownEndpoint ? { endpoint_url: settings.endpoint.href } : {}),
      ...(given.region !== undefined || !known?.has('region') ? { region: given.region ?? 'us-east-1' } : {}),
      credential_process: line,
    })
    if (given.static) await writeKeys(surroundings, profile, credentials)
    else await forgetKeys(surroundings, profile)
  })
  console.say(
    `You are logged in until ${credentials.Expiration}${renewal && !given.static ? ', and renewed by then' : ''}.`,
  )
  console.say(`Try: aws sts get-caller-identity --profile ${profile}`)
}

/** The profile that is meant: the flag's, the environment's, or `daypass`. */
export const profileName = ({ env }: Surroundings, flag: string | undefined): string =>
  parseProfileName(flag ?? (env.AWS_PROFILE || 'daypass'))

async function byBrowser(
  settings: Settings,
  source: OpenIdLogin,
  { surroundings, console, open }: { surroundings: Surroundings; console: Console; open: boolean },
): Promise<LoggedIn> {
  const secret = surroundings.env.DAYPASS_CLIENT_SECRET
  const client: Client = { id: source.clientId, ...(secret ? { secret } : {}) }
  return logInByBrowser({
    login: source,
    provider: await findProvider(source, settings.allowHttp),
    client,
    open,
    say: console.say,
    exchange: (idToken, subject) => exchangeIdToken(settings, idToken, subject),
  })
}

async function byPassword(
  settings: Settings,
  source: DirectoryLogin,
  { input, show }: Console,
  isPiped: boolean,
): Promise<LoggedIn> {
  const password = isPiped
    ? await readPassword(input)
    : await askPassword(input, `Password of ${source.username}: `, show)
  return { credentials: await exchangePassword(settings, source, password) }
}
