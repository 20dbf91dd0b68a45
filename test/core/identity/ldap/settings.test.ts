import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { describe, expect, it } from 'vitest'

const LEAST = {
  SERVER_ADDR: 'ldap.example.com:1636',
  LOOKUP_BIND_DN: 'cn=lookup,dc=example,dc=com',
  LOOKUP_BIND_PASSWORD: 'lookup-pw',
  USER_DN_SEARCH_BASE_DN: 'ou=people,dc=example,dc=com',
  USER_DN_SEARCH_FILTER: '(uid=%s)',
}
const environment = (settings: Record<string, string | undefined>, prefix = 'DAYPASS') =>
  Object.fromEntries(
    Object.entries({ ...LEAST, ...settings }).map(([key, value]) => [`${prefix}_IDENTITY_LDAP_${key}`, value]),
  )
const parse = (settings: Record<string, string | undefined>, prefix?: string) =>
  parseLdapSources(environment(settings, prefix), '1')
const serverOf = (settings: Record<string, string>) => parse(settings)[0]?.server

describe('the variables of a directory', () => {
  it.each(['DAYPASS', 'MINIO'])('are read under the names with %s', (prefix) => {
    const groups = {
      USER_DN_ATTRIBUTES: 'mail, departmentNumber',
      GROUP_SEARCH_BASE_DN: 'ou=groups,dc=example,dc=com;ou=b\\;c,dc=example,dc=com',
      GROUP_SEARCH_FILTER: '(&(objectclass=groupOfNames)(member=%d))',
      COMMENT: 'ours',
    }
    expect(parse(groups, prefix)).toEqual([
      {
        name: 'default',
        account: '1',
        server: { host: 'ldap.example.com', port: 1636, transport: 'tls', verify: true },
        lookup: { dn: LEAST.LOOKUP_BIND_DN, password: 'lookup-pw' },
        userBases: ['ou=people,dc=example,dc=com'],
        userFilter: '(uid=%s)',
        userAttributes: ['mail', 'departmentNumber'],
        groupBases: ['ou=groups,dc=example,dc=com', 'ou=b\\;c,dc=example,dc=com'],
        groupFilter: '(&(objectclass=groupOfNames)(member=%d))',
      },
    ])
  })

  it('configure several directories by suffix', () => {
    const partner = Object.fromEntries(Object.entries(LEAST).map(([key, value]) => [`${key}_PARTNER`, value]))
    expect(parse(partner).map(({ name }) => name)).toEqual(['default', 'partner'])
  })

  it.each([
    ['nothing', {}],
    ['what is switched off', environment({ ENABLE: 'off' })],
    ['other variables', { MINIO_IDENTITY_OPENID_CONFIG_URL: 'https://x' }],
  ])('configure none with %s', (_what, env) => {
    expect(parseLdapSources(env, '1')).toEqual([])
  })

  it.each([
    ['TLS, on its own port', { SERVER_ADDR: 'h' }, { host: 'h', port: 636, transport: 'tls' }],
    ['an IPv6 address', { SERVER_ADDR: '[2001:db8::1]:3' }, { host: '2001:db8::1', port: 3 }],
    ['StartTLS', { SERVER_ADDR: 'h', SERVER_STARTTLS: 'on' }, { port: 389, transport: 'starttls' }],
    ['no protection', { SERVER_ADDR: 'h', SERVER_INSECURE: 'on' }, { port: 389, transport: 'plain' }],
    ['StartTLS when both are on', { SERVER_STARTTLS: 'on', SERVER_INSECURE: 'on' }, { transport: 'starttls' }],
    ['TLS when both are off', { SERVER_STARTTLS: 'off', SERVER_INSECURE: 'off' }, { transport: 'tls' }],
    ['any certificate', { TLS_SKIP_VERIFY: 'on' }, { verify: false }],
    ['a domain', { SERVER_ADDR: 'x.org', SRV_RECORD_NAME: 'ldaps' }, { srvRecord: '_ldaps._tcp.x.org', host: 'x.org' }],
    [
      'a record',
      { SERVER_ADDR: '_a._tcp.x.org', SRV_RECORD_NAME: 'on' },
      { srvRecord: '_a._tcp.x.org', host: 'x.org' },
    ],
  ])('lead to a server with %s', (_what, settings, server) => {
    expect(serverOf(settings)).toMatchObject(server)
  })

  it('let users be looked up anonymously', () => {
    expect(parse({ LOOKUP_BIND_DN: '', LOOKUP_BIND_PASSWORD: '' })[0]).not.toHaveProperty('lookup')
  })

  it('let the account that looks users up have a name of Active Directory', () => {
    const [source] = parse({ LOOKUP_BIND_DN: 'lookup@corp.example' })
    expect(source?.lookup?.dn).toBe('lookup@corp.example')
  })

  it.each([
    ['SERVER_ADDR', { SERVER_ADDR: '' }],
    ['SERVER_ADDR', { SERVER_ADDR: 'ldaps://h:636' }],
    ['SERVER_ADDR', { SERVER_ADDR: 'h:0' }],
    ['SERVER_ADDR', { SERVER_ADDR: 'h:65536' }],
    ['SERVER_ADDR', { SERVER_ADDR: 'user@h:1' }],
    ['LOOKUP_BIND_PASSWORD', { LOOKUP_BIND_PASSWORD: '' }],
    ['LOOKUP_BIND_DN', { LOOKUP_BIND_DN: '' }],
    ['LOOKUP_BIND_DN', { LOOKUP_BIND_DN: 'lookup' }],
    ['USER_DN_SEARCH_BASE_DN', { USER_DN_SEARCH_BASE_DN: '' }],
    ['USER_DN_SEARCH_BASE_DN', { USER_DN_SEARCH_BASE_DN: ';' }],
    ['USER_DN_SEARCH_BASE_DN', { USER_DN_SEARCH_BASE_DN: 'dc=a;people' }],
    ['USER_DN_SEARCH_FILTER', { USER_DN_SEARCH_FILTER: '' }],
    ['USER_DN_SEARCH_FILTER', { USER_DN_SEARCH_FILTER: '(uid=alice)' }],
    ['USER_DN_SEARCH_FILTER', { USER_DN_SEARCH_FILTER: '(&(uid=%s)(x=%d))' }],
    ['USER_DN_SEARCH_FILTER', { USER_DN_SEARCH_FILTER: 'uid=%s' }],
    ['USER_DN_ATTRIBUTES', { USER_DN_ATTRIBUTES: '*' }],
    ['USER_DN_ATTRIBUTES', { USER_DN_ATTRIBUTES: 'mail,userPassword' }],
    ['GROUP_SEARCH_BASE_DN', { GROUP_SEARCH_FILTER: '(member=%d)' }],
    ['GROUP_SEARCH_FILTER', { GROUP_SEARCH_BASE_DN: 'dc=x' }],
    ['GROUP_SEARCH_FILTER', { GROUP_SEARCH_BASE_DN: 'dc=x', GROUP_SEARCH_FILTER: '(objectclass=group)' }],
    ['SRV_RECORD_NAME', { SRV_RECORD_NAME: 'off' }],
    ['TLS_SKIP_VERIFY', { TLS_SKIP_VERIFY: 'perhaps' }],
    ['TLS_CA', { TLS_CA: '/etc/ca.pem' }],
    ['SERVER_ADDRESS', { SERVER_ADDRESS: 'h' }],
  ])('stop the start when %s cannot be used: %j', (name, settings) => {
    expect(() => parse(settings)).toThrow(`DAYPASS_IDENTITY_LDAP_${name}`)
  })

  it('never repeat a password', () => {
    expect(() => parse({ LOOKUP_BIND_DN: '' })).not.toThrow(/lookup-pw/)
  })

  it('configure at most 20 directories', () => {
    const names = Array.from({ length: 20 }, (_, at) => `_N${at}`)
    const more = names.flatMap((name) => Object.entries(LEAST).map(([key, value]) => [`${key}${name}`, value] as const))
    expect(() => parse(Object.fromEntries(more))).toThrow('more than 20')
  })
})
