import { openBrowser } from '../../samples/login/browser.ts'
import { listenForCallback } from '../../samples/login/callback.ts'
import { type Client, loginUrl, newAttempt, type Provider, redeem } from '../../samples/login/provider.ts'
import type { Credentials } from '../../samples/shared/exchange.ts'
import { ProgramError } from '../../samples/shared/program.ts'
import type { Renewal } from '../session/session.ts'
import type { OpenIdLogin } from '../settings.ts'

const PATIENCE_MINUTES = 5

/** One login in the browser, from the link to credentials. */
export interface BrowserLogin {
  readonly login: OpenIdLogin
  readonly provider: Provider
  readonly client: Client
  /** Opens the user's browser; without it the link that is printed has to do. */
  readonly open: boolean
  /** Shows the user a line. */
  readonly say: (line: string) => void
  /** Trades the id_token; what it throws the browser shows too. */
  readonly exchange: (idToken: string, subject: string) => Promise<Credentials>
}

export interface LoggedIn {
  readonly credentials: Credentials
  readonly renewal?: Renewal
}

/**
 * Lets the user log in at the provider: authorization code with PKCE, state and nonce, back to the loopback address (RFC
 * 8252), once, within five minutes. Throws ProgramError when the provider, its token or the exchange refuses.
 */
export async function logInByBrowser(given: BrowserLogin, timeout = minutes(PATIENCE_MINUTES)): Promise<LoggedIn> {
  const { login, provider, client, say } = given
  const callback = await listenForCallback(login.port)
  try {
    const attempt = newAttempt(callback.redirectUri)
    const link = loginUrl(provider, client, login.scopes, attempt)
    say(`Log in here:\n\n  ${link}\n`)
    if (given.open) openBrowser(link)
    let loggedIn: LoggedIn | undefined
    const done = callback.waitFor(attempt.state, provider.issuer, async (code) => {
      const { idToken, claims, refreshToken } = await redeem(provider, client, attempt, code)
      const subject = claims.sub ?? ''
      const credentials = await given.exchange(idToken, subject)
      const renewal = refreshToken === undefined ? undefined : { refreshToken, subject, nonce: attempt.nonce }
      loggedIn = { credentials, ...(renewal ? { renewal: { ...renewal, ...secretOf(client) } } : {}) }
      return { sentence: 'You can close this page and go on in the terminal.' }
    })
    await Promise.race([done, over(timeout)])
    if (!loggedIn) throw new ProgramError('The login brought no credentials.')
    return loggedIn
  } finally {
    await callback.close()
  }
}

const minutes = (count: number) => AbortSignal.timeout(count * 60_000)

const secretOf = ({ secret }: Client) => (secret === undefined ? {} : { clientSecret: secret })

function over(timeout: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = () =>
      reject(new ProgramError(`Nobody logged in within ${PATIENCE_MINUTES} minutes: start again when you are there.`))
    if (timeout.aborted) refuse()
    timeout.addEventListener('abort', refuse, { once: true })
  })
}
