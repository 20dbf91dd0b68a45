import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { settingsOf } from '../../cli/credentials.ts'
import { logout } from '../../cli/logout.ts'
import { writeProfile } from '../../cli/profile/profile.ts'
import { readSession, withSession, writeSession } from '../../cli/session/session.ts'
import { bindingOf } from '../../cli/settings.ts'
import type { Surroundings } from '../../cli/surroundings.ts'
import { endLocalHosts, temporaryFolder } from '../support/local-host.ts'
import { type FakeProvider, startFakeProvider } from './identities.ts'

const CREDENTIALS = { AccessKeyId: 'ASIAKEY', SecretAccessKey: 'secret-key', SessionToken: 'session-token' }
const RENEWAL = { refreshToken: 'refresh-1', subject: 'alice', nonce: 'n', clientSecret: 's' }

let provider: FakeProvider
let here: Surroundings
let said: string[]
/** What the STS endpoint was asked, and what it answers. */
let asked: string[]
let status: number
let document: object

const sts = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  asked.push(body)
  response.writeHead(status).end(JSON.stringify(document))
})

beforeAll(async () => {
  provider = await startFakeProvider()
  provider.answer = () => ({ body: '' })
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  sts.close()
  sts.closeAllConnections()
  await provider.close()
  await endLocalHosts()
})
beforeEach(async () => {
  here = { env: {}, home: temporaryFolder(), platform: process.platform, now: Date.now }
  said = []
  asked = []
  status = 200
  document = {}
  provider.tokens.asked.length = 0
  await writeProfile(here, 'work', {
    daypass_endpoint: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    daypass_config_endpoint: `${provider.issuer.url}/.well-known/openid-configuration`,
    daypass_client_id: 'app',
  })
})

async function keep(minutes = 60, more: object = { renewal: RENEWAL }): Promise<void> {
  const credentials = { ...CREDENTIALS, Expiration: new Date(here.now() + minutes * 60_000).toISOString() }
  const binding = bindingOf(await settingsOf(here, 'work'))
  const session = { binding, credentials, madeAt: here.now(), ...more }
  await withSession(here, 'work', () => writeSession(here, 'work', session))
}
const leave = (...more: string[]) => {
  const console = { input: new PassThrough(), show: () => {}, say: (line: string) => void said.push(line) }
  return logout(here, console, ['--profile', 'work', ...more])
}
const kept = () => readSession(here, 'work')

describe('daypass logout', () => {
  it('ends the session and gives the refresh token back', async () => {
    await keep()
    await leave()
    expect([asked, said, await kept()]).toEqual([
      ['Action=RevokeSessions&Version=2011-06-15'],
      ['You are logged out.'],
      undefined,
    ])
    const [given] = provider.tokens.asked
    expect(given?.form.get('token')).toBe('refresh-1')
    expect(given?.authorization).toBe(`Basic ${Buffer.from('app:s').toString('base64')}`)
  })

  it('asks nobody when there is nothing to end', async () => {
    await keep(-1, {})
    await leave()
    await leave()
    expect([asked, provider.tokens.asked, await kept()]).toEqual([[], [], undefined])
  })

  it('asks nobody when it is told so', async () => {
    await keep()
    await leave('--no-revoke')
    expect([asked, provider.tokens.asked, await kept()]).toEqual([[], [], undefined])
  })

  it.each(['ExpiredToken', 'InvalidClientTokenId'])('takes a session for ended that is over: %s', async (Code) => {
    status = 403
    document = { Error: { Code, Message: 'over' } }
    await keep()
    await leave()
    expect(await kept()).toBeUndefined()
  })

  it.each([
    ['refuses', 403, { Error: { Code: 'SignatureDoesNotMatch', Message: 'no' } }, '(SignatureDoesNotMatch): no'],
    ['is ill', 500, { Error: { Code: 'InternalFailure', Message: 'ill' } }, '(InternalFailure): ill'],
    ['leads elsewhere', 307, [], 'answered 307 without a JSON object'],
  ])('keeps everything when the endpoint %s', async (_what, answered, body, sentence) => {
    status = answered
    document = body
    await keep()
    await expect(leave()).rejects.toThrow(sentence)
    await expect(leave()).rejects.toThrow('daypass logout --no-revoke')
    expect([(await kept())?.renewal, provider.tokens.asked]).toEqual([RENEWAL, []])
  })

  it('says when the provider does not take its token back', async () => {
    await writeProfile(here, 'work', { daypass_config_endpoint: 'http://127.0.0.1:1/.well-known/openid-configuration' })
    await keep()
    await leave()
    expect(said[0]).toMatch(/^The refresh token is removed here, but may work on at the provider: .*cannot be reached/)
    expect(await kept()).toBeUndefined()
  })

  it('shows the session to no other endpoint, nor its refresh token to another issuer', async () => {
    await keep()
    await writeProfile(here, 'work', { daypass_client_id: 'other' })
    await leave()
    expect([asked, provider.tokens.asked, await kept()]).toEqual([[], [], undefined])
  })

  it('takes no keys away that somebody else wrote', async () => {
    const file = join(here.home, '.aws/credentials')
    await mkdir(join(here.home, '.aws'), { recursive: true })
    await writeFile(file, '[work]\naws_access_key_id = AKIAX\n')
    await leave()
    expect(readFileSync(file, 'utf8')).toBe('[work]\naws_access_key_id = AKIAX\n')
  })
})
