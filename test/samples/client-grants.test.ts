import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { whoAmI } from '../infra/local/clients.ts'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../support/local-host.ts'
import { sample } from './programs.ts'
import { startTokenEndpoint, type TokenAnswer, type TokenEndpoint } from './token-endpoint.ts'

const ACCOUNT = '000000000000'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/service`
const SECRET = 'client-secret-of-the-test'

let issuer: FakeIssuer
let endpoint: TokenEndpoint
let host: LocalHostProcess
let answer: () => TokenAnswer

beforeAll(async () => {
  issuer = await startFakeIssuer()
  endpoint = await startTokenEndpoint(() => answer())
  const name = issuer.url.replace('http://', '')
  host = await startLocalHost({
    bootstrap: {
      accounts: [
        {
          id: ACCOUNT,
          openIdConnectProviders: [{ Url: issuer.url, ClientIDList: ['service'] }],
          roles: [
            {
              RoleName: 'service',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: {
                  Effect: 'Allow',
                  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
                  Action: 'sts:AssumeRoleWithClientGrants',
                  Condition: { StringEquals: { [`${name}:azp`]: 'service' } },
                },
              },
            },
          ],
        },
      ],
    },
  })
})
beforeEach(() => {
  endpoint.asked.length = 0
  answer = () => ({ body: { access_token: issuer.sign({ aud: 'service', azp: 'service' }), token_type: 'Bearer' } })
})
afterAll(async () => {
  endpoint.close()
  await issuer.close()
  await endLocalHosts()
})

const run = (...more: string[]) =>
  sample('client-grants', [
    ...['--client-id', 'service', '--client-secret', SECRET, '--token-url', endpoint.url],
    ...['--endpoint', host.url, '--role-arn', ROLE, ...more],
  ])

describe('npm run sample:client-grants', () => {
  it('prints credentials that work', async () => {
    const { code, stdout, stderr } = await run()
    expect([code, stderr]).toEqual([0, ''])
    const { accessKey, secretKey, sessionToken, expiration } = JSON.parse(stdout)
    expect(Object.keys(JSON.parse(stdout))).toEqual(['accessKey', 'secretKey', 'expiration', 'sessionToken'])
    expect(Date.parse(expiration)).toBeGreaterThan(Date.now())
    const key = { AccessKeyId: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken }
    expect(await whoAmI(host.url, key)).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/service/client-service`)
  })

  it('asks the provider as RFC 6749 has it', async () => {
    await run('--scopes', 'a b')
    const [asked] = endpoint.asked
    expect([...(asked?.form ?? [])]).toEqual([
      ['grant_type', 'client_credentials'],
      ['scope', 'a b'],
    ])
    expect(asked?.authorization).toBe(`Basic ${Buffer.from(`service:${SECRET}`).toString('base64')}`)
  })

  it('takes the secret from its environment', async () => {
    const args = ['--client-id', 'service', '--token-url', endpoint.url, '--endpoint', host.url, '--role-arn', ROLE]
    expect((await sample('client-grants', args, { CLIENT_SECRET: SECRET })).code).toBe(0)
    expect(endpoint.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`service:${SECRET}`).toString('base64')}`)
  })

  it('lasts as long as it is told', async () => {
    const { stdout } = await run('--duration', '900')
    const left = Date.parse(JSON.parse(stdout).expiration) - Date.now()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(900_000)
  })

  it.each([
    [
      'the provider refuses the client',
      () => ({ status: 401, body: { error: 'invalid_client' } }),
      'The token endpoint refused the client (401): invalid_client.',
    ],
    ['the provider sends no token', () => ({ body: {} }), 'The token endpoint has sent no access_token.'],
    ['the provider sends a page', () => ({ body: '<html>' }), 'answered 200 without a JSON object.'],
    [
      'the provider leads elsewhere, where the secret must not go',
      () => ({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }),
      'answered 307 without a JSON object.',
    ],
    [
      'the token is for another',
      () => ({ body: { access_token: issuer.sign({ aud: 'other', azp: 'other' }) } }),
      'AssumeRoleWithClientGrants was refused (400 InvalidIdentityToken)',
    ],
    [
      'the role does not trust the client',
      () => ({ body: { access_token: issuer.sign({ aud: 'service', azp: 'other' }) } }),
      'AssumeRoleWithClientGrants was refused (403 AccessDenied)',
    ],
  ])('says one sentence when %s', async (_what, given, sentence) => {
    answer = given
    const { code, stdout, stderr } = await run()
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(new RegExp(`${SECRET}|eyJ|    at `))
  })

  it.each([
    ['the token endpoint', ['--token-url', 'http://127.0.0.1:1/'], 'The token endpoint at http://127.0.0.1:1/ cannot'],
    ['the STS endpoint', ['--endpoint', 'http://127.0.0.1:1/'], 'The STS endpoint at http://127.0.0.1:1/ cannot'],
  ])('says that %s cannot be reached', async (_what, more, sentence) => {
    const { code, stderr } = await run(...more)
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
  })

  it.each([
    ['no arguments', [], '--client-id is missing.'],
    ['no secret', ['--client-id', 'service', '--token-url', 'http://127.0.0.1:1/'], '--client-secret is missing.'],
    [
      'a token URL that is none',
      ['--client-id', 'service', '--client-secret', 's', '--token-url', 'token'],
      '--token-url must be an http or https URL, not "token".',
    ],
    ['what it does not know', ['--colour', 'red'], "Unknown option '--colour'"],
  ])('shows its usage for %s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await sample('client-grants', args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
    expect(stderr).toContain('npm run sample:client-grants -- --client-id ID --client-secret SECRET --token-url URL')
  })
})
