import { describe, expect, it } from 'vitest'
import { functionResource, resourcesOf, synthesize } from './templates.ts'

const { api } = synthesize()

/** Each STS action and the function that alone answers on its path. */
const ACTIONS = {
  AssumeRole: 'assume-role',
  AssumeRoleWithCertificate: 'assume-role-with-certificate',
  AssumeRoleWithClientGrants: 'assume-role-with-client-grants',
  AssumeRoleWithCustomToken: 'assume-role-with-custom-token',
  AssumeRoleWithLDAPIdentity: 'assume-role-with-ldap-identity',
  AssumeRoleWithSAML: 'assume-role-with-saml',
  AssumeRoleWithWebIdentity: 'assume-role-with-web-identity',
  AssumeRoot: 'assume-root',
  DecodeAuthorizationMessage: 'decode-authorization-message',
  GetAccessKeyInfo: 'get-access-key-info',
  GetCallerIdentity: 'get-caller-identity',
  GetDelegatedAccessToken: 'get-delegated-access-token',
  GetFederationToken: 'get-federation-token',
  GetSessionToken: 'get-session-token',
  GetWebIdentityToken: 'get-web-identity-token',
  RevokeSessions: 'revoke-sessions',
}

function routes(): Record<string, string> {
  const integrations = Object.fromEntries(resourcesOf(api, 'AWS::ApiGatewayV2::Integration'))
  const functions = Object.fromEntries(resourcesOf(api, 'AWS::Lambda::Function'))
  return Object.fromEntries(
    resourcesOf(api, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const target = JSON.stringify(Properties.Target)
      const integration = Object.keys(integrations).find((id) => target.includes(`"${id}"`)) ?? ''
      const uri = JSON.stringify(integrations[integration]?.Properties.IntegrationUri)
      const called = Object.keys(functions).find((id) => uri.includes(`"${id}"`)) ?? ''
      return [String(Properties.RouteKey), String(functions[called]?.Properties.FunctionName)]
    }),
  )
}

