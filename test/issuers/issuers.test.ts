import type { BootstrapPolicyDocument } from '@daypass/core/bootstrap/document.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import type { FetchedAnswer, Fetcher } from '@daypass/core/net/guarded-fetch.ts'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { compactJws, type FakeAlgorithm, makeFakeKey, publicJwk } from '../support/fake-issuer.ts'
import { claimNames, guides, readDiscovery, type TokenForm, tokenForms } from './forms.ts'

const GUIDES = guides()
const FORMS = tokenForms()
const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000
const ROLE = `arn:aws:iam::${ACCOUNT}:role/trusted`

const json = (document: unknown): FetchedAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(document)),
})

/** Answers as the service does: its documents at their own addresses, with two keys of which one signs. */
function serviceOf(form: TokenForm, discovery: Readonly<Record<string, unknown>>) {
  const alg = form.header.alg as FakeAlgorithm
  const kid = form.key?.kid as string | undefined
  const [signing, other, stranger] = [
    makeFakeKey(alg, kid === undefined ? {} : { kid }),
    makeFakeKey(alg),
    makeFakeKey(alg),
  ]
  const published = [other, signing].map((key) => {
    const jwk = { ...publicJwk(key), ...form.key, kid: key.kid }
    return Object.fromEntries(Object.entries(jwk).filter(([, value]) => value !== null))
  })
  const asked: string[] = []
  const fetch: Fetcher = async ({ href }) => {
    asked.push(href)
    if (href === `${String(discovery.issuer).replace(/\/$/, '')}/.well-known/openid-configuration`)
      return json(discovery)
    if (href === discovery.jwks_uri) return json({ keys: published })
    return { status: 404, headers: {}, body: Buffer.from('not found') }
  }
  const sign = (changes: Readonly<Record<string, unknown>> = {}, key = signing) => {
    const claims = { ...form.claims, iat: NOW, nbf: NOW, exp: NOW + form.lifetimeSeconds, ...changes }
    const kept = Object.entries(claims).filter(([, value]) => value !== null)
    return compactJws({ ...form.header, kid: signing.kid }, Object.fromEntries(kept), key)
  }
  return { fetch, asked, sign, stranger }
}

const guideOf = ({ guide }: TokenForm) => GUIDES.get(guide) ?? expect.fail(`docs/issuers.md has no section "${guide}"`)

const accountWith = (form: TokenForm, trustPolicy: BootstrapPolicyDocument = guideOf(form).trustPolicy) => ({
  id: ACCOUNT,
  openIdConnectProviders: [{ Url: guideOf(form).url, ClientIDList: [...guideOf(form).clientIds] }],
  roles: [{ RoleName: 'trusted', AssumeRolePolicyDocument: trustPolicy, MaxSessionDuration: 43_200 }],
})

const exchange = (daypass: Deployment, { action }: TokenForm, token: string) =>
  daypass.post({
    Action: action,
    RoleArn: ROLE,
    RoleSessionName: 'session',
    [action === 'AssumeRoleWithWebIdentity' ? 'WebIdentityToken' : 'Token']: token,
  })

