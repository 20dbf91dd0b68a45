import { createHash, randomBytes } from 'node:crypto'
import { DEMO_CLIENT, DEMO_USER } from './issuer.ts'

const base64url = (bytes: number) => randomBytes(bytes).toString('base64url')

/**
 * Logs the demo user in as a browser would: authorization code with PKCE, state and nonce (RFC 6749, RFC 7636) over HTTP.
 * Answers the id_token.
 */
export async function logIn(issuer: string): Promise<string> {
  const [verifier, state, nonce] = [base64url(32), base64url(16), base64url(16)]
  const discovery = await json(await fetch(`${issuer}/.well-known/openid-configuration`))
  const login = new URL(text(discovery, 'authorization_endpoint'))
  login.search = new URLSearchParams({
    client_id: DEMO_CLIENT.id,
    redirect_uri: DEMO_CLIENT.redirectUri,
    response_type: 'code',
    scope: 'openid',
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  const callback = await followToCallback(login)
  if (callback.searchParams.get('state') !== state) throw new Error('the provider sent back another state')
  const tokens = await json(
    await fetch(text(discovery, 'token_endpoint'), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: DEMO_CLIENT.redirectUri,
        client_id: DEMO_CLIENT.id,
        code_verifier: verifier,
      }),
    }),
  )
  return text(tokens, 'id_token')
}

/** Follows the provider's redirects with its cookies, sends the login form when it is shown, and stops at the callback. */
async function followToCallback(start: URL): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < 10; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form ? { method: 'POST', body: form } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    form = undefined
    if (location === null) {
      if (response.status !== 200) throw new Error(`the provider answered ${response.status} at ${url.pathname}`)
      form = new URLSearchParams({ user: DEMO_USER.name, password: DEMO_USER.password })
      continue
    }
    url = new URL(location, url)
    if (location.startsWith(DEMO_CLIENT.redirectUri)) return url
  }
  throw new Error('the login did not come to an end')
}

async function json(response: Response): Promise<Record<string, unknown>> {
  if (!response.ok) throw new Error(`${new URL(response.url).pathname} answered ${response.status}`)
  return (await response.json()) as Record<string, unknown>
}

function text(document: Record<string, unknown>, member: string): string {
  const value = document[member]
  if (typeof value !== 'string') throw new Error(`the provider's answer has no ${member}`)
  return value
}
