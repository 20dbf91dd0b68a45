import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { discover, newAttempt, redeem } from '../../samples/login/provider.ts'
import { altered, compactJws, type FakeIssuer, makeFakeKey, startFakeIssuer } from '../support/fake-issuer.ts'
import { endPrograms, type Running } from '../support/programs.ts'
import { unescaped } from './browser.ts'
import { runSample } from './programs.ts'
import { startTokenEndpoint, type TokenAnswer, type TokenEndpoint } from './token-endpoint.ts'

/** Nothing answers there: what gets so far was not refused before. */
const NO_STS = 'http://127.0.0.1:1/'
const REACHED_STS = `The STS endpoint at ${NO_STS} cannot be reached`

let issuer: FakeIssuer
let endpoint: TokenEndpoint
let answer: (nonce: string) => TokenAnswer | Promise<TokenAnswer>
let nonce: string

const token = (claims: Record<string, unknown> = {}) => issuer.sign({ sub: 'alice', aud: 'app', nonce, ...claims })

beforeEach(async () => {
  issuer = await startFakeIssuer()
  answer = () => ({ body: { id_token: token() } })
  endpoint = await startTokenEndpoint(() => answer(nonce))
  discovery({})
})
afterEach(async () => {
  await endPrograms()
  endpoint.close()
  await issuer.close()
})

function discovery(more: Record<string, unknown>): void {
  issuer.misbehave.discovery = altered((document) => ({
    ...document,
    authorization_endpoint: 'https://login.example/authorize?tenant=7',
    token_endpoint: endpoint.url,
    ...more,
  }))
}

const args = (...more: string[]) => [
  ...['--config-endpoint', `${issuer.url}/.well-known/openid-configuration`, '--client-id', 'app'],
  ...['--endpoint', NO_STS, '--port', '0', '--no-open', ...more],
]

/** The sample once it waits for the browser, and the way back for which the provider would send it there. */
async function waiting(...more: string[]) {
  const run = runSample('web-identity', args(...more))
  const [, link = ''] = await run.until(/Log in here:\s+(\S+)/)
  const login = new URL(link)
  nonce = login.searchParams.get('nonce') ?? ''
  const state = login.searchParams.get('state') ?? ''
  const callback = (params: Record<string, string> | string) =>
    `${login.searchParams.get('redirect_uri')}?${new URLSearchParams(params)}`
  return { run, login, state, callback, comeBack: () => fetch(callback({ state, code: 'c' })) }
}

async function ended(run: Running): Promise<string> {
  expect([(await run.ended).code, run.output.stdout]).toEqual([1, ''])
  return run.output.stderr
}

describe('the login of the web identity sample', () => {
  it('keeps what the authorization endpoint has in its own query', async () => {
    const { login } = await waiting()
    expect(login.origin + login.pathname).toBe('https://login.example/authorize')
    expect(login.searchParams.get('tenant')).toBe('7')
  })

  it('redeems the code with its verifier and takes a token that is right', async () => {
    const { run, comeBack, login } = await waiting()
    await comeBack()
    expect(await ended(run)).toContain(REACHED_STS)
    const form = endpoint.asked[0]?.form
    expect([form?.get('code'), form?.get('client_id'), form?.get('redirect_uri')]).toEqual([
      'c',
      'app',
      login.searchParams.get('redirect_uri'),
    ])
    const verifier = Buffer.from(form?.get('code_verifier') ?? '')
    const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', verifier)).toString('base64url')
    expect(login.searchParams.get('code_challenge')).toBe(challenge)
  })

  it.each([
    ['in the header', undefined, `Basic ${Buffer.from('app:s%3A+%C3%A9').toString('base64')}`, null],
    ['in the form, where the provider says so', ['client_secret_post'], undefined, 's: é'],
  ])('shows a client’s secret to the token endpoint %s', async (_where, methods, authorization, secret) => {
    if (methods) discovery({ token_endpoint_auth_methods_supported: methods })
    const { run, comeBack } = await waiting('--client-secret', 's: é')
    await comeBack()
    await ended(run)
    expect([endpoint.asked[0]?.authorization, endpoint.asked[0]?.form.get('client_secret')]).toEqual([
      authorization,
      secret,
    ])
  })

  it.each([
    [
      'a state of another login',
      (_state: string) => ({ state: 'x'.repeat(43), code: 'c' }),
      'The state is not that of',
    ],
    ['no state', () => ({ code: 'c' }), 'The state is not that of'],
    ['an error without the state', () => ({ error: 'access_denied' }), 'The state is not that of'],
    ['a parameter twice', (state: string) => `state=${state}&code=c&code=d`, 'A parameter of the callback came twice.'],
  ])('refuses %s and waits on', async (_what, params, sentence) => {
    const { run, state, callback, comeBack } = await waiting()
    const refused = await fetch(callback(params(state)))
    expect([refused.status, endpoint.asked.length]).toEqual([400, 0])
    expect(unescaped(await refused.text())).toContain(sentence)
    await comeBack()
    expect(await ended(run)).toContain(REACHED_STS)
  })

  it('takes a state once', async () => {
    const { run, comeBack } = await waiting()
    let second: Response | undefined
    answer = async () => {
      second = await comeBack()
      return { body: { id_token: token() } }
    }
    await comeBack()
    await ended(run)
    expect([second?.status, endpoint.asked.length]).toEqual([400, 1])
    expect(await second?.text()).toContain('This login was used already')
  })

  it('knows no other path, method or host', async () => {
    const { callback, state, comeBack, run } = await waiting()
    const way = callback({ state, code: 'c' })
    expect((await fetch(new URL('/', way))).status).toBe(404)
    expect((await fetch(way, { method: 'POST' })).status).toBe(404)
    expect(await statusAt(way, 'rebound.example')).toBe(404)
    expect(endpoint.asked).toEqual([])
    await comeBack()
    await run.ended
  })

  it.each([
    [
      'the provider’s refusal',
      { error: 'access_denied', error_description: '<b>no\u001b[31m' },
      'The provider refused the login: access_denied: <b>no',
    ],
    ['no code', {}, 'The provider sent no code back.'],
    ['another provider', { code: 'c', iss: 'https://evil.example' }, 'Another provider than the one that was asked'],
  ])('ends with %s', async (_what, params, sentence) => {
    const { run, state, callback } = await waiting()
    const page = await fetch(callback({ state, ...params }))
    const html = await page.text()
    expect([page.status, html.includes('<b>')]).toEqual([400, false])
    expect(unescaped(html)).toContain(sentence)
    const stderr = await ended(run)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('\u001b')
    expect(endpoint.asked).toEqual([])
  })
})