describe('the API stack', () => {
  it("leads every action's own path to its own function and all else to the front door", () => {
    expect(routes()).toEqual({
      $default: 'daypass-front-door',
      'GET /.well-known/openid-configuration': 'daypass-front-door',
      'GET /.well-known/jwks.json': 'daypass-front-door',
      'GET /_daypass/health': 'daypass-front-door',
      'GET /_daypass/prober/.well-known/openid-configuration': 'daypass-prober',
      'GET /_daypass/prober/jwks.json': 'daypass-prober',
      'POST /sessions': 'daypass-create-session',
      ...Object.fromEntries(
        Object.entries(ACTIONS).flatMap(([action, name]) => [
          [`GET /${action}`, `daypass-${name}`],
          [`POST /${action}`, `daypass-${name}`],
        ]),
      ),
    })
  })

  it('hands over payload 2.0 on the $default stage', () => {
    for (const [id, { Properties }] of resourcesOf(api, 'AWS::ApiGatewayV2::Integration')) {
      expect([id, Properties.PayloadFormatVersion]).toEqual([id, '2.0'])
    }
    api.resourceCountIs('AWS::ApiGatewayV2::Stage', 1)
    api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5_000 },
    })
  })

  it('logs each request without its query string, path or headers', () => {
    const formats = resourcesOf(api, 'AWS::ApiGatewayV2::Stage').map(
      ([, { Properties }]) => (Properties.AccessLogSettings as { Format: string }).Format,
    )
    const format = formats.join()
    expect(Object.values(JSON.parse(format))).toContain('$context.requestId')
    expect(format).not.toMatch(/query|path|header|authorizer/i)
  })

  it('streams S3 from a Function URL that leaves authentication to the gateway', () => {
    api.resourceCountIs('AWS::Lambda::Url', 1)
    api.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' })
    const open = resourcesOf(api, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === '*',
    )
    const [s3] = functionResource(api, 's3')
    for (const [, { Properties }] of open) expect(Properties.FunctionName).toEqual({ 'Fn::GetAtt': [s3, 'Arn'] })
    expect(open.map(([, { Properties }]) => [Properties.Action, Properties.InvokedViaFunctionUrl])).toEqual([
      ['lambda:InvokeFunctionUrl', undefined],
      ['lambda:InvokeFunction', true],
    ])
  })

  it('says where STS, S3 and the root key are', () => {
    const outputs = api.toJSON().Outputs
    expect(Object.keys(outputs).sort()).toEqual(['RootKeySecretArn', 'S3Url', 'StsUrl'])
    expect(outputs.StsUrl.Value['Fn::Join'][1].at(-1)).toMatch(/\/$/)
  })

  it('applies the document as one text, with the account that it is for', () => {
    const bootstrap = { accounts: [{ id: '111122223333', name: 'team' }] }
    const { api: custom } = synthesize({ bootstrap, accountId: '111122223333' })
    custom.hasResourceProperties('Custom::DaypassBootstrap', {
      AccountId: '111122223333',
      Document: JSON.stringify(bootstrap),
      ServiceTimeout: '300',
    })
  })

  it.each([
    ['refuses private addresses of issuers by default', {}, 'refuse'],
    ['allows them when told so', { allowPrivateAddresses: true }, 'allow'],
  ])('%s', (_title, props, expected) => {
    const { Variables } = functionResource(synthesize(props).api, 'front-door')[1].Properties.Environment as {
      Variables: Record<string, string>
    }
    expect(Variables).toMatchObject({ DAYPASS_PRIVATE_ADDRESSES: expected, DAYPASS_ACCOUNT_ID: '000000000000' })
  })

  it('lets nothing but the front door reach the IAM API', () => {
    const [iam] = functionResource(api, 'iam')
    const permissions = resourcesOf(api, 'AWS::Lambda::Permission').map(([, resource]) => JSON.stringify(resource))
    expect(permissions.filter((permission) => permission.includes(`"${iam}"`))).toEqual([])
  })

  it.each([
    ['DAYPASS_IAM_FUNCTION', 'iam'],
    ['DAYPASS_GET_WEB_IDENTITY_TOKEN_FUNCTION', 'get-web-identity-token'],
    ['DAYPASS_REVOKE_SESSIONS_FUNCTION', 'revoke-sessions'],
    ['DAYPASS_ASSUME_ROLE_WITH_CERTIFICATE_FUNCTION', 'assume-role-with-certificate'],
    ['DAYPASS_ASSUME_ROLE_WITH_SAML_FUNCTION', 'assume-role-with-saml'],
  ])('tells the front door alone, by %s, of the function %s', (variable, name) => {
    const told = resourcesOf(api, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> }
      return variable in Variables ? [[Properties.FunctionName, Variables[variable]]] : []
    })
    expect(told).toEqual([['daypass-front-door', { 'Fn::GetAtt': [functionResource(api, name)[0], 'Arn'] }]])
  })

  it('tells those who exchange passwords of the function that checks them, which nothing else leads to', () => {
    const told = resourcesOf(api, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> }
      return 'DAYPASS_CHECK_DIRECTORY_FUNCTION' in Variables ? [Properties.FunctionName] : []
    })
    expect(told.sort()).toEqual(['daypass-assume-role-with-ldap-identity', 'daypass-front-door'])
    const [check] = functionResource(api, 'check-directory')
    const permissions = resourcesOf(api, 'AWS::Lambda::Permission').map(([, resource]) => JSON.stringify(resource))
    expect(permissions.filter((permission) => permission.includes(`"${check}"`))).toEqual([])
  })

  it('tells the S3 gateway, and no other function, of the store behind it', () => {
    const { api: custom } = synthesize({ objectStore: { endpoint: 'https://s3.example', region: 'eu-1', buckets: [] } })
    const told = resourcesOf(custom, 'AWS::Lambda::Function')
      .filter(([, resource]) => JSON.stringify(resource).includes('https://s3.example'))
      .map(([, { Properties }]) => Properties.FunctionName)
    expect(told).toEqual(['daypass-s3'])
  })

  it('sets no empty name for a store that is not told of', () => {
    const environment = JSON.stringify(functionResource(api, 's3')[1].Properties.Environment)
    expect(environment).not.toContain('DAYPASS_S3_')
  })
})
