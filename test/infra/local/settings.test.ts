import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from '../../../infra/local/settings.ts'

const BY_DEFAULT = {
  host: '127.0.0.1',
  port: 9500,
  dataDir: '.daypass',
  accountId: '000000000000',
  demoIssuerPort: 9501,
  s3Domains: [],
  quotas: {},
}
const KEY = { AccessKeyId: 'admin', SecretAccessKey: 'secret' }

describe('the settings', () => {
  it('have the documented defaults', () => {
    expect(readSettings({})).toEqual(BY_DEFAULT)
  })

  it.each([
    ['DAYPASS_HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['DAYPASS_PORT', '0', { port: 0 }],
    ['DAYPASS_PORT', '65535', { port: 65_535 }],
    ['DAYPASS_DATA_DIR', 'elsewhere', { dataDir: 'elsewhere' }],
    ['DAYPASS_ACCOUNT_ID', 'tenant_1', { accountId: 'tenant_1' }],
    ['DAYPASS_ACCOUNT_ID', '', { accountId: '' }],
    ['DAYPASS_BOOTSTRAP', 'accounts.json', { bootstrap: 'accounts.json' }],
    ['DAYPASS_TABLE', 'daypass', { table: 'daypass' }],
    ['DAYPASS_S3_DOMAIN', 's3.test,b.test', { s3Domains: ['s3.test', 'b.test'] }],
    ['DAYPASS_DEMO_ISSUER_PORT', '19501', { demoIssuerPort: 19_501 }],
    [
      'DAYPASS_S3_ENDPOINT',
      'http://127.0.0.1:9000',
      { s3: { endpoint: 'http://127.0.0.1:9000', region: 'us-east-1' } },
    ],
  ])('take %s=%j', (name, value, changed) => {
    expect(readSettings({ [name]: value })).toEqual({ ...BY_DEFAULT, ...changed })
  })

  it.each([
    ['DAYPASS_ROOT_ACCESS_KEY_ID', 'DAYPASS_ROOT_SECRET_ACCESS_KEY'],
    ['MINIO_ROOT_USER', 'MINIO_ROOT_PASSWORD'],
    ['MINIO_ACCESS_KEY', 'MINIO_SECRET_KEY'],
  ])('take the root key from %s and %s', (id, secret) => {
    expect(readSettings({ [id]: 'admin', [secret]: 'secret' }).rootKey).toEqual(KEY)
  })

  it('prefer the name of their own to an alias', () => {
    const { rootKey } = readSettings({
      DAYPASS_ROOT_ACCESS_KEY_ID: 'admin',
      DAYPASS_ROOT_SECRET_ACCESS_KEY: 'secret',
      MINIO_ROOT_USER: 'other',
      MINIO_ROOT_PASSWORD: 'other-secret',
    })
    expect(rootKey).toEqual(KEY)
  })

  it.each([
    ['MINIO_ADDRESS', ':9000', { host: '0.0.0.0', port: 9000 }],
    ['MINIO_ADDRESS', '127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }],
    ['MINIO_ADDRESS', '[::1]:9000', { host: '::1', port: 9000 }],
    ['MINIO_STS_DURATION', '1h', { stsDurationSeconds: 3600 }],
    ['MINIO_STS_DURATION', '28800', { stsDurationSeconds: 28_800 }],
    ['MINIO_STS_DURATION', '1h30m', { stsDurationSeconds: 5400 }],
    ['MINIO_STS_DURATION', '1.5h', { stsDurationSeconds: 5400 }],
    ['MINIO_STS_DURATION', '900s', { stsDurationSeconds: 900 }],
    ['MINIO_STS_DURATION', '8760h', { stsDurationSeconds: 43_200 }],
    ['DAYPASS_STS_DURATION', '12h', { stsDurationSeconds: 43_200 }],
  ])('take %s=%j', (name, value, changed) => {
    expect(readSettings({ [name]: value })).toEqual({ ...BY_DEFAULT, ...changed })
  })

  it('prefer names of their own to the address and the duration of MinIO', () => {
    const minio = { MINIO_ADDRESS: ':9000', MINIO_STS_DURATION: '1h' }
    const own = { DAYPASS_HOST: '127.0.0.2', DAYPASS_PORT: '9600', DAYPASS_STS_DURATION: '2h' }
    expect(readSettings({ ...minio, ...own })).toMatchObject({
      host: '127.0.0.2',
      port: 9600,
      stsDurationSeconds: 7200,
    })
    expect(readSettings({ ...minio, DAYPASS_HOST: '127.0.0.2' })).toMatchObject({ host: '127.0.0.2', port: 9000 })
  })

  it.each([
    ['DAYPASS_POLICY_PLUGIN_URL', 'DAYPASS_POLICY_PLUGIN_AUTH_TOKEN'],
    ['MINIO_POLICY_PLUGIN_URL', 'MINIO_POLICY_PLUGIN_AUTH_TOKEN'],
    ['MINIO_POLICY_OPA_URL', 'MINIO_POLICY_OPA_AUTH_TOKEN'],
    ['MINIO_IAM_OPA_URL', 'MINIO_IAM_OPA_AUTHTOKEN'],
  ])('take a decision webhook from %s and %s', (url, token) => {
    const read = (env: Record<string, string>) => readSettings(env).decisionWebhook
    const address = 'http://127.0.0.1:8181/v1/data/httpapi/authz/allow'
    expect(read({ [url]: address })).toEqual({ url: new URL(address) })
    expect(read({ [url]: address, [token]: 'Bearer x' })).toEqual({ url: new URL(address), authorization: 'Bearer x' })
    expect(readSettings({ [url]: address }).withoutEffect).toBeUndefined()
  })

  it('take the webhook of the first of its names, with the token beside it', () => {
    const { decisionWebhook } = readSettings({
      MINIO_IAM_OPA_URL: 'http://old.example/',
      MINIO_IAM_OPA_AUTHTOKEN: 'old',
      MINIO_POLICY_PLUGIN_URL: 'http://newer.example/',
      MINIO_POLICY_PLUGIN_AUTH_TOKEN: 'newer',
    })
    expect(decisionWebhook).toEqual({ url: new URL('http://newer.example/'), authorization: 'newer' })
  })

  it('send a token to no webhook but its own', () => {
    const env = { DAYPASS_POLICY_PLUGIN_URL: 'http://new.example/', MINIO_IAM_OPA_URL: 'http://old.example/' }
    expect(readSettings({ ...env, MINIO_IAM_OPA_AUTHTOKEN: 'old' }).decisionWebhook).toEqual({
      url: new URL('http://new.example/'),
    })
    expect(readSettings({ ...env, MINIO_POLICY_PLUGIN_AUTH_TOKEN: 'new' }).decisionWebhook).toMatchObject({
      authorization: 'new',
    })
  })

  it.each(['DAYPASS_IDENTITY_OPENID_CONFIG_URL', 'MINIO_IDENTITY_OPENID_CONFIG_URL'])(
    'take an OpenID source from %s',
    (name) => {
      const url = 'https://issuer.example/.well-known/openid-configuration'
      const { openIdSources, withoutEffect } = readSettings({ [name]: url, DAYPASS_ACCOUNT_ID: '' })
      expect(openIdSources).toMatchObject([{ name: 'default', account: '', keySource: { kind: 'config-url', url } }])
      expect(withoutEffect).toBeUndefined()
    },
  )

  it('name what concerns MinIO alone apart from what is not built yet', () => {
    const { withoutEffect } = readSettings({
      MINIO_VOLUMES: '/mnt/data',
      MINIO_OPTS: '--console-address :9001',
      MINIO_BROWSER: '',
      MINIO_ROOT_USER: 'admin',
      MINIO_ROOT_PASSWORD: 'secret-of-root',
      DAYPASS_IDENTITY_SAML_ENABLE: 'on',
      PATH: '/usr/bin',
    })
    expect(withoutEffect).toEqual({
      notYet: ['DAYPASS_IDENTITY_SAML_ENABLE'],
      never: ['MINIO_OPTS', 'MINIO_VOLUMES'],
    })
  })

  it('take a store behind the gateway with its region and key', () => {
    const env = {
      DAYPASS_S3_ENDPOINT: 'https://s3.example',
      DAYPASS_S3_REGION: 'eu-west-1',
      DAYPASS_S3_ACCESS_KEY_ID: 'id',
      DAYPASS_S3_SECRET_ACCESS_KEY: 'secret',
    }
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
    expect(readSettings(env).s3).toEqual({ endpoint: 'https://s3.example', region: 'eu-west-1', credentials })
  })

  it('take a certificate with its key and the authorities of clients', () => {
    const env = { DAYPASS_TLS_CERT: 'c.pem', DAYPASS_TLS_KEY: 'k.pem', DAYPASS_TLS_CLIENT_CA: 'ca.pem' }
    expect(readSettings(env).tls).toEqual({ cert: 'c.pem', key: 'k.pem', clientCa: 'ca.pem' })
  })

  it.each(
    [
      'DAYPASS_HOST',
      'DAYPASS_PORT',
      'DAYPASS_DATA_DIR',
      'DAYPASS_BOOTSTRAP',
      'DAYPASS_TABLE',
      'DAYPASS_S3_ENDPOINT',
      'DAYPASS_TLS_CERT',
      'DAYPASS_ROOT_ACCESS_KEY_ID',
      'MINIO_ROOT_USER',
    ].map((name) => [name]),
  )('count an empty %s as absent', (name) => {
    expect(readSettings({ [name]: '' })).toEqual(BY_DEFAULT)
  })

  it.each([
    [{ DAYPASS_PORT: '70000' }, 'DAYPASS_PORT'],
    [{ DAYPASS_PORT: '-1' }, 'DAYPASS_PORT'],
    [{ DAYPASS_PORT: '80a' }, 'DAYPASS_PORT'],
    [{ DAYPASS_PORT: ' 80' }, 'DAYPASS_PORT'],
    [{ DAYPASS_DEMO_ISSUER_PORT: 'x' }, 'DAYPASS_DEMO_ISSUER_PORT'],
    [{ DAYPASS_ACCOUNT_ID: 'aws' }, 'DAYPASS_ACCOUNT_ID'],
    [{ DAYPASS_ACCOUNT_ID: 'a b' }, 'DAYPASS_ACCOUNT_ID'],
    [{ DAYPASS_ACCOUNT_ID: 'a'.repeat(65) }, 'DAYPASS_ACCOUNT_ID'],
    [{ DAYPASS_ROOT_ACCESS_KEY_ID: 'a' }, 'DAYPASS_ROOT_SECRET_ACCESS_KEY'],
    [{ DAYPASS_ROOT_SECRET_ACCESS_KEY: 'a' }, 'DAYPASS_ROOT_ACCESS_KEY_ID'],
    [{ MINIO_ROOT_PASSWORD: 'a' }, 'MINIO_ROOT_USER'],
    [{ MINIO_ROOT_USER: 'a/b', MINIO_ROOT_PASSWORD: 'p' }, 'DAYPASS_ROOT_ACCESS_KEY_ID'],
    [{ DAYPASS_S3_ENDPOINT: '127.0.0.1:9000' }, 'DAYPASS_S3_ENDPOINT'],
    [{ DAYPASS_S3_ENDPOINT: 'ftp://store' }, 'DAYPASS_S3_ENDPOINT'],
    [{ DAYPASS_S3_ENDPOINT: 'http://store', DAYPASS_S3_ACCESS_KEY_ID: 'a' }, 'DAYPASS_S3_SECRET_ACCESS_KEY'],
    [{ DAYPASS_S3_ACCESS_KEY_ID: 'a', DAYPASS_S3_SECRET_ACCESS_KEY: 'b' }, 'DAYPASS_S3_ENDPOINT'],
    [{ DAYPASS_TLS_CERT: 'c.pem' }, 'DAYPASS_TLS_KEY'],
    [{ MINIO_ADDRESS: '9000' }, 'MINIO_ADDRESS'],
    [{ MINIO_ADDRESS: ':65536' }, 'MINIO_ADDRESS'],
    [{ MINIO_ADDRESS: 'http://host:9000' }, 'MINIO_ADDRESS'],
    [{ MINIO_STS_DURATION: '14m' }, 'MINIO_STS_DURATION'],
    [{ MINIO_STS_DURATION: '899' }, 'MINIO_STS_DURATION'],
    [{ MINIO_STS_DURATION: '-1h' }, 'MINIO_STS_DURATION'],
    [{ MINIO_STS_DURATION: '1d' }, 'MINIO_STS_DURATION'],
    [{ DAYPASS_STS_DURATION: '13h' }, 'DAYPASS_STS_DURATION'],
    [{ DAYPASS_POLICY_PLUGIN_URL: 'opa:8181' }, 'DAYPASS_POLICY_PLUGIN_URL'],
    [{ MINIO_POLICY_PLUGIN_URL: 'http://user:pw@opa/' }, 'MINIO_POLICY_PLUGIN_URL'],
    [{ MINIO_POLICY_PLUGIN_URL: 'http://user@opa/' }, 'MINIO_POLICY_PLUGIN_URL'],
    [{ MINIO_POLICY_PLUGIN_URL: 'http://:pw@opa/' }, 'MINIO_POLICY_PLUGIN_URL'],
    [{ MINIO_IDENTITY_OPENID_CONFIG_URL: 'issuer.example' }, 'MINIO_IDENTITY_OPENID_CONFIG_URL'],
    [{ MINIO_IDENTITY_OPENID_CLIENT_IDS: 'x' }, 'MINIO_IDENTITY_OPENID_CLIENT_IDS'],
    [{ MINIO_POLICY_PLUGIN_AUTH_TOKEN: 'x' }, 'MINIO_POLICY_PLUGIN_AUTH_TOKEN'],
    [{ MINIO_IAM_OPA_URL: 'http://opa/', MINIO_IAM_OPA_AUTHTOKEN: 'a\r\nb: c' }, 'MINIO_IAM_OPA_AUTHTOKEN'],
    [{ DAYPASS_TLS_KEY: 'k.pem' }, 'DAYPASS_TLS_CERT'],
    [{ DAYPASS_TLS_CLIENT_CA: 'ca.pem' }, 'DAYPASS_TLS_CERT'],
  ])('refuse %j in one sentence that names %s', (env, name) => {
    const read = () => readSettings(env)
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(new RegExp(`^[^\\n]*\\b${name}\\b[^\\n]*\\.$`))
  })

  it('never repeat a secret in a refusal', () => {
    const without = /^(?!.*hush).*$/s
    const env = { MINIO_ROOT_PASSWORD: 'hush-hush', DAYPASS_S3_SECRET_ACCESS_KEY: 'hush-hush' }
    expect(() => readSettings(env)).toThrow(without)
    expect(() => readSettings({ MINIO_POLICY_PLUGIN_AUTH_TOKEN: 'hush-hush' })).toThrow(without)
    expect(() => readSettings({ MINIO_POLICY_PLUGIN_URL: 'http://me:hush@opa/' })).toThrow(without)
  })
})
