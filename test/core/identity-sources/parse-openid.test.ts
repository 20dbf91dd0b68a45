import { clientRoleArn, findRolePolicySource } from '@daypass/core/identity-sources/openid-source.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { describe, expect, it } from 'vitest'

const URL = 'https://idp.example/.well-known/openid-configuration'
const JWKS = 'https://idp.example/jwks'
const P = 'DAYPASS_IDENTITY_OPENID_'
const M = 'MINIO_IDENTITY_OPENID_'
const parse = (env: Record<string, string | undefined>) => parseOpenIdSources(env, 'acct')
const plain = {
  name: 'default',
  account: 'acct',
  keySource: { kind: 'config-url', url: URL },
  claimName: 'policy',
  claimPrefix: '',
  claimUserinfo: false,
  scopes: [],
}

describe('the OpenID sources of an environment', () => {
  it.each<[string, Record<string, string | undefined>, object[]]>([
    ['no variable', {}, []],
    [
      'variables of others',
      { PATH: '/bin', DAYPASS_PORT: '1', MINIO_ROOT_USER: 'root', MINIO_IDENTITY_LDAP_X: '1' },
      [],
    ],
    ['empty variables', { [`${P}CONFIG_URL`]: '', [`${P}CLIENT_ID`]: undefined }, []],
    ['a discovery document', { [`${P}CONFIG_URL`]: URL }, [plain]],
    ['MinIO’s name for it', { [`${M}CONFIG_URL`]: URL }, [plain]],
    [
      'both names, of which ours counts',
      { [`${P}CONFIG_URL`]: URL, [`${M}CONFIG_URL`]: 'https://other.example', [`${M}CLIENT_ID`]: 'app' },
      [{ ...plain, clientId: 'app' }],
    ],
    ['a bare key set', { [`${P}JWKS_URL`]: JWKS }, [{ ...plain, keySource: { kind: 'jwks', url: JWKS } }]],
    ['MinIO’s first name for it', { MINIO_IAM_JWKS_URL: JWKS }, [{ ...plain, keySource: { kind: 'jwks', url: JWKS } }]],
    ['that name beside a discovery document', { MINIO_IAM_JWKS_URL: JWKS, [`${M}CONFIG_URL`]: URL }, [plain]],
    [
      'a key set and who signs with it',
      { [`${P}JWKS_URL`]: JWKS, [`${P}ISSUER`]: 'https://idp.example' },
      [{ ...plain, keySource: { kind: 'jwks', url: JWKS, issuer: 'https://idp.example' } }],
    ],
    ['both URLs, of which the document counts', { [`${P}CONFIG_URL`]: URL, [`${P}JWKS_URL`]: JWKS }, [plain]],
    [
      'every setting',
      {
        [`${M}CONFIG_URL`]: URL,
        [`${M}CLIENT_ID`]: 'app',
        [`${M}CLIENT_SECRET`]: 's3cr3t',
        [`${M}CLAIM_NAME`]: 'roles',
        [`${M}CLAIM_PREFIX`]: 'customer1/',
        [`${M}CLAIM_USERINFO`]: 'on',
        [`${M}SCOPES`]: 'openid, groups',
        [`${M}REDIRECT_URI`]: 'http://127.0.0.1:10000/oauth_callback',
        [`${M}REDIRECT_URI_DYNAMIC`]: 'on',
        [`${M}DISPLAY_NAME`]: 'my openid',
        [`${M}VENDOR`]: 'keycloak',
        [`${M}KEYCLOAK_REALM`]: 'demo',
        [`${M}COMMENT`]: 'a sentence',
      },
      [
        {
          ...plain,
          clientId: 'app',
          clientSecret: 's3cr3t',
          claimName: 'roles',
          claimPrefix: 'customer1/',
          claimUserinfo: true,
          scopes: ['openid', 'groups'],
          redirectUri: 'http://127.0.0.1:10000/oauth_callback',
        },
      ],
    ],
    [
      'several sources, by suffix',
      {
        [`${M}CONFIG_URL`]: URL,
        [`${M}CONFIG_URL_APP2`]: `${URL}2`,
        [`${M}CLIENT_ID_APP2`]: 'two',
        [`${M}ROLE_POLICY_APP2`]: 'readwrite, readonly',
        [`${P}CLIENT_ID_App_3-x`]: 'three',
        [`${P}CONFIG_URL_App_3-x`]: URL,
      },
      [
        {
          ...plain,
          name: 'app2',
          keySource: { kind: 'config-url', url: `${URL}2` },
          clientId: 'two',
          rolePolicy: ['readwrite', 'readonly'],
        },
        { ...plain, name: 'app_3-x', clientId: 'three' },
        plain,
      ],
    ],
    [
      'a source that is switched off',
      { [`${M}ENABLE`]: 'off', [`${M}CONFIG_URL`]: URL, [`${M}CONFIG_URL_B`]: URL, [`${M}ENABLE_B`]: 'on' },
      [{ ...plain, name: 'b' }],
    ],
    ['a switched-off source that would be wrong', { [`${M}ENABLE`]: 'off', [`${M}CLIENT_ID`]: 'app' }, []],
    ['a display name alone', { [`${M}DISPLAY_NAME`]: 'my openid' }, []],
  ])('are read from %s', (_what, env, expected) => {
    expect(parse(env)).toEqual(expected)
  })

  // As `mc admin config set <alias> identity_openid --env` of 2025-03-13 lists them, and two that MinIO has no help for.
  const values: Readonly<Record<string, string>> = {
    ENABLE: 'on',
    DISPLAY_NAME: 'my openid',
    CONFIG_URL: URL,
    CLIENT_ID: 'app',
    CLIENT_SECRET: 's3cr3t',
    CLAIM_NAME: 'policy',
    CLAIM_USERINFO: 'on',
    ROLE_POLICY: 'readonly',
    CLAIM_PREFIX: '',
    REDIRECT_URI: 'https://minio.example/oauth_callback',
    REDIRECT_URI_DYNAMIC: 'off',
    SCOPES: 'openid',
    VENDOR: 'keycloak',
    KEYCLOAK_REALM: 'demo',
    KEYCLOAK_ADMIN_URL: 'https://idp.example/admin',
    COMMENT: 'x',
    STATE: 'on',
    JWKS_URL: JWKS,
    USER_READABLE_CLAIM: 'name',
    USER_ID_CLAIM: 'sub',
  }
  it.each(['', '_PRIMARY', '_B2'])('may have every variable that MinIO has, with the suffix "%s"', (suffix) => {
    const env = Object.fromEntries(Object.entries(values).map(([key, value]) => [`${M}${key}${suffix}`, value]))
    const name = suffix === '' ? 'default' : suffix.slice(1).toLowerCase()
    expect(parse(env)).toMatchObject([{ name, clientId: 'app', claimUserinfo: true, rolePolicy: ['readonly'] }])
  })

  it.each(Object.keys(values))('are unaffected by one that is off, whatever its %s says', (key) => {
    expect(parse({ [`${M}${key}_X`]: values[key] || 'x', [`${M}ENABLE_X`]: 'off', [`${M}CONFIG_URL`]: URL })).toEqual([
      plain,
    ])
  })

  it.each<[string, Record<string, string>, string]>([
    ['no URL', { [`${M}CLIENT_ID`]: 'app' }, `${P}CONFIG_URL is not set`],
    ['no URL of a named source', { [`${M}CLIENT_ID_APP`]: 'app' }, `${P}CONFIG_URL_APP is not set: the "app"`],
    ['no URL though it is switched on', { [`${M}ENABLE`]: 'on' }, `${P}CONFIG_URL is not set`],
    ['what is no URL', { [`${M}CONFIG_URL`]: 'idp.example' }, `${M}CONFIG_URL must be`],
    ['a URL of another scheme', { [`${M}CONFIG_URL_X`]: 'file:///etc/passwd' }, `${M}CONFIG_URL_X must be`],
    ['a URL with a password', { [`${M}CONFIG_URL`]: 'https://u:p@idp.example/' }, `${M}CONFIG_URL must be`],
    ['a key set that is no URL', { [`${P}JWKS_URL`]: 'jwks' }, `${P}JWKS_URL must be`],
    ['a misspelt setting', { [`${M}CONFIG_URL`]: URL, [`${M}CLIENTID`]: 'app' }, `${M}CLIENTID is no setting`],
    [
      'a switch that is neither',
      { [`${M}CONFIG_URL`]: URL, [`${M}CLAIM_USERINFO`]: 'maybe' },
      `${M}CLAIM_USERINFO must be on or off`,
    ],
    ['another such switch', { [`${M}ENABLE`]: 'x' }, `${M}ENABLE must be on or off`],
    [
      'UserInfo of a bare key set',
      { [`${M}JWKS_URL`]: JWKS, [`${M}CLAIM_USERINFO`]: 'on' },
      `${M}CLAIM_USERINFO needs ${P}CONFIG_URL`,
    ],
    [
      'a role policy without a client',
      { [`${M}CONFIG_URL`]: URL, [`${M}ROLE_POLICY`]: 'a' },
      `${M}ROLE_POLICY needs ${P}CLIENT_ID`,
    ],
    [
      'an empty role policy',
      { [`${M}CONFIG_URL`]: URL, [`${M}CLIENT_ID`]: 'a', [`${M}ROLE_POLICY`]: ' , ' },
      `${M}ROLE_POLICY must be a comma`,
    ],
    [
      'a role policy and a claim',
      { [`${M}CONFIG_URL`]: URL, [`${M}CLIENT_ID`]: 'a', [`${M}ROLE_POLICY`]: 'a', [`${M}CLAIM_NAME`]: 'groups' },
      `${M}ROLE_POLICY and ${M}CLAIM_NAME exclude each other`,
    ],
    [
      'two role policies of one client',
      {
        [`${M}CONFIG_URL`]: URL,
        [`${M}CLIENT_ID`]: 'a',
        [`${M}ROLE_POLICY`]: 'a',
        [`${M}CONFIG_URL_B`]: `${URL}2`,
        [`${M}CLIENT_ID_B`]: 'a',
        [`${M}ROLE_POLICY_B`]: 'b',
      },
      'is the client of another source',
    ],
    ['a name in two spellings', { [`${M}CONFIG_URL_App`]: URL, [`${M}CLIENT_ID_APP`]: 'a' }, 'another spelling'],
    ['the name that sources without one have', { [`${M}CONFIG_URL_DEFAULT`]: URL }, 'other than "default"'],
    ['a name of other characters', { [`${M}CONFIG_URL_a/b`]: URL }, 'must end in a name'],
    ['an empty name', { [`${M}CONFIG_URL_`]: URL }, 'must end in a name'],
    ['a name of 65 characters', { [`${M}CONFIG_URL_${'a'.repeat(65)}`]: URL }, 'must end in a name'],
    [
      '21 sources',
      Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`${M}CONFIG_URL_S${at}`, URL])),
      'more than 20',
    ],
  ])('are refused in one sentence that names the variable: %s', (_what, env, message) => {
    expect(() => parse(env)).toThrow(message)
    try {
      parse(env)
    } catch (error) {
      expect((error as Error).message).toMatch(/^[^\n]+\.$/)
    }
  })

  it('never repeat a secret when they are refused', () => {
    const env = { [`${M}CLIENT_SECRET`]: 'hunter2', [`${M}CLIENT_ID`]: 'app' }
    expect(() => parse(env)).toThrow(/^(?!.*hunter2)/)
  })
})

