import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from '../../../infra/local/settings.ts'

const DIRECTORY = {
  SERVER_ADDR: 'ldap.example:636',
  LOOKUP_BIND_DN: 'cn=lookup,dc=example',
  LOOKUP_BIND_PASSWORD: 'lookup-pw',
  USER_DN_SEARCH_BASE_DN: 'dc=example',
  USER_DN_SEARCH_FILTER: '(uid=%s)',
}
const environment = (prefix: string, change: object = {}) =>
  Object.fromEntries(
    Object.entries({ ...DIRECTORY, ...change }).map(([key, value]) => [
      `${prefix}_IDENTITY_LDAP_${key}`,
      String(value),
    ]),
  )

describe("a directory's settings", () => {
  it.each(['MINIO', 'DAYPASS'])('are those of the local host under %s, in the default account', (prefix) => {
    const settings = readSettings({ ...environment(prefix), DAYPASS_ACCOUNT_ID: '1' })
    expect(settings.ldapSources).toMatchObject([{ name: 'default', account: '1', server: { host: 'ldap.example' } }])
    expect(settings).not.toHaveProperty('withoutEffect')
  })

  it('are absent without variables', () => {
    expect(readSettings({})).not.toHaveProperty('ldapSources')
  })

  it('stop the start when they do not fit, in a sentence that repeats no password', () => {
    const read = () => readSettings(environment('MINIO', { LOOKUP_BIND_DN: '' }))
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(/^MINIO_IDENTITY_LDAP_LOOKUP_BIND_PASSWORD is set without/)
    expect(read).not.toThrow(/lookup-pw/)
  })
})
