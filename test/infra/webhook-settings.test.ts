import { describe, expect, it } from 'vitest'
import type { IdentityProps } from '../../infra/identity-settings.ts'
import { functionResource, listOf, resourcesOf, statementsOfFunction, synthesize } from './templates.ts'

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:webhook-AbCdEf'
const identity: IdentityProps = {
  identityWebhooks: [
    { url: 'https://auth.example.com/', rolePolicies: ['readonly', 'own'], roleId: 'ours', authTokenSecretArn: SECRET },
    { name: 'partners', url: 'https://partners.example.com/auth' },
  ],
  saml: { endpoints: ['https://sts.example.com/saml'], useOnce: true },
}
const { api } = synthesize({ identity })
const functions = resourcesOf(api, 'AWS::Lambda::Function').map(([, { Properties }]) =>
  String(Properties.FunctionName).replace('daypass-', ''),
)
const variablesOf = (name: string, pattern: RegExp) => {
  const { Environment } = functionResource(api, name)[1].Properties as {
    Environment: { Variables: Record<string, unknown> }
  }
  return Object.fromEntries(Object.entries(Environment.Variables).filter(([variable]) => pattern.test(variable)))
}
const secretsOf = (name: string) =>
  statementsOfFunction(api, name)
    .filter(({ Action }) => listOf(Action).includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => listOf(Resource as string))

describe('the settings of identity webhooks', () => {
  const asking = ['assume-role-with-custom-token', 'front-door']

  it.each(asking)(
    'reach %s as the variables that the local host has, the token as a secret that it may read',
    (name) => {
      expect(variablesOf(name, /PLUGIN_|WEBHOOK/)).toEqual({
        DAYPASS_IDENTITY_PLUGIN_URL: 'https://auth.example.com/',
        DAYPASS_IDENTITY_PLUGIN_ROLE_POLICY: 'readonly,own',
        DAYPASS_IDENTITY_PLUGIN_ROLE_ID: 'ours',
        DAYPASS_IDENTITY_PLUGIN_URL_PARTNERS: 'https://partners.example.com/auth',
        DAYPASS_IDENTITY_WEBHOOK_TOKENS: `default=${SECRET}`,
      })
      expect(secretsOf(name)).toContain(SECRET)
    },
  )

  it('reach nobody else', () => {
    for (const name of functions.filter((each) => !asking.includes(each))) {
      expect([name, variablesOf(name, /PLUGIN_|WEBHOOK/), secretsOf(name).includes(SECRET)]).toEqual([name, {}, false])
    }
  })

  it.each<[string, IdentityProps['identityWebhooks'], RegExp]>([
    ['two of one name', [{ url: 'https://a.example' }, { url: 'https://b.example' }], /same name/],
    ['a name with a dash', [{ name: 'a-b', url: 'https://a.example' }], /name must be/],
    ['another scheme', [{ url: 'ftp://a.example' }], /must be an http or https URL/],
    ['no policies in a list', [{ url: 'https://a.example', rolePolicies: [' '] }], /comma-separated list/],
    [
      'one role for two',
      [
        { url: 'https://a.example', roleId: 'x' },
        { name: 'b', url: 'https://b.example', roleId: 'x' },
      ],
      /same role/,
    ],
    ['a token in place of a secret', [{ url: 'https://a.example', authTokenSecretArn: 'Bearer x' }], /complete ARN/],
  ])('refuse %s at synthesis', (_flaw, identityWebhooks, message) => {
    expect(() => synthesize({ identity: { identityWebhooks: identityWebhooks ?? [] } })).toThrow(message)
  })
})

describe('the settings of SAML', () => {
  const proving = ['assume-role-with-saml']

  it('reach those that prove assertions, and nobody else', () => {
    for (const name of functions) {
      expect([name, variablesOf(name, /^DAYPASS_SAML/)]).toEqual([
        name,
        proving.includes(name)
          ? { DAYPASS_SAML_ENDPOINTS: 'https://sts.example.com/saml', DAYPASS_SAML_USE: 'once' }
          : {},
      ])
    }
  })

  it('refuse an endpoint that is no URL at synthesis', () => {
    expect(() => synthesize({ identity: { saml: { endpoints: ['urn:x'] } } })).toThrow(/DAYPASS_SAML_ENDPOINTS/)
  })
})