describe.each(FORMS)('a token of %s', (_name, form, discovery) => {
  const service = serviceOf(form, discovery)
  const deployed = deploymentWith({ fetch: service.fetch }, accountWith(form))

  it('takes the role whose trust policy the documentation shows', async () => {
    const daypass = await deployed
    const answer = await exchange(daypass, form, service.sign())
    expect(answer.body).toContain('<AssumedRoleUser>')
    expect(answer.result.Provider).toBe(form.claims.iss)
    const caller = await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
    expect(caller.result.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/trusted/session`)
    expect(service.asked).toEqual([expect.stringContaining('/.well-known/openid-configuration'), discovery.jwks_uri])
  })

  it.each(form.granted ?? [{ what: 'as it is', claims: {} }])('is granted $what', async ({ claims }) => {
    expect((await exchange(await deployed, form, service.sign(claims))).status).toBe(200)
  })

  it.each(form.refused)('is refused $what', async ({ claims, code }) => {
    expect((await exchange(await deployed, form, service.sign(claims))).error?.Code).toBe(code)
  })

  it.each<[string, () => string, string]>([
    ['that has expired', () => service.sign({ exp: NOW }), 'ExpiredTokenException'],
    ['that another key signed', () => service.sign({}, service.stranger), 'InvalidIdentityToken'],
    ['of an issuer with a path more', () => service.sign({ iss: `${form.claims.iss}/x` }), 'InvalidIdentityToken'],
    ['of an issuer in capitals', () => service.sign({ iss: form.claims.iss.toUpperCase() }), 'InvalidIdentityToken'],
    [
      'of an issuer by http',
      () => service.sign({ iss: form.claims.iss.replace('https', 'http') }),
      'InvalidIdentityToken',
    ],
  ])('is refused %s', async (_what, token, code) => {
    expect((await exchange(await deployed, form, token())).error?.Code).toBe(code)
  })

  it('is of no use to the other of the two actions', async () => {
    const action =
      form.action === 'AssumeRoleWithWebIdentity' ? 'AssumeRoleWithClientGrants' : 'AssumeRoleWithWebIdentity'
    const { error } = await exchange(await deployed, { ...form, action }, service.sign())
    expect(error?.Code).toMatch(/^(?:AccessDenied|InvalidIdentityToken)$/)
  })

  it('is refused when the issuer’s document is of another issuer', async () => {
    const lying: Fetcher = async (url, options) => {
      const answer = await service.fetch(url, options)
      const body = answer.body.toString().replace(`"issuer":"${form.claims.iss}"`, '"issuer":"https://evil.example"')
      return { ...answer, body: Buffer.from(body) }
    }
    const daypass = await deploymentWith({ fetch: lying }, accountWith(form))
    expect((await exchange(daypass, form, service.sign())).error?.Code).toBe('IDPCommunicationError')
  })

  const { Condition: _, ...open } = guideOf(form).trustPolicy.Statement
  const unconditional = { Version: '2012-10-17', Statement: open }
  const onlyAudience = {
    ...unconditional,
    Statement: {
      ...open,
      Condition: { StringEquals: { [`${guideOf(form).url.replace('https://', '')}:aud`]: guideOf(form).clientIds } },
    },
  }
  it.each([
    ['without a condition', unconditional],
    ['with a condition on the audience alone', onlyAudience],
  ])(`${form.sharedIssuer ? 'cannot be' : 'may be'} trusted %s`, async (_what, policy) => {
    const saved = deploymentWith({ fetch: service.fetch }, accountWith(form, policy))
    if (form.sharedIssuer) await expect(saved).rejects.toMatchObject({ cause: { code: 'MalformedPolicyDocument' } })
    else await expect(saved).resolves.toBeDefined()
  })
})

describe('the page of trust policies', () => {
  it('has a tested form for each of its sections, and a section for each form', () => {
    expect([...GUIDES.keys()].sort()).toEqual([...new Set(FORMS.map(([, { guide }]) => guide))].sort())
  })

  it.each(FORMS)('says where the form of %s is documented', (_name, { documentation }) => {
    for (const page of documentation) expect(page).toMatch(/^https:\/\//)
    expect(documentation.length).toBeGreaterThan(0)
  })
})

it('of Microsoft’s documents for all tenants none can be registered: they name no issuer in particular', async () => {
  const [, form] = FORMS.find(([name]) => name === 'entra/v2-access-token') ?? expect.fail('there is no such form')
  const common = readDiscovery('entra/discovery-common.json')
  const url = 'https://login.microsoftonline.com/common/v2.0'
  const service = serviceOf(form, common)
  const fetch: Fetcher = async ({ href }) =>
    href === `${url}/.well-known/openid-configuration`
      ? json(common)
      : service.fetch(new URL(href), { allowHttp: false })
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${url.replace('https://', '')}` },
      Action: `sts:${form.action}`,
      Condition: { StringEquals: { 'login.microsoftonline.com/common/v2.0:tid': form.claims.tid } },
    },
  }
  const roles = [{ RoleName: 'trusted', AssumeRolePolicyDocument: trustPolicy }]
  const daypass = await deploymentWith(
    { fetch },
    { id: ACCOUNT, openIdConnectProviders: [{ Url: url, ClientIDList: [String(form.claims.aud)] }], roles },
  )
  const codes: (string | undefined)[] = []
  for (const iss of [url, String(common.issuer), form.claims.iss]) {
    codes.push((await exchange(daypass, form, service.sign({ iss }))).error?.Code)
  }
  expect(codes).toEqual(['IDPCommunicationError', 'InvalidIdentityToken', 'InvalidIdentityToken'])
})

describe('without a role, the claim that the documentation names', () => {
  const CLAIMS = claimNames()
  const ROWS: readonly [string, string, unknown, unknown][] = [
    ['entra/v2-access-token', 'entra', ['Storage.Read'], ['Storage.Write']],
    ['okta/id-token', 'okta', ['Everyone', 'storage'], ['Everyone']],
    ['auth0/id-token', 'auth0', ['storage'], ['guest']],
    ['cognito/id-token', 'cognito', ['storage'], ['guests']],
    ['cognito/access-token', 'cognito', ['storage'], undefined],
    ['okta/id-token', 'keycloak', { roles: ['offline_access', 'storage'] }, { roles: ['offline_access'] }],
  ]

  it('is tried for each issuer', () => {
    expect([...CLAIMS.keys()].sort()).toEqual([...new Set(ROWS.map(([, issuer]) => issuer))].sort())
  })

  it.each(ROWS)('gives rights to a token of %s (%s) that names a policy', async (name, issuer, naming, other) => {
    const [, form, discovery] = FORMS.find(([each]) => each === name) ?? expect.fail('there is no such form')
    const claim = CLAIMS.get(issuer) ?? expect.fail('the documentation names no claim')
    const service = serviceOf(form, discovery)
    const client = form.claims.aud ?? form.claims.client_id
    const env = {
      DAYPASS_IDENTITY_OPENID_CONFIG_URL: `${String(discovery.issuer).replace(/\/$/, '')}/.well-known/openid-configuration`,
      DAYPASS_IDENTITY_OPENID_CLIENT_ID: String(client),
      DAYPASS_IDENTITY_OPENID_CLAIM_NAME: claim,
    }
    const PolicyDocument = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } }
    const policies = ['Storage.Read', 'storage'].map((PolicyName) => ({ PolicyName, PolicyDocument }))
    const openIdSources = parseOpenIdSources(env, ACCOUNT)
    const daypass = await deploymentWith({ fetch: service.fetch, openIdSources }, { id: ACCOUNT, policies })
    const outcome = async (changes: Readonly<Record<string, unknown>>) => {
      const token = service.sign(changes)
      const parameter = form.action === 'AssumeRoleWithWebIdentity' ? { WebIdentityToken: token } : { Token: token }
      return (await daypass.post({ Action: form.action, ...parameter })).error?.Code ?? 'granted'
    }
    const [member = ''] = claim.split(/\.(?=roles$)/)
    expect(await outcome({ [member]: naming })).toBe('granted')
    expect(await outcome({ [member]: other })).toBe('AccessDenied')
    expect(await outcome({ [member]: naming, aud: 'other', client_id: null })).toBe('InvalidIdentityToken')
  })
})
