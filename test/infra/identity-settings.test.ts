import { Duration } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import type { IdentityProps } from '../../infra/identity-settings.ts'
import { functionResource, listOf, resourcesOf, statementsOfFunction, synthesize } from './templates.ts'

const CONFIG_URL = 'https://idp.example.com/realms/demo/.well-known/openid-configuration'
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:opa-token-AbCdEf'
/** They make sessions of identities too, by no token of these sources. */
const MINTING = [
  'assume-role-with-certificate',
  'assume-role-with-custom-token',
  'assume-role-with-ldap-identity',
  'assume-role-with-saml',
  'create-session',
]
const EXCHANGING = ['assume-role-with-client-grants', 'assume-role-with-web-identity', 'front-door']

const identity: IdentityProps = {
  openIdSources: [
    { configUrl: CONFIG_URL, clientId: 'app', claimName: 'realm_access.roles', claimPrefix: 'x_', claimUserinfo: true },
    { name: 'partner', configUrl: CONFIG_URL, clientId: 'partner', rolePolicies: ['readonly', 'own'] },
    { name: 'wso2', jwksUrl: 'https://wso2.example.com/oauth2/jwks', issuer: 'https://wso2.example.com/oauth2/token' },
  ],
  decisionWebhook: { url: 'https://opa.example.com/v1/data/httpapi/authz', authTokenSecretArn: SECRET },
  stsDuration: Duration.hours(8),
}
const { api } = synthesize({ identity })

function variablesOf(name: string, template = api): Record<string, unknown> {
  const { Environment } = functionResource(template, name)[1].Properties as {
    Environment: { Variables: Record<string, unknown> }
  }
  return Environment.Variables
}

const identityVariables = (name: string) =>
  Object.fromEntries(
    Object.entries(variablesOf(name)).filter(([variable]) => /^DAYPASS_(?:IDENTITY|STS|POLICY|KEEP)/.test(variable)),
  )

const deployed = resourcesOf(api, 'AWS::Lambda::Function').map(([, { Properties }]) =>
  String(Properties.FunctionName).replace('daypass-', ''),
)

