import { createServer } from 'node:http'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { ACCOUNT, type Deployment, deploymentWith } from '../../../support/deployment.ts'
import { makeFakeKey, startFakeIssuer } from '../../../support/fake-issuer.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { forgedClaims } from './claims.ts'
import { type Forgery, type Workshop, withClaims, withHeader } from './forge.ts'
import { forgedHeaders } from './headers.ts'
import { forgedShapes } from './shapes.ts'

const CLIENT = 'app'
const issuer = await startFakeIssuer({ path: '/realms/demo' })
const askedOfForger: (string | undefined)[] = []
const forger = createServer((request, response) => {
  askedOfForger.push(request.url)
  response.writeHead(200).end(JSON.stringify({ keys: [] }))
})
await new Promise<void>((resolve) => forger.listen(0, '127.0.0.1', resolve))
const address = forger.address()
const here = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
afterAll(async () => {
  forger.close()
  await issuer.close()
})

const now = Math.floor(new ManualClock().now() / 1000)
const [rsa, ec] = issuer.keys
if (!rsa || !ec) throw new Error('the issuer has two keys')
const shop: Workshop = {
  rsa,
  ec,
  stranger: makeFakeKey('RS256'),
  now,
  claims: { iss: issuer.url, sub: 'alice', aud: CLIENT, iat: now, exp: now + 3600, policy: 'readwrite' },
}
const FORGERIES: readonly Forgery[] = [...forgedHeaders(shop, here), ...forgedShapes(shop), ...forgedClaims(shop)]

const trusts = (action: string) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.url.replace('http://', '')}` },
    Action: action,
  },
})
const registered = {
  id: ACCOUNT,
  openIdConnectProviders: [{ Url: issuer.url, ClientIDList: [CLIENT] }],
  roles: [
    { RoleName: 'web', AssumeRolePolicyDocument: trusts('sts:AssumeRoleWithWebIdentity') },
    { RoleName: 'grants', AssumeRolePolicyDocument: trusts('sts:AssumeRoleWithClientGrants') },
  ],
}
const byRole = await deploymentWith({}, registered)
const configured = {
  MINIO_IDENTITY_OPENID_CONFIG_URL: `${issuer.url}/.well-known/openid-configuration`,
  MINIO_IDENTITY_OPENID_CLIENT_ID: CLIENT,
}
const byClaim = await deploymentWith({ openIdSources: parseOpenIdSources(configured, ACCOUNT) })

const role = (name: string) => ({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`, RoleSessionName: 'forged' })
const WAYS: readonly [string, Deployment, (token: string) => Record<string, string>][] = [
  ['a role', byRole, (token) => ({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token, ...role('web') })],
  ['a role', byRole, (token) => ({ Action: 'AssumeRoleWithClientGrants', Token: token, ...role('grants') })],
  ['a claim', byClaim, (token) => ({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token })],
  ['a claim', byClaim, (token) => ({ Action: 'AssumeRoleWithClientGrants', Token: token })],
]
const exchanges = (token: string) =>
  Promise.all(WAYS.map(async ([, daypass, request]) => (await daypass.post(request(token))).error?.Code ?? 'granted'))

const fetchesBefore = { ...issuer.fetches }

describe('a token', () => {
  const odd: Record<string, string> = {
    'as it was issued': withClaims(shop, {}),
    'with a newline behind it': `${withClaims(shop, {})}\n`,
    'with white space around it': `\t ${withClaims(shop, {})}\r\n`,
    'without typ': withHeader(shop, { typ: undefined }),
    'that is an access token (RFC 9068)': withHeader(shop, { typ: 'at+jwt' }),
    'without kid, where one key fits': withHeader(shop, { kid: undefined }),
    'that names other keys, of which nobody asks': withHeader(shop, { jku: `${here}/jwks`, x5u: here, x5c: ['x'] }),
    'whose exp is 1e10': withClaims(shop, { exp: 1e10 }),
    'whose exp is a fraction': withClaims(shop, { exp: now + 0.5 }),
    'for several': withClaims(shop, { aud: ['other', CLIENT] }),
    'of its client': withClaims(shop, { aud: 'other', azp: CLIENT }),
    'with claims by the names of prototypes': withClaims(shop, {
      constructor: { x: 1 },
      toString: 'x',
      hasOwnProperty: 1,
    }),
  }
  it.each(Object.entries(odd))('%s is granted', async (_what, token) => {
    expect(await exchanges(token)).toEqual(['granted', 'granted', 'granted', 'granted'])
  })

  it.each(FORGERIES.map(({ what, token, code }) => ({ what, token, code: code ?? 'InvalidIdentityToken' })))(
    '$what is refused',
    async ({ token, code }) => expect(await exchanges(token)).toEqual([code, code, code, code]),
  )
})

describe('all of them together', () => {
  it('are some hundreds, and no two alike', () => {
    expect(FORGERIES.length).toBeGreaterThan(500)
    const twice = FORGERIES.filter(({ token }, at) => FORGERIES.findIndex((each) => each.token === token) !== at)
    expect(twice.map(({ what }) => what)).toEqual([])
    expect(new Set(FORGERIES.map(({ what }) => what)).size).toBe(FORGERIES.length)
  })

  it('made each deployment ask the issuer twice: for its keys, and once for a key that it does not know', () => {
    const asked = [issuer.fetches.discovery - fetchesBefore.discovery, issuer.fetches.jwks - fetchesBefore.jwks]
    expect(asked).toEqual([4, 4])
  })

  it('made nobody ask the forger', () => expect(askedOfForger).toEqual([]))

  it('left nothing of themselves in any log, beside the hash of each', () => {
    for (const daypass of [byRole, byClaim]) {
      const logged = JSON.stringify(daypass.logged)
      expect(logged.match(/"event":"exchange"|tokenSha256/g)?.length).toBeGreaterThan(FORGERIES.length)
      for (const { token } of FORGERIES) {
        const secrets = token.split('.').filter((part) => part.length > 40)
        for (const secret of secrets) expect(logged.includes(secret), secret).toBe(false)
      }
    }
  })
})
