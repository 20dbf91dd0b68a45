import { describe, expect, it } from 'vitest'
import { mergeOptions, readLoginFlags } from '../../cli/options.ts'
import { parseProfileName } from '../../cli/profile/name.ts'
import { bindingOf, parseSettings } from '../../cli/settings.ts'
import { cacheFolder, configFile, credentialsFile } from '../../cli/surroundings.ts'

const OPENID = {
  endpoint: 'https://sts.example',
  'config-endpoint': 'https://login.example/.well-known/openid-configuration',
  'client-id': 'app',
}
const LDAP = { endpoint: 'https://sts.example', provider: 'ldap', username: 'alice' }

describe('what a login needs', () => {
  it('has defaults', () => {
    expect(parseSettings(OPENID)).toMatchObject({
      allowHttp: false,
      login: { provider: 'openid', clientId: 'app', scopes: 'openid', port: 8888 },
    })
    expect(parseSettings(LDAP).login).toEqual({ provider: 'ldap', username: 'alice' })
  })

  it.each([
    ['endpoint', OPENID, '--endpoint is missing.'],
    ['config-endpoint', OPENID, '--issuer or --config-endpoint is missing.'],
    ['client-id', OPENID, '--client-id is missing.'],
    ['username', LDAP, '--username is missing.'],
  ])('is missed by name: %s', (name, options, sentence) => {
    expect(() => parseSettings({ ...options, [name]: undefined })).toThrow(sentence)
  })

  it.each([
    ['endpoint', 'sts', '--endpoint must be an http or https URL'],
    ['endpoint', 'https://user@sts.example', '--endpoint must be an http or https URL'],
    ['config-endpoint', 'file:///x', '--config-endpoint must be an http or https URL'],
    ['port', '65536', '--port must be a port number'],
    ['scopes', 'xopenid', '--scopes must have openid among them.'],
    ['duration', '1h', '--duration must be a number of seconds'],
    ['provider', 'saml', '--provider must be openid or ldap'],
  ])('is refused when it is wrong: %s %s', (name, value, sentence) => {
    expect(() => parseSettings({ ...OPENID, [name]: value })).toThrow(sentence)
  })

  it.each(['http://127.0.0.1:9500', 'http://127.9.9.9', 'http://localhost:1', 'http://[::1]:1', 'https://sts.example'])(
    'may be at %s',
    (endpoint) => {
      expect(parseSettings({ ...OPENID, endpoint }).endpoint.href).toBe(new URL(endpoint).href)
    },
  )

  it.each(
    [
      ['http://sts.example', 'http://10.0.0.1', 'http://localhost.example', 'http://127.0.0.1.example'],
      ['http://0.0.0.0', 'http://[::2]', 'http://evil.example/localhost', 'http://2130706434.example'],
    ].flat(),
  )('may not be at %s, unless that is allowed', (endpoint) => {
    expect(() => parseSettings({ ...OPENID, endpoint })).toThrow('is http, where others can read along')
    expect(() => parseSettings({ ...OPENID, 'config-endpoint': `${endpoint}/x` })).toThrow('The issuer http://')
    expect(parseSettings({ ...OPENID, endpoint, 'allow-http': 'true' }).allowHttp).toBe(true)
  })
})

describe('options', () => {
  const members = new Map([
    ['daypass_endpoint', 'https://old.example'],
    ['daypass_client_id', 'app'],
    ['daypass_role_arn', 'role'],
    ['region', 'x'],
  ])

  it('are remembered by the profile and changed by flags', () => {
    const { options } = readLoginFlags(['--endpoint', 'https://new.example', '--issuer', 'https://login.example/'])
    expect(mergeOptions(members, options)).toEqual({
      endpoint: 'https://new.example',
      'config-endpoint': 'https://login.example/.well-known/openid-configuration',
      'client-id': 'app',
      'role-arn': 'role',
    })
  })

  it('of another kind of provider are not brought over', () => {
    expect(mergeOptions(members, readLoginFlags(['--provider', 'ldap']).options)).toEqual({
      ...{ endpoint: 'https://old.example', provider: 'ldap', 'role-arn': 'role' },
    })
    expect(mergeOptions(members, readLoginFlags(['--provider', 'openid']).options)).toHaveProperty('client-id')
  })

  it('name one issuer', () => {
    expect(() => readLoginFlags(['--issuer', 'a', '--config-endpoint', 'b'])).toThrow('Give one of')
  })
})

describe('what credentials are bound to', () => {
  it.each([
    ['endpoint', 'https://other.example'],
    ['config-endpoint', 'https://other.example/.well-known/openid-configuration'],
    ['client-id', 'other'],
    ['scopes', 'openid more'],
    ['role-arn', 'other'],
  ])('is the %s', (name, value) => {
    expect(bindingOf(parseSettings({ ...OPENID, [name]: value }))).not.toBe(bindingOf(parseSettings(OPENID)))
  })

  it.each([
    ['username', 'bob'],
    ['config-name', 'other'],
    ['provider', 'openid'],
  ])('is the %s', (name, value) => {
    const both = { ...OPENID, ...LDAP }
    expect(bindingOf(parseSettings({ ...both, [name]: value }))).not.toBe(bindingOf(parseSettings(both)))
  })
})

describe('the name of a profile', () => {
  it.each(['daypass', 'default', 'a', 'team.prod@eu:1+x-y', '0'.repeat(64)])('may be %s', (name) => {
    expect(parseProfileName(name)).toBe(name)
  })

  it.each(['', 'a b', 'a\nb', 'a]', '[a', '-a', 'a"', "a'", 'a;b', 'a#b', '$a', 'a/b', '0'.repeat(65), 'é', 'a\n'])(
    'is not %j',
    (name) => {
      expect(() => parseProfileName(name)).toThrow("A profile's name has 1 to 64 letters")
    },
  )
})

describe('files', () => {
  const at = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') => ({
    ...{ env, platform, home: '/home/a', now: () => 0 },
  })

  it('are AWS’s, by its variables', () => {
    expect([configFile(at({})), credentialsFile(at({}))]).toEqual(['/home/a/.aws/config', '/home/a/.aws/credentials'])
    const env = { AWS_CONFIG_FILE: '~/c', AWS_SHARED_CREDENTIALS_FILE: '/k' }
    expect([configFile(at(env)), credentialsFile(at(env))]).toEqual(['/home/a/c', '/k'])
  })

  it.each([
    ['linux', {}, '/home/a/.cache/daypass'],
    ['linux', { XDG_CACHE_HOME: '/c' }, '/c/daypass'],
    ['darwin', { XDG_CACHE_HOME: '/c' }, '/home/a/Library/Caches/daypass'],
    ['win32', { LOCALAPPDATA: '/l' }, '/l/daypass'],
    ['win32', {}, '/home/a/AppData/Local/daypass'],
    ['linux', { DAYPASS_CACHE_DIR: '/d' }, '/d'],
  ] as const)('of sessions are where %s keeps such', (platform, env, folder) => {
    expect(cacheFolder(at(env, platform))).toBe(folder)
  })
})
