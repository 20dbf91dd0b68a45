import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import { findSource } from '@daypass/core/identity/custom-token/source.ts'
import { describe, expect, it } from 'vitest'

const ACCOUNT = '000000000000'
const URL_OF_HOOK = 'http://localhost:8081/'
const M = 'MINIO_IDENTITY_PLUGIN_'
const D = 'DAYPASS_IDENTITY_PLUGIN_'
const parse = (env: Record<string, string>) => parseCustomTokenSources(env, ACCOUNT)
const one = (env: Record<string, string>) => parse({ [`${M}URL`]: URL_OF_HOOK, ...env })[0]

describe('the settings of identity webhooks', () => {
  it('are none when nothing is set', () => {
    expect(parse({ [`${M}URL`]: '' })).toEqual([])
  })

  it.each([M, D])('are read from %s…', (prefix) => {
    const env = {
      [`${prefix}URL`]: URL_OF_HOOK,
      [`${prefix}AUTH_TOKEN`]: 'Bearer secret',
      [`${prefix}ROLE_POLICY`]: 'readonly, diagnostics',
      [`${prefix}ROLE_ID`]: 'external-auth',
      [`${prefix}COMMENT`]: 'our own',
    }
    expect(parse(env)).toEqual([
      {
        name: 'default',
        account: ACCOUNT,
        url: new URL(URL_OF_HOOK),
        authorization: 'Bearer secret',
        rolePolicy: ['readonly', 'diagnostics'],
        roleArn: 'arn:minio:iam:::role/idmp-external-auth',
      },
    ])
  })

  it('take the token under the name that MinIO’s manual has given it too', () => {
    expect(one({ [`${M}TOKEN`]: 'Bearer manual' })?.authorization).toBe('Bearer manual')
    expect(one({ [`${M}TOKEN`]: 'Bearer manual', [`${M}AUTH_TOKEN`]: 'Bearer program' })?.authorization).toBe(
      'Bearer program',
    )
  })

  it('name the role of a webhook without a role id by its URL, as MinIO does', () => {
    // printf 'http://localhost:8081/' | openssl dgst -sha1 -binary | basenc --base64url
    expect(one({})?.roleArn).toBe('arn:minio:iam:::role/idmp-eBKkY90TWZ6GLs6I0ocVI3D0CkU')
  })

  it('name several webhooks by their suffixes', () => {
    const env = { [`${D}URL`]: URL_OF_HOOK, [`${D}URL_PARTNERS`]: 'https://partners.example/auth' }
    expect(parse(env).map(({ name }) => name)).toEqual(['default', 'partners'])
  })

  it('leave out a webhook that is switched off', () => {
    expect(one({ [`${M}ENABLE`]: 'off' })).toBeUndefined()
    expect(one({ [`${M}ENABLE`]: 'on' })).toBeDefined()
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['no URL', { [`${M}ROLE_POLICY`]: 'readonly' }, /MINIO|DAYPASS_IDENTITY_PLUGIN_URL is not set/],
    ['a URL of another scheme', { [`${M}URL`]: 'ftp://x.example' }, /PLUGIN_URL must be an http or https URL/],
    ['a password in the URL', { [`${M}URL`]: 'https://u:pw@x.example' }, /PLUGIN_URL must be an http or https URL/],
    [
      'a token with a newline',
      { [`${M}URL`]: URL_OF_HOOK, [`${M}AUTH_TOKEN`]: 'a\nb' },
      /AUTH_TOKEN must be printable/,
    ],
    ['a list of no policies', { [`${M}URL`]: URL_OF_HOOK, [`${M}ROLE_POLICY`]: ' , ' }, /ROLE_POLICY must be a comma/],
    ['a role id with a slash', { [`${M}URL`]: URL_OF_HOOK, [`${M}ROLE_ID`]: 'a/b' }, /ROLE_ID must be letters/],
    ['a misspelt name', { [`${M}URL`]: URL_OF_HOOK, [`${M}ROLEPOLICY`]: 'readonly' }, /ROLEPOLICY is no setting/],
    [
      'one role for two webhooks',
      { [`${M}URL`]: URL_OF_HOOK, [`${M}ROLE_ID`]: 'x', [`${M}URL_B`]: URL_OF_HOOK, [`${M}ROLE_ID_B`]: 'x' },
      /have the same role/,
    ],
  ])('refuse %s', (_flaw, env, message) => {
    expect(() => parse(env)).toThrow(message)
  })

  it('never repeat a value in a refusal', () => {
    expect(() => one({ [`${M}AUTH_TOKEN`]: 'secret\nvalue' })).toThrow(/^(?!.*secret)/)
  })
})

describe('the ARN of a role policy', () => {
  const sources = parse({ [`${M}URL`]: URL_OF_HOOK, [`${M}ROLE_ID`]: 'ours', [`${M}URL_B`]: 'http://b.example/' })

  it.each(['arn:minio:iam:::role/idmp-ours', 'arn:minio:iam:eu-west-1::role/idmp-ours'])('%s names it', (arn) => {
    expect(findSource(sources, arn)?.name).toBe('default')
  })

  it.each([
    'arn:minio:iam:::role/idmp-other',
    'arn:minio:iam:::role/ours',
    'arn:minio:iam:::role/idmp-ours/',
    'arn:minio:iam::1:role/idmp-ours',
    'arn:aws:iam:::role/idmp-ours',
    'xarn:minio:iam:::role/idmp-ours',
  ])('%s names none', (arn) => {
    expect(findSource(sources, arn)).toBeUndefined()
  })
})
