import { chmodSync, linkSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findCredentials, settingsOf } from '../../cli/credentials.ts'
import { writeProfile } from '../../cli/profile/profile.ts'
import { type Renewal, readSession, withSession, writeSession } from '../../cli/session/session.ts'
import { bindingOf } from '../../cli/settings.ts'
import type { Surroundings } from '../../cli/surroundings.ts'
import { trusting, whoAmI } from '../infra/local/clients.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost, temporaryFolder } from '../support/local-host.ts'
import { type FakeProvider, startFakeProvider } from './identities.ts'

const PROFILE = 'work'
const MINUTE = 60_000
const NOW = Date.now()
const OLD = { AccessKeyId: 'ASIAOLD', SecretAccessKey: 'old-secret', SessionToken: 'old-token' }
const RENEWAL = { refreshToken: 'refresh-1', subject: 'alice', nonce: 'nonce-1' }

let provider: FakeProvider
let host: LocalHostProcess
let here: Surroundings
let said: string[]

beforeAll(async () => {
  provider = await startFakeProvider()
  host = await startLocalHost({ bootstrap: trusting(provider.issuer.url) })
})
afterAll(async () => {
  await provider.close()
  await endLocalHosts()
})
beforeEach(async () => {
  here = { env: {}, home: temporaryFolder(), platform: process.platform, now: () => NOW }
  said = []
  provider.nonce = RENEWAL.nonce
  provider.answer = () => ({ body: { id_token: provider.idToken(), refresh_token: 'refresh-2' } })
  provider.tokens.asked.length = 0
  await writeProfile(here, PROFILE, {
    daypass_endpoint: host.url,
    daypass_config_endpoint: `${provider.issuer.url}/.well-known/openid-configuration`,
    daypass_client_id: 'app',
    daypass_role_arn: 'arn:aws:iam::000000000000:role/full',
  })
})

/** Keeps a session of an hour that ends so many minutes from now. */
async function keep(minutes: number, renewal?: Renewal): Promise<void> {
  const end = NOW + minutes * MINUTE
  const credentials = { ...OLD, Expiration: new Date(end).toISOString() }
  const session = { binding: bindingOf(await settingsOf(here, PROFILE)), credentials, madeAt: end - 60 * MINUTE }
  await withSession(here, PROFILE, () => writeSession(here, PROFILE, { ...session, ...(renewal ? { renewal } : {}) }))
}
const find = () => findCredentials(here, PROFILE, (line) => said.push(line))
const kept = () => readSession(here, PROFILE)
const folder = () => join(here.home, '.cache/daypass')
const file = () => join(folder(), readdirSync(folder()).find((name) => name.endsWith('.json')) ?? '')

describe('kept credentials', () => {
  it.each([
    ['with three quarters of their time', 16, RENEWAL],
    ['that nothing can renew, to their end', 0.01, undefined],
  ])('%s are given as they are', async (_what, minutes, renewal) => {
    await keep(minutes, renewal)
    expect(await find()).toMatchObject(OLD)
    expect(provider.tokens.asked).toEqual([])
  })

  it.each([
    ['about to end', 15],
    ['over', -600],
  ])('that are %s are renewed', async (_what, minutes) => {
    await keep(minutes, RENEWAL)
    const made = await find()
    expect(await whoAmI(host.url, made)).toBe('arn:aws:sts::000000000000:assumed-role/full/alice')
    expect(Object.fromEntries(provider.tokens.asked[0]?.form ?? [])).toEqual({
      ...{ grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: 'app' },
    })
    expect(await kept()).toMatchObject({ credentials: made, madeAt: NOW, renewal: { refreshToken: 'refresh-2' } })
    expect([await find(), provider.tokens.asked.length, said]).toEqual([made, 1, []])
  })

  it('of a short session are renewed in the last quarter of its life', async () => {
    await keep(-600, RENEWAL)
    const session = await kept()
    if (!session) throw new Error('there is no session')
    const lasting = (minutes: number, left: number) => {
      const credentials = { ...OLD, Expiration: new Date(NOW + left * MINUTE).toISOString() }
      return writeSession(here, PROFILE, { ...session, credentials, madeAt: NOW - (minutes - left) * MINUTE })
    }
    await lasting(20, 5.1)
    expect(await find()).toMatchObject(OLD)
    await lasting(20, 5)
    expect(await find()).not.toMatchObject(OLD)
  })

  it('are renewed by one of many who ask at once', async () => {
    await keep(-1, RENEWAL)
    const all = await Promise.all(Array.from({ length: 8 }, find))
    expect([new Set(all.map(({ AccessKeyId }) => AccessKeyId)).size, provider.tokens.asked.length]).toEqual([1, 1])
  })

  it('keep a refresh token that the provider does not replace', async () => {
    provider.answer = () => ({ body: { id_token: provider.idToken({ nonce: undefined }) } })
    await keep(-1, RENEWAL)
    await find()
    expect((await kept())?.renewal).toEqual(RENEWAL)
  })

  it('are renewed with the client’s secret', async () => {
    await keep(-1, { ...RENEWAL, clientSecret: 'client-secret' })
    await find()
    const basic = Buffer.from('app:client-secret').toString('base64')
    expect(provider.tokens.asked[0]?.authorization).toBe(`Basic ${basic}`)
    expect((await kept())?.renewal?.clientSecret).toBe('client-secret')
  })
})

