import { describe, expect, it } from 'vitest'
import { functionResource, resourcesOf, synthesize } from './templates.ts'

const domain = {
  name: 'sts.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
}
const hostedZone = { id: 'Z1', name: 'example.com' }
const outputs = (props: Parameters<typeof synthesize>[0]) =>
  synthesize(props).api.toJSON().Outputs as Record<string, { Value: unknown }>

describe('a name of one’s own', () => {
  const { api } = synthesize({ domain })

  it('is none by default', () => {
    expect(resourcesOf(synthesize().api, 'AWS::ApiGatewayV2::DomainName')).toEqual([])
  })

  it('leads to the stage of the API at its root, over TLS 1.2 and later', () => {
    const [[, served] = []] = resourcesOf(api, 'AWS::ApiGatewayV2::DomainName')
    expect(served?.Properties).toMatchObject({
      DomainName: domain.name,
      DomainNameConfigurations: [
        { CertificateArn: domain.certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    })
    const [[, mapping] = []] = resourcesOf(api, 'AWS::ApiGatewayV2::ApiMapping')
    expect(mapping?.Properties).not.toHaveProperty('ApiMappingKey')
    expect(mapping?.Properties.Stage).toBe('$default')
    expect(mapping).toHaveProperty('DependsOn', [resourcesOf(api, 'AWS::ApiGatewayV2::Stage')[0]?.[0]])
  })

  it('is what StsUrl tells, with a slash at its end', () => {
    expect(outputs({ domain }).StsUrl?.Value).toBe('https://sts.example.com/')
    expect(Object.keys(outputs({ domain }))).toContain('DomainTarget')
  })

  it('gets addresses of both kinds in the zone that is named, and none elsewhere', () => {
    const records = (props: Parameters<typeof synthesize>[0]) =>
      resourcesOf(synthesize(props).api, 'AWS::Route53::RecordSet').map(([, { Properties }]) => [
        Properties.Type,
        Properties.Name,
        Properties.HostedZoneId,
      ])
    expect(records({ domain })).toEqual([])
    expect(records({ domain: { ...domain, hostedZone } })).toEqual([
      ['A', 'sts.example.com.', 'Z1'],
      ['AAAA', 'sts.example.com.', 'Z1'],
    ])
  })
})

describe('the endpoint for client certificates', () => {
  const mutualTls = {
    domain: { ...domain, name: 'certificates.example.com' },
    truststore: { bucket: 'trust', key: 'clients.pem', version: 'v1' },
  }
  const { api } = synthesize({ domain, mutualTls })
  const [[apiId, mtlsApi] = []] = resourcesOf(api, 'AWS::ApiGatewayV2::Api').filter(
    ([, { Properties }]) => Properties.Name === 'daypass-mutual-tls',
  )
  const ofApi = ({ Properties }: { Properties: Readonly<Record<string, unknown>> }) =>
    JSON.stringify(Properties.ApiId) === JSON.stringify({ Ref: apiId })

  it('answers under its own name alone, where everyone is asked for a certificate of the truststore', () => {
    expect(mtlsApi?.Properties.DisableExecuteApiEndpoint).toBe(true)
    const names = resourcesOf(api, 'AWS::ApiGatewayV2::DomainName').map(([, { Properties }]) => [
      Properties.DomainName,
      Properties.MutualTlsAuthentication,
    ])
    expect(names).toEqual([
      ['sts.example.com', undefined],
      ['certificates.example.com', { TruststoreUri: 's3://trust/clients.pem', TruststoreVersion: 'v1' }],
    ])
  })

  it('leads every request to the one function that reads certificates', () => {
    const routes = resourcesOf(api, 'AWS::ApiGatewayV2::Route').filter(([, route]) => ofApi(route))
    expect(routes.map(([, { Properties }]) => Properties.RouteKey)).toEqual(['$default'])
    const [[, integration] = []] = resourcesOf(api, 'AWS::ApiGatewayV2::Integration').filter(([, one]) => ofApi(one))
    expect(integration?.Properties.IntegrationUri).toEqual({
      'Fn::GetAtt': [functionResource(api, 'assume-role-with-certificate')[0], 'Arn'],
    })
    expect(outputs({ mutualTls }).CertificateUrl?.Value).toBe('https://certificates.example.com/')
  })

  it('writes access logs and has limits as the other has', () => {
    for (const [id, { Properties }] of resourcesOf(api, 'AWS::ApiGatewayV2::Stage')) {
      expect(Properties.AccessLogSettings, id).toBeDefined()
      expect(JSON.stringify(Properties.AccessLogSettings), id).not.toMatch(/path|queryString/i)
      expect(Properties.DefaultRouteSettings, id).toMatchObject({ ThrottlingRateLimit: 10_000 })
    }
  })

  it('is none by default, and the main endpoint asks nobody for a certificate', () => {
    expect(resourcesOf(synthesize().api, 'AWS::ApiGatewayV2::Api')).toHaveLength(1)
  })
})