describe('the ARN of a role policy', () => {
  const [source] = parse({
    [`${M}CONFIG_URL`]: URL,
    [`${M}CLIENT_ID`]: 'minio-client-app',
    [`${M}ROLE_POLICY`]: 'readonly',
  })
  const arn = clientRoleArn('minio-client-app')
  const id = arn.slice(arn.indexOf('/') + 1)

  it('is MinIO’s: the SHA-1 of the client id in base64url', () => {
    expect(arn).toMatch(/^arn:minio:iam:::role\/[\w-]{27}$/)
    expect(clientRoleArn('foo')).toBe('arn:minio:iam:::role/C-7Hteo_D9vJXQ3UfzxbwnXaijM')
  })

  it.each([arn, `arn:minio:iam:us-east-1::role/${id}`])('finds its source: %s', (each) => {
    expect(findRolePolicySource(source ? [source] : [], each)).toBe(source)
  })

  it.each([
    clientRoleArn('other'),
    `arn:aws:iam:::role/${id}`,
    `arn:minio:iam:::role/${id}x`,
    `arn:minio:iam:::role/${id.toUpperCase()}`,
    `arn:minio:iam::123456789012:role/${id}`,
    `arn:minio:iam:::user/${id}`,
    `x${arn}`,
    '',
  ])('is told from %s', (each) => {
    expect(findRolePolicySource(source ? [source] : [], each)).toBeUndefined()
  })
})
