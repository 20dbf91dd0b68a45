import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type CertificateOptions,
  ecKey,
  extension,
  makeAuthority,
  makeCertificate,
  makeRevocationList,
  pemOf,
  rsaKey,
} from '../../support/certificate-maker.ts'

const folder = mkdtempSync(join(tmpdir(), 'daypass-certificates-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const T = 'DAYPASS_IDENTITY_TLS_'
const ca = makeAuthority()
const sub = makeAuthority({ subject: { CN: 'Sub CA' }, by: ca })
const acme = makeAuthority({ subject: { CN: 'Acme CA' } })
const path = file('ca.pem', ca.pem)
const parse = (env: Record<string, string>, defaultCa?: string) => parseCertificateSources(env, 'a', { defaultCa })
const names = (found: ReturnType<typeof parse>) =>
  found.map(({ name, authorities: { anchors, intermediates } }) => [
    name,
    anchors.map(({ subject }) => subject.text),
    intermediates.map(({ subject }) => subject.text),
  ])

describe('certificate sources', () => {
  it('are none without settings, when switched off, and when only MinIO’s verification is spoken of', () => {
    expect(parse({})).toEqual([])
    expect(parse({ [`${T}ENABLE`]: 'off', [`${T}CA`]: path })).toEqual([])
    expect(parse({ MINIO_IDENTITY_TLS_SKIP_VERIFY: 'off' }, path)).toEqual([])
    expect(parse({ MINIO_IDENTITY_TLS_ENABLE: '' }, path)).toEqual([])
  })

  it.each([
    ['MinIO’s switch and the TLS listener’s authorities', { MINIO_IDENTITY_TLS_ENABLE: 'on' }, true],
    ['the same by its own name', { DAYPASS_IDENTITY_TLS_ENABLE: 'true' }, true],
    ['with verification left on', { MINIO_IDENTITY_TLS_ENABLE: 'on', MINIO_IDENTITY_TLS_SKIP_VERIFY: 'off' }, true],
    ['a file of authorities', { [`${T}CA`]: path }, false],
    ['authorities as text', { [`${T}CA`]: `# mine\n${ca.pem}`.slice(7) }, false],
    ['a file, with names of policies', { [`${T}CA`]: path, [`${T}CN_POLICY`]: 'on' }, true],
    ['MinIO’s switch without names of policies', { [`${T}ENABLE`]: 'on', [`${T}CN_POLICY`]: 'off' }, false],
  ])('come from %s', (_what, env, policyByCommonName) => {
    const found = parse(env as Record<string, string>, path)
    expect(found).toMatchObject([{ name: 'default', account: 'a', policyByCommonName }])
    expect(names(found)).toEqual([['default', ['CN=Test CA'], []]])
  })

  it('have names', () => {
    expect(names(parse({ [`${T}CA_ACME`]: acme.pem, [`${T}CA`]: ca.pem }))).toEqual([
      ['acme', ['CN=Acme CA'], []],
      ['default', ['CN=Test CA'], []],
    ])
  })

  it('anchor trust in authorities whose issuer is not beside them', () => {
    expect(names(parse({ [`${T}CA`]: sub.pem + ca.pem }))).toEqual([['default', ['CN=Test CA'], ['CN=Sub CA']]])
    expect(names(parse({ [`${T}CA`]: sub.pem }))).toEqual([['default', ['CN=Sub CA'], []]])
  })

  it('read a renewed revocation list at once, and refuse one that cannot be read any more', async () => {
    const client = makeCertificate({ by: ca })
    const crl = file('renewed.crl', pemOf('X509 CRL', makeRevocationList(ca)))
    const [source] = parse({ [`${T}CA`]: path, [`${T}CRL`]: crl })
    const revokedNow = async () => (await source?.readRevocationLists?.())?.map(({ revoked }) => revoked.size)
    expect(await revokedNow()).toEqual([0])
    file('renewed.crl', makeRevocationList(ca, { revoked: [client] }))
    expect(await revokedNow()).toEqual([1])
    file('renewed.crl', 'half a list')
    await expect(revokedNow()).rejects.toMatchObject({ code: 'IDPCommunicationError' })
    rmSync(crl)
    await expect(revokedNow()).rejects.toMatchObject({ code: 'IDPCommunicationError' })
  })

  it('read a revocation list that is text', async () => {
    const [source] = parse({ [`${T}CA`]: path, [`${T}CRL`]: pemOf('X509 CRL', makeRevocationList(ca)) })
    expect(await source?.readRevocationLists?.()).toHaveLength(1)
  })

  it('know ids of trust anchors and profiles', () => {
    const [source] = parse({ [`${T}CA`]: path, [`${T}TRUST_ANCHORS`]: 'one, two', [`${T}PROFILES`]: 'three' })
    expect(source).toMatchObject({ trustAnchors: ['one', 'two'], profiles: ['three'] })
  })

  const unfit = (options: CertificateOptions) => ({ [`${T}CA`]: makeAuthority(options).pem })
  it.each<[string, () => Record<string, string>, string | RegExp]>([
    [
      'verification switched off',
      () => ({ MINIO_IDENTITY_TLS_ENABLE: 'on', MINIO_IDENTITY_TLS_SKIP_VERIFY: 'on', [`${T}CA`]: path }),
      'MINIO_IDENTITY_TLS_SKIP_VERIFY',
    ],
    ['no authority', () => ({ [`${T}ENABLE`]: 'on' }), `${T}CA`],
    ['no authority of a named one', () => ({ [`${T}ENABLE_ACME`]: 'on' }), `${T}CA_ACME`],
    ['a file that is not there', () => ({ [`${T}CA`]: join(folder, 'none.pem') }), `${T}CA`],
    ['a file that is no PEM', () => ({ [`${T}CA`]: file('text.pem', 'text') }), `${T}CA`],
    ['a certificate that is none', () => ({ [`${T}CA`]: pemOf('CERTIFICATE', Buffer.from('3000', 'hex')) }), `${T}CA`],
    ['a client’s certificate', () => ({ [`${T}CA`]: makeCertificate({ by: ca }).pem }), /not one of an authority/],
    ['an authority with a weak key', () => unfit({ key: rsaKey(1024) }), /weak key/],
    [
      'an authority with name constraints',
      () => unfit({ extensions: [extension('2.5.29.30', Buffer.from('3000', 'hex'))] }),
      /name constraints/,
    ],
    [
      'an authority with a critical extension',
      () => unfit({ extensions: [extension('1.2.3', Buffer.from('0500', 'hex'), true)] }),
      /critical/,
    ],
    ['a misspelt key', () => ({ [`${T}CRLS`]: path }), `${T}CRLS`],
    ['an unclear switch', () => ({ [`${T}ENABLE`]: 'maybe' }), `${T}ENABLE`],
    [
      'a revocation list that is not there',
      () => ({ [`${T}CA`]: path, [`${T}CRL`]: join(folder, 'none.crl') }),
      `${T}CRL`,
    ],
    ['a revocation list that is none', () => ({ [`${T}CA`]: path, [`${T}CRL`]: path }), `${T}CRL`],
    ['an id with a slash', () => ({ [`${T}CA`]: path, [`${T}TRUST_ANCHORS`]: 'a/b' }), `${T}TRUST_ANCHORS`],
    [
      'an authority of two sources',
      () => ({ [`${T}CA`]: ca.pem, [`${T}CA_ACME`]: acme.pem + ca.pem }),
      /share the authority/,
    ],
    [
      'a trust anchor of two sources',
      () => ({ [`${T}CA`]: ca.pem, [`${T}CA_ACME`]: acme.pem, [`${T}TRUST_ANCHORS`]: 'acme' }),
      /share the trust anchor acme/,
    ],
    [
      'a profile of two sources',
      () => ({ [`${T}CA`]: ca.pem, [`${T}CA_ACME`]: acme.pem, [`${T}PROFILES`]: 'x', [`${T}PROFILES_ACME`]: 'x' }),
      /share the profile x/,
    ],
  ])('are refused for %s, in one sentence that names the variable', (_what, env, message) => {
    expect(() => parse(env())).toThrow(message)
    expect(() => parse(env())).toThrow(
      expect.objectContaining({ name: 'IdentitySourceError', message: expect.stringMatching(/^[^\n]*\.$/) }),
    )
  })

  it('are told apart by keys: a renewed certificate of an authority is that authority', () => {
    const key = ecKey()
    const [old, renewed] = [makeAuthority({ key }), makeAuthority({ key, to: Date.parse('2040-01-01T00:00:00Z') })]
    expect(() => parse({ [`${T}CA`]: old.pem, [`${T}CA_ACME`]: renewed.pem })).toThrow(/share the authority/)
    expect(parse({ [`${T}CA`]: old.pem + renewed.pem })).toHaveLength(1)
  })
})