describe('a renewal', () => {
  const invalid = { status: 400, body: { error: 'invalid_grant', error_description: 'over\u001b[31m' } }
  const AGAIN = `Log in again with: daypass login --profile ${PROFILE}`

  it.each([
    [
      'that the provider refuses',
      () => invalid,
      'The provider did not renew the login (400): invalid_grant',
      undefined,
    ],
    ['without an id_token', () => ({ body: { access_token: 'a' } }), 'renews without an id_token', undefined],
    [
      'of another user',
      () => ({ body: { id_token: provider.idToken({ sub: 'mallory' }), refresh_token: 'r' } }),
      'it is of another user or login',
      undefined,
    ],
    [
      'of another login',
      () => ({ body: { id_token: provider.idToken({ nonce: 'other' }) } }),
      'it is of another user or login',
      undefined,
    ],
    [
      'for another client',
      () => ({ body: { id_token: provider.idToken({ aud: 'other' }), refresh_token: 'refresh-2' } }),
      'unexpected "aud" claim value',
      'refresh-2',
    ],
    [
      'that has expired',
      () => ({ body: { id_token: provider.idToken({ exp: 1 }) } }),
      '"exp" claim timestamp check failed',
      'refresh-1',
    ],
    ['of a provider that is ill', () => ({ status: 503, body: {} }), 'did not renew the login (503)', 'refresh-1'],
    ['of a provider that is busy', () => ({ status: 429, body: {} }), 'did not renew the login (429)', 'refresh-1'],
  ])('%s is none: what is left is given, and then nothing', async (_what, answer, sentence, refreshToken) => {
    provider.answer = answer
    await keep(5, RENEWAL)
    expect(await find()).toMatchObject(OLD)
    expect(said.join()).toContain(sentence)
    expect((await kept())?.renewal?.refreshToken).toBe(refreshToken)
    await keep(-1, RENEWAL)
    const refusal = find()
    await expect(refusal).rejects.toThrow(sentence)
    await expect(refusal).rejects.toThrow(AGAIN)
  })

  it('keeps the new refresh token when the exchange is refused', async () => {
    await writeProfile(here, PROFILE, { daypass_role_arn: 'arn:aws:iam::000000000000:role/nobody' })
    await keep(-1, RENEWAL)
    await expect(find()).rejects.toThrow(/was refused \(403 AccessDenied\).* Log in again/)
    expect((await kept())?.renewal?.refreshToken).toBe('refresh-2')
  })

  it('does not go to an endpoint where others can read along', async () => {
    const elsewhere = await startFakeProvider({ token_endpoint: 'http://login.example/token' })
    const discovery = `${elsewhere.issuer.url}/.well-known/openid-configuration`
    await writeProfile(here, PROFILE, { daypass_config_endpoint: discovery })
    await keep(-1, RENEWAL)
    await expect(find()).rejects.toThrow('The token endpoint http://login.example is http')
    await elsewhere.close()
  })
})

describe('a session', () => {
  it.each([
    ['client', { daypass_client_id: 'other' }],
    ['issuer', { daypass_config_endpoint: 'https://other.example/.well-known/openid-configuration' }],
    ['endpoint', { daypass_endpoint: 'https://sts.other.example' }],
    ['role', { daypass_role_arn: 'arn:aws:iam::000000000000:role/nothing' }],
    ['kind of provider', { daypass_provider: 'ldap', daypass_username: 'alice' }],
  ])('of another %s is not given, nor is its refresh token', async (_what, change) => {
    await keep(30, RENEWAL)
    await writeProfile(here, PROFILE, change)
    await expect(find()).rejects.toThrow('Nobody is logged in. Log in again with')
    expect(provider.tokens.asked).toEqual([])
  })

  it('is not there before a login', async () => {
    await expect(find()).rejects.toThrow('Nobody is logged in. Log in again with: daypass login --profile work')
    await expect(findCredentials(here, 'other', () => {})).rejects.toThrow('The profile other is not there yet')
  })

  it.each([0o640, 0o604, 0o660, 0o602])('in a file of mode %o is not used', async (mode) => {
    await keep(30)
    chmodSync(file(), mode)
    await expect(find()).rejects.toThrow('can be read or changed by other users, so it is not used')
  })

  it('behind a symbolic link is not used', async () => {
    await keep(30)
    const moved = join(here.home, 'moved')
    const path = file()
    renameSync(path, moved)
    symlinkSync(moved, path)
    await expect(find()).rejects.toThrow('is a link, which Daypass never makes: remove it.')
  })

  it('is not kept in a folder that others can change', async () => {
    await keep(-1, RENEWAL)
    chmodSync(folder(), 0o770)
    await expect(find()).rejects.toThrow('Other users can change what is in')
    expect(provider.tokens.asked).toEqual([])
  })

  it.each([
    ['no JSON', () => '{'],
    ['another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['no secret', (text: string) => text.replace('SecretAccessKey', 'x')],
    ['no time', (text: string) => text.replace(/"Expiration":"[^"]*"/, '"Expiration":"soon"')],
    ['half a refresh token', (text: string) => text.replace('"subject"', '"x"')],
    ['no binding', (text: string) => text.replace('"binding"', '"x"')],
  ])('with %s is none', async (_what, change) => {
    await keep(30, RENEWAL)
    writeFileSync(file(), change(readFileSync(file(), 'utf8')))
    await expect(find()).rejects.toThrow('holds no session: remove it, and log in again')
  })

  it('is written beside the old one and takes its place', async () => {
    await keep(30)
    const old = join(here.home, 'old')
    linkSync(file(), old)
    const before = readFileSync(old, 'utf8')
    await keep(40)
    expect([readFileSync(old, 'utf8') === before, readFileSync(file(), 'utf8') === before]).toEqual([true, false])
    expect(readdirSync(folder())).toHaveLength(1)
  })
})
