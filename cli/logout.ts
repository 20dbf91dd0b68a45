import { readArguments } from '../samples/shared/arguments.ts'
import { ProgramError } from '../samples/shared/program.ts'
import { settingsOf } from './credentials.ts'
import { type Console, profileName } from './login.ts'
import { findProvider, giveBack } from './openid/provider.ts'
import { MEMBERS } from './options.ts'
import { forgetKeys, forgetProfile } from './profile/profile.ts'
import { revokeSession } from './revoke.ts'
import { forgetSession, readSession, type Session, withSession } from './session/session.ts'
import { bindingOf, type Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * `daypass logout`: ends the session at the endpoint, gives the refresh token back and removes both from this machine. Throws
 * ProgramError, and removes nothing, when the session could not be ended.
 */
export async function logout(surroundings: Surroundings, console: Console, args: readonly string[]): Promise<void> {
  const flag = { type: 'boolean', default: false } as const
  const options = { profile: { type: 'string' } as const, 'no-revoke': flag, forget: flag }
  const given = readArguments(args, options)
  const profile = profileName(surroundings, given.profile)
  const settings = await settingsOf(surroundings, profile)
  await withSession(surroundings, profile, async () => {
    if (!given['no-revoke']) {
      const session = await readSession(surroundings, profile)
      // Another endpoint than the one that made them is not shown what they are.
      if (session?.binding === bindingOf(settings)) await end(surroundings, settings, session, console)
    }
    await forgetSession(surroundings, profile)
    await forgetKeys(surroundings, profile)
    const ours = ['credential_process', 'endpoint_url', 'region']
    if (given.forget) await forgetProfile(surroundings, profile, [...MEMBERS, ...ours])
  })
  console.say('You are logged out.')
}

async function end(surroundings: Surroundings, settings: Settings, session: Session, console: Console): Promise<void> {
  const { credentials, renewal } = session
  const { login } = settings
  if (Date.parse(credentials.Expiration) > surroundings.now()) {
    try {
      await revokeSession(settings.endpoint, credentials, surroundings.now())
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
      throw new ProgramError(
        `${error.message} Try again, or let the session run out at ${credentials.Expiration} with: daypass logout --no-revoke`,
      )
    }
  }
  if (!renewal || login.provider !== 'openid') return
  const { refreshToken, clientSecret } = renewal
  try {
    const client = { id: login.clientId, ...(clientSecret === undefined ? {} : { secret: clientSecret }) }
    await giveBack(await findProvider(login, settings.allowHttp), client, refreshToken)
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error
    console.say(`The refresh token is removed here, but may work on at the provider: ${error.message}`)
  }
}
