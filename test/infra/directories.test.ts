import { describe, expect, it } from 'vitest'
import type { DirectoryNetworkProps } from '../../infra/directory-network.ts'
import type { DirectoryProps } from '../../infra/directory-settings.ts'
import { functionResource, listOf, resourcesOf, statementsOf, statementsOfFunction, synthesize } from './templates.ts'

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lookup-AbCdEf'
const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
const company: DirectoryProps = {
  serverAddress: 'ldap.corp.example',
  lookup: { bindDn: 'cn=lookup,dc=corp,dc=example', passwordSecretArn: SECRET },
  userBases: ['ou=people,dc=corp,dc=example', 'ou=staff,dc=corp,dc=example'],
  userFilter: '(uid=%s)',
  userAttributes: ['mail', 'memberOf'],
  groups: { bases: ['ou=groups,dc=corp,dc=example'], filter: '(member=%d)' },
}
const partner: DirectoryProps = {
  name: 'partner',
  serverAddress: 'partner.example',
  transport: 'starttls',
  verifyCertificate: false,
  authorities: CA,
  srvRecord: 'ldap',
  userBases: ['dc=partner,dc=example'],
  userFilter: '(cn=%s)',
}
const network: DirectoryNetworkProps = {
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
}
const directories = [company, partner]
const { api } = synthesize({ identity: { directories } })
const { api: attached } = synthesize({ identity: { directories, directoryNetwork: network } })
const { api: withEndpoint } = synthesize({
  identity: { directories, directoryNetwork: { ...network, vpcId: 'vpc-1' } },
})

const functions = resourcesOf(api, 'AWS::Lambda::Function').map(([, { Properties }]) =>
  String(Properties.FunctionName).replace('daypass-', ''),
)
const others = functions.filter((name) => name !== 'check-directory')
const textOf = (value: unknown) => JSON.stringify(value)
const environmentOf = (name: string, template = api) =>
  (functionResource(template, name)[1].Properties.Environment as { Variables: Record<string, unknown> }).Variables

