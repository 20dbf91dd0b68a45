import { type Credentials, exchange } from '../samples/shared/exchange.ts'
import type { Settings } from './settings.ts'

/** Trades an id_token for credentials. Throws ProgramError with the refusal. */
export const exchangeIdToken = (settings: Settings, idToken: string, subject: string): Promise<Credentials> =>
  exchange(settings.endpoint, {
    Action: 'AssumeRoleWithWebIdentity',
    WebIdentityToken: idToken,
    ...asked(settings, subject),
  })

/** Trades a directory's user name and password for credentials. Throws ProgramError with the refusal. */
export const exchangePassword = (
  settings: Settings,
  user: { readonly username: string; readonly configName?: string },
  password: string,
): Promise<Credentials> =>
  exchange(settings.endpoint, {
    Action: 'AssumeRoleWithLDAPIdentity',
    LDAPUsername: user.username,
    LDAPPassword: password,
    ...(user.configName === undefined ? {} : { ConfigName: user.configName }),
    ...asked(settings, user.username),
  })

function asked({ roleArn, sessionName, duration }: Settings, subject: string): Readonly<Record<string, string>> {
  return {
    ...(roleArn === undefined ? {} : { RoleArn: roleArn, RoleSessionName: sessionName ?? nameOf(subject) }),
    ...(duration === undefined ? {} : { DurationSeconds: duration }),
  }
}

/** A session name has 2 to 64 characters of `[\w+=,.@-]`. */
const nameOf = (subject: string) =>
  subject
    .replace(/[^\w+=,.@-]/g, '-')
    .padEnd(2, '-')
    .slice(0, 64)