describe('the identity settings', () => {
  it.each(EXCHANGING)('reach %s as the variables that the local host has', (name) => {
    expect(identityVariables(name)).toEqual({
      DAYPASS_IDENTITY_OPENID_ENABLE: 'on',
      DAYPASS_IDENTITY_OPENID_CONFIG_URL: CONFIG_URL,
      DAYPASS_IDENTITY_OPENID_CLIENT_ID: 'app',
      DAYPASS_IDENTITY_OPENID_CLAIM_NAME: 'realm_access.roles',
      DAYPASS_IDENTITY_OPENID_CLAIM_PREFIX: 'x_',
      DAYPASS_IDENTITY_OPENID_CLAIM_USERINFO: 'on',
      DAYPASS_IDENTITY_OPENID_ENABLE_PARTNER: 'on',
      DAYPASS_IDENTITY_OPENID_CONFIG_URL_PARTNER: CONFIG_URL,
      DAYPASS_IDENTITY_OPENID_CLIENT_ID_PARTNER: 'partner',
      DAYPASS_IDENTITY_OPENID_ROLE_POLICY_PARTNER: 'readonly,own',
      DAYPASS_IDENTITY_OPENID_ENABLE_WSO2: 'on',
      DAYPASS_IDENTITY_OPENID_JWKS_URL_WSO2: 'https://wso2.example.com/oauth2/jwks',
      DAYPASS_IDENTITY_OPENID_ISSUER_WSO2: 'https://wso2.example.com/oauth2/token',
      DAYPASS_STS_DURATION: '28800',
      DAYPASS_KEEP_CLAIMS: 'on',
    })
  })

  it('tell the S3 gateway of the webhook, and where its token is kept', () => {
    expect(identityVariables('s3')).toEqual({
      DAYPASS_POLICY_PLUGIN_URL: 'https://opa.example.com/v1/data/httpapi/authz',
      DAYPASS_POLICY_PLUGIN_AUTH_TOKEN_SECRET: SECRET,
    })
  })

  it.each(MINTING)('tell %s of its sessions, and nothing of tokens', (name) => {
    expect(identityVariables(name)).toEqual({ DAYPASS_STS_DURATION: '28800', DAYPASS_KEEP_CLAIMS: 'on' })
  })

  const told = ['s3', ...EXCHANGING, ...MINTING]
  it.each(deployed.filter((name) => !told.includes(name)))('tell %s nothing', (name) => {
    expect(identityVariables(name)).toEqual({})
  })

  it.each(deployed)('let %s read the webhook’s token only if it is the S3 gateway', (name) => {
    const reading = statementsOfFunction(api, name).filter(({ Resource }) => JSON.stringify(Resource).includes(SECRET))
    const expected = name === 's3' ? [[['secretsmanager:GetSecretValue'], SECRET]] : []
    expect(reading.map(({ Action, Resource }) => [listOf(Action), Resource])).toEqual(expected)
  })

  it('change nothing when there are none', () => {
    const { api: plain } = synthesize()
    for (const name of deployed)
      expect(JSON.stringify(variablesOf(name, plain))).not.toMatch(/OPENID|DURATION|PLUGIN|CLAIMS/)
  })

  it('need no token for a webhook', () => {
    const { api: open } = synthesize({ identity: { decisionWebhook: { url: 'http://opa.internal:8181/allow' } } })
    expect(variablesOf('s3', open)).toMatchObject({ DAYPASS_POLICY_PLUGIN_URL: 'http://opa.internal:8181/allow' })
    expect(JSON.stringify(variablesOf('s3', open))).not.toContain('AUTH_TOKEN')
  })

  const source = { configUrl: CONFIG_URL, clientId: 'app' }
  it.each<[string, IdentityProps, RegExp]>([
    ['a source without an address', { openIdSources: [{ clientId: 'app' }] }, /CONFIG_URL/],
    ['an address that is none', { openIdSources: [{ configUrl: 'idp.example' }] }, /CONFIG_URL.*URL/],
    ['two sources of one name', { openIdSources: [source, source] }, /same name/],
    ['a name that no variable can have', { openIdSources: [{ ...source, name: 'a-b' }] }, /name/],
    [
      'a role policy without a client',
      { openIdSources: [{ configUrl: CONFIG_URL, rolePolicies: ['a'] }] },
      /CLIENT_ID/,
    ],
    ['an empty role policy', { openIdSources: [{ ...source, rolePolicies: [] }] }, /ROLE_POLICY/],
    [
      'a role policy beside a claim',
      { openIdSources: [{ ...source, rolePolicies: ['a'], claimName: 'b' }] },
      /exclude/,
    ],
    [
      'UserInfo of a bare key set',
      { openIdSources: [{ jwksUrl: 'https://x.example/', claimUserinfo: true }] },
      /USERINFO/,
    ],
    [
      'more than fits into an environment',
      { openIdSources: [1, 2, 3, 4].map((n) => ({ ...source, name: `s${n}`, claimPrefix: 'x'.repeat(800) })) },
      /bytes/,
    ],
    ['a duration under 15 minutes', { stsDuration: Duration.minutes(14) }, /STS_DURATION/],
    ['a duration over 12 hours', { stsDuration: Duration.hours(13) }, /STS_DURATION/],
    ['a webhook without a URL', { decisionWebhook: { url: 'opa' } }, /POLICY_PLUGIN_URL/],
    ['a webhook with a password', { decisionWebhook: { url: 'https://u:p@opa.example/' } }, /without a user/],
    [
      'a token in place of its secret',
      { decisionWebhook: { url: 'https://x.example/', authTokenSecretArn: 'Bearer x' } },
      /ARN/,
    ],
    [
      'a secret by half of its ARN',
      { decisionWebhook: { url: 'https://x.example/', authTokenSecretArn: SECRET.slice(0, -7) } },
      /complete ARN/,
    ],
  ])('refuse %s at synthesis', (_what, wrong, message) => {
    expect(() => synthesize({ identity: wrong })).toThrow(message)
  })
})
