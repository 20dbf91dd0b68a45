import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_CLIENT, DEMO_USER } from '../../infra/local/demo/issuer.ts'
import { whoAmI } from '../infra/local/clients.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../support/local-host.ts'
import { endPrograms } from '../support/programs.ts'
import { SmallBrowser, unescaped } from './browser.ts'
import { runSample, sample } from './programs.ts'

const ROLE = 'arn:aws:iam::000000000000:role/demo'

let host: LocalHostProcess
let issuer: string
beforeAll(async () => {
  host = await startLocalHost({ script: 'start' })
  await host.until(/Daypass keeps serving/)
  issuer = (await host.until(/OpenID provider \((\S+)\)/))[1] ?? ''
})
afterEach(endPrograms)
afterAll(endLocalHosts)

const args = (...more: string[]) => [
  ...['--config-endpoint', `${issuer}/.well-known/openid-configuration`, '--client-id', DEMO_CLIENT.id],
  ...['--endpoint', host.url, '--port', '0', '--no-open', ...more],
]

/** Starts the sample and logs the demo user in by the link that it prints. */
async function logIn(...more: string[]) {
  const run = runSample('web-identity', args(...more))
  const [, link = ''] = await run.until(/Log in here:\s+(\S+)/)
  const browser = new SmallBrowser()
  const form = await browser.go(link)
  const page = await browser.submit(form, { user: DEMO_USER.name, password: DEMO_USER.password })
  return { run, page, link, code: (await run.ended).code }
}

describe('npm run sample:web-identity', () => {
  it('logs a user in and shows credentials that work and the buckets that they open', async () => {
    const { run, page, code } = await logIn('--role-arn', ROLE)
    expect([code, page.status, page.url.pathname]).toEqual([0, 200, '/oauth2/callback'])
    const { buckets, credentials } = JSON.parse(run.output.stdout)
    expect(buckets).toEqual(['demo-bucket'])
    expect(Object.keys(credentials)).toEqual(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'])
    expect(Date.parse(credentials.Expiration)).toBeGreaterThan(Date.now())
    expect(await whoAmI(host.url, credentials)).toBe('arn:aws:sts::000000000000:assumed-role/demo/user-demo')
    expect(unescaped(/<pre>([\s\S]*)<\/pre>/.exec(page.html)?.[1] ?? '')).toBe(run.output.stdout.trim())
  })

  it('ends when the user cancels at the provider', async () => {
    const run = runSample('web-identity', args('--role-arn', ROLE))
    const [, link = ''] = await run.until(/Log in here:\s+(\S+)/)
    const browser = new SmallBrowser()
    const page = await browser.submit(await browser.go(link), { cancel: '' })
    expect([(await run.ended).code, page.status, run.output.stdout]).toEqual([1, 400, ''])
    expect(run.output.stderr).toContain('The provider refused the login: access_denied: The user cancelled the login.')
  })

  it('shows a page that stays nowhere and can run nothing', async () => {
    const { page } = await logIn('--role-arn', ROLE)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/)
  })

  it('asks with PKCE, a state and a nonce that are new each time', async () => {
    const [one, two] = [await logIn('--role-arn', ROLE), await logIn('--role-arn', ROLE)].map(
      ({ link }) => new URL(link).searchParams,
    )
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one?.get(name)).toMatch(/^[\w-]{43}$/)
      expect(one?.get(name)).not.toBe(two?.get(name))
    }
    expect(one?.get('code_challenge_method')).toBe('S256')
    expect(one?.get('scope')).toBe('openid')
  })

  it('says in the terminal and in the browser why the token gives no rights', async () => {
    const { run, page, code } = await logIn()
    expect([code, page.status, run.output.stdout]).toEqual([1, 400, ''])
    const sentence = /AssumeRoleWithWebIdentity was refused \(\d+ \w+\): .+/.exec(run.output.stderr)?.[0] ?? 'none'
    expect(unescaped(page.html)).toContain(sentence)
  })

  it.each([
    [
      'a role that does not trust the user',
      `${ROLE}-other`,
      'AssumeRoleWithWebIdentity was refused (403 AccessDenied)',
    ],
    ['what is no role', 'role', 'AssumeRoleWithWebIdentity was refused (400 ValidationError)'],
  ])('is refused %s', async (_what, role, sentence) => {
    const { run, code } = await logIn('--role-arn', role)
    expect(code).toBe(1)
    expect(run.output.stderr).toContain(sentence)
  })

  it.each([
    ['no arguments', () => [], '--config-endpoint is missing.'],
    ['no client', () => ['--config-endpoint', `${issuer}/x`], '--client-id is missing.'],
    ['an argument that is none of its own', () => args('--colour', 'red'), "Unknown option '--colour'"],
    ['a word too many', () => args('more'), "Unexpected argument 'more'"],
    [
      'a port that is none',
      () => args('--port', '65536'),
      '--port must be a port number from 0 to 65535, not "65536".',
    ],
    ['an endpoint that is no URL', () => args('--endpoint', 'x'), '--endpoint must be an http or https URL, not "x".'],
    [
      'a discovery document in a file',
      () => args('--config-endpoint', 'file:///etc/passwd'),
      '--config-endpoint must be an http or https URL',
    ],
  ])('shows its usage for %s', async (_what, given, sentence) => {
    const { code, stderr, stdout } = await sample('web-identity', given())
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
    expect(stderr).toContain('npm run sample:web-identity -- --config-endpoint URL --client-id ID')
  })

  it('says one sentence when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await sample('web-identity', args('--port', String(port)))
    other.close()
    expect([code, stderr]).toEqual([1, `Port ${port} cannot be had (EADDRINUSE): choose another with --port.\n`])
  })
})