describe('the directories', () => {
  it('reach the function that asks them as the variables that the local host has', () => {
    const told = Object.entries(environmentOf('check-directory')).filter(([name]) => /LDAP|DIRECTORY/.test(name))
    expect(Object.fromEntries(told)).toEqual({
      DAYPASS_IDENTITY_LDAP_SERVER_ADDR: 'ldap.corp.example',
      DAYPASS_IDENTITY_LDAP_LOOKUP_BIND_DN: 'cn=lookup,dc=corp,dc=example',
      DAYPASS_IDENTITY_LDAP_USER_DN_SEARCH_BASE_DN: 'ou=people,dc=corp,dc=example;ou=staff,dc=corp,dc=example',
      DAYPASS_IDENTITY_LDAP_USER_DN_SEARCH_FILTER: '(uid=%s)',
      DAYPASS_IDENTITY_LDAP_USER_DN_ATTRIBUTES: 'mail,memberOf',
      DAYPASS_IDENTITY_LDAP_GROUP_SEARCH_BASE_DN: 'ou=groups,dc=corp,dc=example',
      DAYPASS_IDENTITY_LDAP_GROUP_SEARCH_FILTER: '(member=%d)',
      DAYPASS_IDENTITY_LDAP_SERVER_ADDR_PARTNER: 'partner.example',
      DAYPASS_IDENTITY_LDAP_SERVER_STARTTLS_PARTNER: 'on',
      DAYPASS_IDENTITY_LDAP_TLS_SKIP_VERIFY_PARTNER: 'on',
      DAYPASS_IDENTITY_LDAP_TLS_CA_PARTNER: CA,
      DAYPASS_IDENTITY_LDAP_SRV_RECORD_NAME_PARTNER: 'ldap',
      DAYPASS_IDENTITY_LDAP_USER_DN_SEARCH_BASE_DN_PARTNER: 'dc=partner,dc=example',
      DAYPASS_IDENTITY_LDAP_USER_DN_SEARCH_FILTER_PARTNER: '(cn=%s)',
      DAYPASS_DIRECTORY_PASSWORDS: `default=${SECRET}`,
    })
  })

  it('are known to no other function, neither by address nor by secret', () => {
    for (const name of others) {
      const known = textOf([functionResource(withEndpoint, name), statementsOfFunction(withEndpoint, name)])
      expect([name, /_LDAP_|DIRECTORY_PASSWORDS|corp|partner|lookup-AbCdEf/.test(known)]).toEqual([name, false])
    }
  })

  it('let the function that asks them read the look-up password, and do nothing else but log', () => {
    const rights = statementsOfFunction(api, 'check-directory').map(({ Action, Resource }) => [
      listOf(Action),
      Resource,
    ])
    expect(rights).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
      [['secretsmanager:GetSecretValue'], SECRET],
    ])
  })

  it('add nothing to a deployment without them', () => {
    const { api: plain } = synthesize()
    expect(textOf(environmentOf('check-directory', plain))).not.toMatch(/LDAP|DIRECTORY/)
    expect(statementsOfFunction(plain, 'check-directory')).toHaveLength(1)
  })

  it.each<[string, Partial<DirectoryProps>, RegExp]>([
    ['an address that is none', { serverAddress: 'ldaps://x.example' }, /SERVER_ADDR must be HOST/],
    ['an empty address', { serverAddress: '' }, /empty.*SERVER_ADDR/],
    ['no bases', { userBases: [] }, /empty.*USER_DN_SEARCH_BASE_DN/],
    ['a base that is no name', { userBases: ['people'] }, /distinguished name/],
    ['a filter without the name', { userFilter: '(uid=alice)' }, /%s/],
    ['an attribute that is a password', { userAttributes: ['userPassword'] }, /USER_DN_ATTRIBUTES/],
    ['groups of everybody', { groups: { bases: ['dc=x'], filter: '(objectClass=group)' } }, /%d/],
    ['groups nowhere', { groups: { bases: [], filter: '(member=%d)' } }, /empty.*GROUP_SEARCH_BASE_DN/],
    ['authorities by path', { authorities: '/etc/ca.pem' }, /PEM/],
    ['empty authorities', { authorities: '' }, /empty.*TLS_CA/],
    ['a look-up account that is no name', { lookup: { bindDn: 'x', passwordSecretArn: SECRET } }, /LOOKUP_BIND_DN/],
    ['a password in place of its secret', { lookup: { bindDn: 'cn=x', passwordSecretArn: 'hunter2' } }, /complete ARN/],
    [
      'a secret by half of its ARN',
      { lookup: { bindDn: 'cn=x', passwordSecretArn: SECRET.slice(0, -7) } },
      /complete ARN/,
    ],
    ['a name that no variable can have', { name: 'a-b' }, /name must be/],
    [
      'more than fits into an environment',
      { authorities: `${CA.slice(0, 28)}${'A'.repeat(3_000)}${CA.slice(-26)}` },
      /directories take/,
    ],
  ])('are refused at synthesis with %s', (_flaw, change, message) => {
    const wrong = { ...company, ...change }
    expect(() => synthesize({ identity: { directories: [wrong] } })).toThrow(message)
    expect(() => synthesize({ identity: { directories: [wrong] } })).not.toThrow(/hunter2/)
  })

  it.each<[string, readonly DirectoryProps[], RegExp]>([
    ['two of one name', [company, { ...partner, name: 'default' }], /same name/],
    [
      'twenty-one',
      [...Array(21)].map((_, n) => ({ name: `d${n}`, serverAddress: 'x', userBases: ['c=x'], userFilter: '(a=%s)' })),
      /more than 20/,
    ],
  ])('are refused at synthesis when there are %s', (_flaw, wrong, message) => {
    expect(() => synthesize({ identity: { directories: wrong } })).toThrow(message)
  })

  it('may be reached by StartTLS, in the clear, and by a record of its own name', () => {
    const plain: DirectoryProps = { ...partner, transport: 'plain', srvRecord: 'on' }
    const told = environmentOf('check-directory', synthesize({ identity: { directories: [plain] } }).api)
    expect(told).toMatchObject({
      DAYPASS_IDENTITY_LDAP_SERVER_INSECURE_PARTNER: 'on',
      DAYPASS_IDENTITY_LDAP_SRV_RECORD_NAME_PARTNER: 'on',
    })
    expect(told).not.toHaveProperty('DAYPASS_IDENTITY_LDAP_SERVER_STARTTLS_PARTNER')
  })
})

