import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrowserLogin, logInByBrowser } from '../../../cli/openid/browser-login.ts'
import { findProvider, giveBack } from '../../../cli/openid/provider.ts'
import type { OpenIdLogin } from '../../../cli/settings.ts'
import { comeBack, type FakeProvider, startFakeProvider } from '../identities.ts'

const CREDENTIALS = { AccessKeyId: 'a', SecretAccessKey: 's', SessionToken: 't', Expiration: '2030-01-01T00:00:00Z' }

let provider: FakeProvider
let exchanged: string[]
beforeEach(async () => {
  provider = await startFakeProvider()
  exchanged = []
})
afterEach(() => provider.close())

const login = (): OpenIdLogin => ({
  provider: 'openid',
  configEndpoint: new URL(`${provider.issuer.url}/.well-known/openid-configuration`),
  clientId: 'app',
  scopes: 'openid',
  port: 0,
})

/** A login that waits for the browser, and its link. */
async function waiting(timeout?: AbortSignal, more: Partial<BrowserLogin> = {}) {
  const { promise: link, resolve } = Promise.withResolvers<string>()
  const given: BrowserLogin = {
    login: login(),
    provider: await findProvider(login(), false),
    client: { id: 'app' },
    open: false,
    say: (line) => resolve(/https:\/\/\S+/.exec(line)?.[0] ?? ''),
    exchange: async (_idToken, subject) => {
      exchanged.push(subject)
      return CREDENTIALS
    },
    ...more,
  }
  const done = logInByBrowser(given, timeout)
  done.catch(() => {}) // Each test looks at it in its own time.
  return { done, link: await link }
}

describe('a login in the browser', () => {
  it('brings credentials, and what renews them with what must go with it', async () => {
    provider.answer = () => ({ body: { id_token: provider.idToken(), refresh_token: 'r' } })
    const { done, link } = await waiting(undefined, { client: { id: 'app', secret: 's' } })
    await comeBack(provider, link)
    const renewal = { refreshToken: 'r', subject: 'alice', nonce: provider.nonce, clientSecret: 's' }
    expect([await done, exchanged]).toEqual([{ credentials: CREDENTIALS, renewal }, ['alice']])
  })

  it('brings credentials alone where the provider gives no more', async () => {
    const { done, link } = await waiting()
    const page = await comeBack(provider, link)
    expect([await done, page.status]).toEqual([{ credentials: CREDENTIALS }, 200])
  })

  it.each([
    ['in the midst', async (abort: () => void) => abort()],
    ['before it began', undefined],
  ])('is over when its time is, %s', async (_what, later) => {
    const controller = new AbortController()
    if (!later) controller.abort()
    const { done, link } = await waiting(controller.signal)
    await later?.(() => controller.abort())
    await expect(done).rejects.toThrow('Nobody logged in within 5 minutes: start again when you are there.')
    await expect(comeBack(provider, link)).rejects.toThrow('fetch failed')
    expect(exchanged).toEqual([])
  })

  it('takes its state once, and leaves its port', async () => {
    const { done, link } = await waiting()
    let second: Response | undefined
    provider.answer = async () => {
      second = await comeBack(provider, link)
      return { body: { id_token: provider.idToken() } }
    }
    await comeBack(provider, link)
    await done
    expect([second?.status, provider.tokens.asked.length, exchanged]).toEqual([400, 1, ['alice']])
    await expect(comeBack(provider, link)).rejects.toThrow('fetch failed')
  })

  it('answers under no other host name', async () => {
    const { done, link } = await waiting()
    const back = new URL(new URL(link).searchParams.get('redirect_uri') ?? '')
    back.search = String(new URLSearchParams({ state: new URL(link).searchParams.get('state') ?? '', code: 'c' }))
    const [response] = await once(request(back, { headers: { host: 'rebound.example' } }).end(), 'response')
    expect([response.resume().statusCode, provider.tokens.asked]).toEqual([404, []])
    await comeBack(provider, link)
    await done
  })

  it('shows the browser why the exchange was refused', async () => {
    const { done, link } = await waiting(undefined, { exchange: () => Promise.reject(new TypeError('secret')) })
    const page = await comeBack(provider, link)
    await expect(done).rejects.toThrow('secret')
    expect([page.status, (await page.text()).includes('secret')]).toEqual([400, false])
  })
})

describe('a provider', () => {
  it.each([
    ['authorization_endpoint', 'authorization endpoint'],
    ['token_endpoint', 'token endpoint'],
    ['jwks_uri', 'key set'],
    ['revocation_endpoint', 'revocation endpoint'],
  ])('with a %s that others can read along with is refused, unless that is allowed', async (member, name) => {
    const readable = await startFakeProvider({ [member]: 'http://login.example/x' })
    const configEndpoint = new URL(`${readable.issuer.url}/.well-known/openid-configuration`)
    const found = findProvider({ ...login(), configEndpoint }, false)
    await expect(found).rejects.toThrow(`The ${name} http://login.example is http, where others can read along`)
    await findProvider({ ...login(), configEndpoint }, true)
    await readable.close()
  })

  it('gets its refresh token back', async () => {
    const found = { ...(await findProvider(login(), false)), revocationEndpoint: new URL(provider.tokens.url) }
    provider.answer = () => ({ body: '' })
    await giveBack(found, { id: 'app', secret: 's' }, 'r')
    const [asked] = provider.tokens.asked
    expect(Object.fromEntries(asked?.form ?? [])).toEqual({ token: 'r', token_type_hint: 'refresh_token' })
    expect(asked?.authorization).toBe(`Basic ${Buffer.from('app:s').toString('base64')}`)
    provider.answer = () => ({ status: 503, body: '' })
    await expect(giveBack(found, { id: 'app' }, 'r')).rejects.toThrow('did not take its refresh token back (503)')
    const nobody = { ...found, revocationEndpoint: new URL('http://127.0.0.1:1') }
    await expect(giveBack(nobody, { id: 'app' }, 'r')).rejects.toThrow('cannot be reached')
  })
})
