import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { SettingsError } from '../settings.ts'
import { loginPage } from './login-page.ts'

export const DEMO_USER = { name: 'demo', password: 'demo-password' } as const
/** A public client with PKCE, as a command-line program is one (RFC 8252): any port of the loopback address may be called back. */
export const DEMO_CLIENT = {
  id: 'demo-app',
  redirectUri: 'http://127.0.0.1/callback',
  /** Of the sample that a browser logs in with (samples/web-identity.ts). */
  sampleRedirectUri: 'http://127.0.0.1/oauth2/callback',
} as const

export interface DemoIssuer {
  readonly url: string
  close(): Promise<void>
}

/**
 * The embedded OpenID provider: a real one (oidc-provider) with one user and one client, on the loopback address alone.
 * Its keys live as long as the process. Throws SettingsError when the port cannot be had.
 */
export async function startDemoIssuer(port: number): Promise<DemoIssuer> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portError(port, cause))).listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = quietly(() => new Provider(url, configuration))
  const answerProvider = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const interaction = /^\/interaction\/([\w-]+)$/.exec(request.url ?? '')
    if (!interaction) return answerProvider(request, response)
    answerLogin(provider, request, response).catch((error: Error) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`The login could not go on: ${error.message}\n`)
    })
  })
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portError(port: number, cause: NodeJS.ErrnoException): Error {
  const what = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${cause.code})`
  return new SettingsError(
    `Port ${port} for the embedded OpenID provider ${what}: stop the other program, or set DAYPASS_DEMO_ISSUER_PORT to another port.`,
    { cause },
  )
}

const configuration: Configuration = {
  clients: [
    {
      client_id: DEMO_CLIENT.id,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [DEMO_CLIENT.redirectUri, DEMO_CLIENT.sampleRedirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  ttl: { IdToken: 3600, AccessToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
}

/** GET shows the login form; POST checks user and password and lets the provider go on, or sends a user back who cancels. */
async function answerLogin(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'consent') return agree(provider, request, response, String(params.client_id), session?.accountId)
  if (request.method !== 'POST') return sendPage(response, 200, loginPage())
  const form = new URLSearchParams(await readForm(request))
  if (form.has('cancel')) {
    return provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'The user cancelled the login',
    })
  }
  if (!isDemoUser(form.get('user') ?? '', form.get('password') ?? '')) {
    return sendPage(response, 401, loginPage('User name or password is wrong.'))
  }
  await provider.interactionFinished(request, response, { login: { accountId: DEMO_USER.name } })
}

/** The demo's user agrees to what the demo's client asks for: there is no page for it. */
async function agree(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  clientId: string,
  accountId = '',
): Promise<void> {
  const grant = new provider.Grant({ clientId, accountId })
  grant.addOIDCScope('openid')
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}

function isDemoUser(user: string, password: string): boolean {
  const given = Buffer.from(JSON.stringify([user, password]))
  const right = Buffer.from(JSON.stringify([DEMO_USER.name, DEMO_USER.password]))
  return given.length === right.length && timingSafeEqual(given, right)
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'cache-control': 'no-store',
  })
  response.end(html)
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > 10_000) throw new Error('the form is too long')
  }
  return text
}

/** The provider warns on the console of defaults that a deployment in earnest must change; a demo keeps them. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console
  console.warn = () => {}
  console.info = () => {}
  try {
    return make()
  } finally {
    console.warn = warn
    console.info = info
  }
}