describe('the directories’ network', () => {
  const SUBNETS = { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] }
  const ownRight = {
    ArnNotEquals: {
      'lambda:SourceFunctionArn': {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':lambda:',
            { Ref: 'AWS::Region' },
            ':',
            { Ref: 'AWS::AccountId' },
            ':function:daypass-check-directory',
          ],
        ],
      },
    },
  }

  it('has the function that asks them attached, and no other', () => {
    expect(functionResource(attached, 'check-directory')[1].Properties.VpcConfig).toEqual(SUBNETS)
    for (const name of others)
      expect(functionResource(attached, name)[1].Properties, name).not.toHaveProperty('VpcConfig')
  })

  it('is joined by Lambda with the function’s role, whose rights the function’s own code has not', () => {
    const added = statementsOfFunction(attached, 'check-directory').slice(2)
    expect(added.map(({ Action, Condition }) => [listOf(Action), Condition])).toEqual([
      [
        [
          'ec2:AssignPrivateIpAddresses',
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:UnassignPrivateIpAddresses',
        ],
        ownRight,
      ],
      [['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], ownRight],
    ])
  })

  it('brings the only rights that name no resource: to describe interfaces and subnets', () => {
    const unbounded = (template: typeof api) =>
      statementsOf(template).flatMap(([id, { Action, Resource }]) =>
        textOf(Resource).includes('*/*') || textOf(Resource).includes('"*"')
          ? [[id.replace(/Role.*/, ''), listOf(Action)[0]]]
          : [],
      )
    expect(unbounded(attached)).toEqual([
      ['CheckDirectory', 'ec2:AssignPrivateIpAddresses'],
      ['CheckDirectory', 'ec2:DescribeNetworkInterfaces'],
    ])
    expect(unbounded(api)).toEqual([])
    for (const name of others) expect(textOf(statementsOfFunction(attached, name)), name).not.toContain('ec2:')
  })

  it('leaves the role without a managed policy, and to Lambda', () => {
    for (const [id, { Properties }] of resourcesOf(attached, 'AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns, id).toBeUndefined()
    }
  })

  it('is not joined unless it is named', () => {
    expect(functionResource(api, 'check-directory')[1].Properties).not.toHaveProperty('VpcConfig')
    expect(textOf(statementsOf(api))).not.toContain('ec2:')
  })

  it('gets no endpoint unless its VPC is named and there is a password to read', () => {
    const anonymous = { directories: [partner], directoryNetwork: { ...network, vpcId: 'vpc-1' } }
    for (const template of [api, attached, synthesize({ identity: anonymous }).api]) {
      expect(resourcesOf(template).filter(([, { Type }]) => Type.startsWith('AWS::EC2::'))).toEqual([])
      expect(textOf(environmentOf('check-directory', template))).not.toContain('ENDPOINT')
    }
  })

  it('gets an endpoint that leads this role to these secrets, lets in these security groups and takes no name of others', () => {
    const [[endpointId, endpoint] = expect.fail('none')] = resourcesOf(withEndpoint, 'AWS::EC2::VPCEndpoint')
    const [[groupId, group] = expect.fail('none')] = resourcesOf(withEndpoint, 'AWS::EC2::SecurityGroup')
    const role = functionResource(withEndpoint, 'check-directory')[1].Properties.Role
    expect(endpoint.Properties).toEqual({
      VpcEndpointType: 'Interface',
      VpcId: 'vpc-1',
      ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.secretsmanager']] },
      SubnetIds: SUBNETS.SubnetIds,
      SecurityGroupIds: [{ 'Fn::GetAtt': [groupId, 'GroupId'] }],
      PrivateDnsEnabled: false,
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'secretsmanager:GetSecretValue',
            Resource: [SECRET],
            Condition: { ArnEquals: { 'aws:PrincipalArn': role } },
          },
        ],
      },
    })
    expect(group.Properties).toMatchObject({
      VpcId: 'vpc-1',
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: 'sg-1' }],
    })
    const url = textOf(environmentOf('check-directory', withEndpoint).AWS_ENDPOINT_URL_SECRETS_MANAGER)
    expect(url).toContain(`"Fn::GetAtt":["${endpointId}","DnsEntries"]`)
    for (const name of others) expect(textOf(environmentOf(name, withEndpoint)), name).not.toContain('ENDPOINT_URL')
  })

  it.each<[string, Partial<DirectoryNetworkProps>, readonly DirectoryProps[], RegExp]>([
    ['subnets', { subnetIds: [] }, directories, /subnetIds/],
    ['security groups', { securityGroupIds: [] }, directories, /securityGroupIds/],
    ['directories', {}, [], /no directories/],
  ])('is refused without %s', (_missing, change, named, message) => {
    const identity = { directories: named, directoryNetwork: { ...network, ...change } }
    expect(() => synthesize({ identity })).toThrow(message)
  })
})