async function statusAt(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

const document = () => new URL(`${issuer.url}/.well-known/openid-configuration`)

/** What the sample makes of the token that its code brings, in this process. */
async function redeemed() {
  const attempt = newAttempt('http://127.0.0.1/oauth2/callback')
  nonce = attempt.nonce
  return redeem(await discover(document()), { id: 'app' }, attempt, 'c')
}

describe('an id_token', () => {
  const stranger = makeFakeKey('RS256')
  it.each([
    ['of another login', () => token({ nonce: 'other' }), 'it was made for another login (nonce)'],
    ['without a nonce', () => token({ nonce: undefined }), 'it was made for another login (nonce)'],
    ['for another client', () => token({ aud: 'other' }), 'unexpected "aud" claim value'],
    ['that another client got', () => token({ aud: ['app', 'other'], azp: 'other' }), 'it was made for another client'],
    ['of another issuer', () => token({ iss: 'https://evil.example' }), 'unexpected "iss" claim value'],
    ['that has expired', () => token({ exp: 1 }), '"exp" claim timestamp check failed'],
    ['that never expires', () => token({ exp: undefined }), 'missing required "exp" claim'],
    ['of nobody', () => token({ sub: undefined }), 'missing required "sub" claim'],
    [
      'signed by a stranger',
      () => issuer.sign({ sub: 'alice', aud: 'app', nonce }, { key: stranger, kid: issuer.keys[0]?.kid ?? '' }),
      'signature verification failed',
    ],
    [
      'that nobody signed',
      () => compactJws({ alg: 'none' }, { sub: 'alice', aud: 'app', nonce }, stranger),
      '"alg" (Algorithm) Header Parameter value not allowed',
    ],
    [
      'signed with a shared secret',
      () => compactJws({ alg: 'HS256' }, { sub: 'alice', aud: 'app', nonce }, stranger),
      '"alg" (Algorithm) Header Parameter value not allowed',
    ],
    ['that is none', () => 'x.y', 'The id_token was refused: Invalid Compact JWS'],
  ])('%s is refused', async (_what, made, sentence) => {
    answer = () => ({ body: { id_token: made() } })
    await expect(redeemed()).rejects.toThrow(sentence)
  })

  it('that is right is taken', async () => {
    expect((await redeemed()).claims).toMatchObject({ sub: 'alice', aud: 'app', nonce })
  })

  it.each([
    [
      'a refusal',
      { status: 400, body: { error: 'invalid_grant', error_description: 'used' } },
      '(400): invalid_grant: used.',
    ],
    ['no id_token', { body: { access_token: 'a' } }, 'The token endpoint has sent no id_token.'],
    ['no JSON', { body: '<html>' }, 'answered 200 without a JSON object.'],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, 'answered 307 without'],
  ])('is missed when the token endpoint answers %s', async (_what, given, sentence) => {
    answer = () => given
    await expect(redeemed()).rejects.toThrow(sentence)
  })
})

describe('a discovery document', () => {
  it.each([
    ['of another issuer', { issuer: 'https://evil.example' }, 'is of the issuer https://evil.example'],
    ['without a token endpoint', { token_endpoint: undefined }, 'The discovery document has sent no token_endpoint.'],
    ['with a script for a login page', { authorization_endpoint: 'javascript:1' }, 'is no http or https URL'],
  ])('%s is refused', async (_what, change, sentence) => {
    discovery(change)
    await expect(discover(document())).rejects.toThrow(sentence)
  })
})
