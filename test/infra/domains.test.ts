import { describe, expect, it } from 'vitest'
import { resourcesOf, synthesize } from './templates.ts'

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
