import { createPublicKey } from 'node:crypto'
import { parseCertificate } from '@daypass/core/identity/certificate/certificate.ts'
import {
  parseChain,
  parsePemChain,
  verifyClientCertificate,
} from '@daypass/core/identity/certificate/client-certificate.ts'
import { parseRevocationLists } from '@daypass/core/identity/certificate/revocation-list.ts'
import { KeyUsageFlags, Name, Version } from '@peculiar/asn1-x509'
import { describe, expect, it } from 'vitest'
import {
  type CertificateOptions,
  commonNameAs,
  dns,
  ecKey,
  email,
  extension,
  type Made,
  makeAuthority,
  makeCertificate,
  makeRevocationList,
  nameOf,
  pemOf,
  rsaKey,
  uri,
} from '../../../support/certificate-maker.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const SECOND = 1000
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const ANY_PURPOSE = '2.5.29.37.0'

const ca = makeAuthority()
const otherCa = makeAuthority({ subject: { CN: 'Other CA' } })
const sub = makeAuthority({ subject: { CN: 'Sub CA' }, by: ca })

const trusting = (...anchors: readonly Made[]) => ({
  anchors: anchors.map(({ der }) => parseCertificate(der)),
  intermediates: [],
})
const verify = (chain: readonly Made[], anchors: readonly Made[] = [ca], lists?: readonly Buffer[], now = NOW) =>
  verifyClientCertificate(
    parseChain(chain.map(({ der }) => der)),
    trusting(...anchors),
    lists?.flatMap((each) => parseRevocationLists(each)),
    now,
  )
const refused = (act: () => unknown): readonly [string, string] => {
  try {
    act()
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return [code, message]
  }
  throw new Error('nothing was refused')
}
const INVALID = 'InvalidIdentityToken'

describe('a client certificate', () => {
  it('of the provider’s authority says who its holder is', () => {
    const made = makeCertificate({
      by: ca,
      subject: { O: 'Engineering', OU: ['a', 'b'], CN: 'readwrite' },
      serial: Buffer.from('0a1b', 'hex'),
      names: [uri('spiffe://example.org/ns/default/sa/app'), dns('app.example.org'), email('app@example.org')],
    })
    const { commonName, claims, expiresAt } = verify([made])
    expect(commonName).toBe('readwrite')
    expect(expiresAt).toBe(Date.parse('2035-01-01T00:00:00Z') / 1000)
    expect(claims).toEqual({
      subject: ['CN=readwrite,OU=b,OU=a,O=Engineering'],
      cn: ['readwrite'],
      o: ['Engineering'],
      ou: ['a', 'b'],
      serial: ['a1b'],
      issuer: ['CN=Test CA'],
      'issuer/cn': ['Test CA'],
      'san/dns': ['app.example.org'],
      'san/uri': ['spiffe://example.org/ns/default/sa/app'],
      'san/email': ['app@example.org'],
      sha256: [expect.stringMatching(/^[0-9a-f]{64}$/)],
    })
  })

  it.each<[string, CertificateOptions]>([
    ['of RSA', { key: rsaKey() }],
    ['of P-384', { key: ecKey('P-384') }],
    ['of P-521', { key: ecKey('P-521') }],
    ['with SHA-384', { hash: 'sha384' }],
    ['for clients and servers', { purposes: [SERVER_AUTH, CLIENT_AUTH] }],
    ['for digital signatures', { keyUsage: KeyUsageFlags.digitalSignature }],
    ['that says that it is no authority', { authority: false, keyUsage: KeyUsageFlags.digitalSignature }],
    ['from this very second', { from: NOW }],
    ['until this very second', { to: NOW }],
    [
      'with an unknown extension that is not critical',
      { extensions: [extension('1.2.3.4', Buffer.from('0500', 'hex'))] },
    ],
    ['without a common name', { subject: { O: 'x' } }],
    ['with unicode in its name', { subject: { CN: 'Ключ/α' } }],
  ])('is accepted %s', (_what, options) => {
    expect(verify([makeCertificate({ by: ca, ...options })]).certificate.serial > 0n).toBe(true)
  })

  it.each<[string, () => readonly Made[], string, RegExp]>([
    ['of another authority', () => [makeCertificate({ by: otherCa })], INVALID, /no certificate provider trusts/],
    [
      'of another authority with the same name',
      () => [makeCertificate({ by: makeAuthority() })],
      INVALID,
      /no certificate provider trusts/,
    ],
    [
      'that claims the authority and is signed by its own key',
      () => [makeCertificate({ issuer: ca.subject })],
      INVALID,
      /no certificate provider trusts/,
    ],
    [
      'that names another issuer than its signer',
      () => [makeCertificate({ by: ca, issuer: nameOf({ CN: 'Somebody' }) })],
      INVALID,
      /no certificate provider trusts/,
    ],
    ['that signed itself', () => [makeCertificate()], INVALID, /no certificate provider trusts/],
    ['that has expired', () => [makeCertificate({ by: ca, to: NOW - SECOND })], 'ExpiredTokenException', /expired/],
    ['that is not valid yet', () => [makeCertificate({ by: ca, from: NOW + SECOND })], INVALID, /not valid yet/],
    ['without a purpose', () => [makeCertificate({ by: ca, purposes: null })], INVALID, /extended key usage/],
    ['of a server', () => [makeCertificate({ by: ca, purposes: [SERVER_AUTH] })], INVALID, /extended key usage/],
    ['for any purpose', () => [makeCertificate({ by: ca, purposes: [ANY_PURPOSE] })], INVALID, /extended key usage/],
    [
      'for encryption alone',
      () => [makeCertificate({ by: ca, keyUsage: KeyUsageFlags.keyEncipherment })],
      INVALID,
      /digital signatures/,
    ],
    [
      'of an authority',
      () => [makeAuthority({ by: ca, purposes: [CLIENT_AUTH], keyUsage: KeyUsageFlags.digitalSignature })],
      INVALID,
      /one of an authority/,
    ],
    ['that is the provider’s authority itself', () => [ca], INVALID, /no certificate provider trusts/],
    ['with a key of RSA-1024', () => [makeCertificate({ by: ca, key: rsaKey(1024) })], INVALID, /weak/],
    [
      'with a key on secp256k1',
      () => [makeCertificate({ by: ca, key: ecKey('secp256k1') })],
      INVALID,
      /weak|not known/,
    ],
    ['with an absurd exponent', () => [makeCertificate({ by: ca, key: absurdKey() })], INVALID, /weak/],
    ['signed with SHA-1', () => [makeCertificate({ by: ca, hash: 'sha1' })], INVALID, /algorithm/],
    [
      'with a critical extension that nobody knows',
      () => [makeCertificate({ by: ca, extensions: [extension('1.2.3.4', Buffer.from('0500', 'hex'), true)] })],
      INVALID,
      /critical extension/,
    ],
    [
      'with name constraints',
      () => [makeCertificate({ by: ca, extensions: [extension('2.5.29.30', Buffer.from('3000', 'hex'))] })],
      INVALID,
      /name constraints/,
    ],
    [
      'with two common names',
      () => [makeCertificate({ by: ca, subject: { CN: ['readwrite', 'x'] } })],
      INVALID,
      /more than one common name/,
    ],
  ])('is refused %s', (_what, chain, code, message) => {
    expect(refused(() => verify(chain()))).toEqual([code, expect.stringMatching(message)])
  })

  it.each<[string, () => Made, RegExp]>([
    ['a NUL in its common name', () => makeCertificate({ subject: { CN: 'readwrite\0.evil' } }), /control characters/],
    ['a line break in its common name', () => makeCertificate({ subject: { CN: 'a\nb' } }), /control characters/],
    ['an empty common name', () => makeCertificate({ subject: { CN: '' } }), /empty/],
    ['a BMPString', () => makeCertificate({ subject: commonNameAs({ bmpString: 'readwrite' }) }), /text encoding/],
    [
      'a TeletexString',
      () => makeCertificate({ subject: commonNameAs({ teletexString: 'readwrite' }) }),
      /text encoding/,
    ],
    [
      'bytes that are no text',
      () => makeCertificate({ subject: commonNameAs({ anyValue: new Uint8Array([2, 1, 5]).buffer }) }),
      /text encoding|no X/,
    ],
    ['a name with a space', () => makeCertificate({ names: [dns('a b')] }), /alternative name/],
    ['a NUL in an alternative name', () => makeCertificate({ names: [uri('spiffe://a/\0b')] }), /alternative name/],
    [
      'an extension twice',
      () =>
        makeCertificate({
          extensions: [extension('1.2.3', Buffer.from('0500', 'hex')), extension('1.2.3', Buffer.from('0500', 'hex'))],
        }),
      /twice|no X/,
    ],
    [
      'a purpose that is malformed',
      () => makeCertificate({ purposes: null, extensions: [extension('2.5.29.37', Buffer.from('0101ff', 'hex'))] }),
      /malformed/,
    ],
    ['serial number 0', () => makeCertificate({ serial: Buffer.from([0]) }), /serial number/],
    ['a negative serial number', () => makeCertificate({ serial: Buffer.from([0xff]) }), /serial number/],
    ['a serial number of 21 bytes', () => makeCertificate({ serial: Buffer.alloc(21, 1) }), /serial number/],
    ['version 1', () => makeCertificate({ version: Version.v1, purposes: null }), /version 3/],
    [
      '32 KiB',
      () =>
        makeCertificate({ names: Array.from({ length: 900 }, (_, at) => dns(`a${at}.a-name-of-some-length.example`)) }),
      /too large/,
    ],
  ])('cannot be read with %s', (_what, make, message) => {
    expect(refused(() => parseCertificate(make().der))).toEqual([INVALID, expect.stringMatching(message)])
  })

  it('cannot be read when its name holds bytes that are no UTF-8', () => {
    const { der } = makeCertificate({ subject: { CN: 'readwrit\u00e9' } })
    const at = der.indexOf(Buffer.from('readwrit\u00e9'))
    der[at + 8] = 0xff
    expect(refused(() => parseCertificate(der))[0]).toBe(INVALID)
  })

  it.each(['359901000000Z', '35ab01000000Z', '350229000000Z', '350101000000X'])(
    'cannot be read when it ends at %s',
    (end) => {
      const { der } = makeCertificate()
      Buffer.from(end).copy(der, der.indexOf('350101000000Z'))
      expect(refused(() => parseCertificate(der))[0]).toBe(INVALID)
    },
  )

  it('is refused with more than 8 KiB of names', () => {
    const names = Array.from({ length: 200 }, (_, at) =>
      uri(`spiffe://example.org/a/rather/long/name/of/a/workload/${at}`),
    )
    expect(refused(() => verify([makeCertificate({ by: ca, names })]))[1]).toMatch(/8 KiB/)
  })

  it.each<[string, (pem: string) => string]>([
    ['nothing', () => ''],
    ['text', () => 'no certificate'],
    ['garbage in DER', () => pemOf('CERTIFICATE', Buffer.from('30820101aabb', 'hex'))],
    ['a block of another kind', (pem) => pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')],
    ['two certificates in one block', () => pemOf('CERTIFICATE', Buffer.concat([makeCertificate().der, ca.der]))],
    ['a byte behind it', () => pemOf('CERTIFICATE', Buffer.concat([makeCertificate().der, Buffer.from([0])]))],
    ['base64 that is none', (pem) => pem.replace(/\n(....)/, '\n=$1')],
    ['seven certificates', (pem) => pem.repeat(7)],
  ])('cannot be read from %s', (_what, change) => {
    const { pem } = makeCertificate({ by: ca })
    expect(parsePemChain(pem).holder.serial).toBeGreaterThan(0n)
    expect(refused(() => parsePemChain(change(pem)))[0]).toBe(INVALID)
  })

  it('is the first of those that came; what follows it gives no rights', () => {
    const mine = makeCertificate({ by: otherCa, subject: { CN: 'consoleAdmin' } })
    const theirs = makeCertificate({ by: ca })
    expect(refused(() => verify([mine, theirs]))[0]).toBe(INVALID)
    expect(verify([theirs, mine]).commonName).toBe('readwrite')
  })

  it('is refused when a byte of it was changed', () => {
    const made = makeCertificate({ by: ca })
    const der = Buffer.from(made.der)
    const at = der.indexOf(Buffer.from('readwrite'))
    der[at] = 'R'.charCodeAt(0)
    expect(refused(() => verify([{ ...made, der }]))[0]).toBe(INVALID)
  })
})

/** Checking one signature with such a key takes seconds. */
function absurdKey() {
  const { publicKey, privateKey } = rsaKey()
  const e = Buffer.from('010000000001', 'hex').toString('base64url')
  return {
    privateKey,
    publicKey: createPublicKey({ key: { ...publicKey.export({ format: 'jwk' }), e }, format: 'jwk' }),
  }
}

describe('a chain', () => {
  it('leads over an authority that the client sent, or that the provider knows', () => {
    const made = makeCertificate({ by: sub })
    expect(verify([made, sub]).commonName).toBe('readwrite')
    const known = { anchors: [parseCertificate(ca.der)], intermediates: [parseCertificate(sub.der)] }
    expect(verifyClientCertificate(parseChain([made.der]), known, undefined, NOW).commonName).toBe('readwrite')
    expect(refused(() => verify([made]))[1]).toMatch(/no certificate provider trusts/)
  })

  it('ends with the first of its certificates', () => {
    const brief = makeAuthority({ subject: { CN: 'Brief CA' }, by: ca, to: NOW + 60 * SECOND })
    expect(verify([makeCertificate({ by: brief }), brief]).expiresAt).toBe(NOW / 1000 + 60)
  })

  it('may end at an authority that another signed, when that one is the anchor', () => {
    expect(verify([makeCertificate({ by: sub })], [sub]).commonName).toBe('readwrite')
  })

  const made = (options: CertificateOptions, over: CertificateOptions = {}): readonly Made[] => {
    const authority = makeAuthority({ subject: { CN: 'An authority' }, by: ca, ...options })
    return [makeCertificate({ by: authority, ...over }), authority]
  }
  const leaf = makeCertificate({ by: ca, subject: { CN: 'a client' } })
  it.each<[string, () => readonly Made[], RegExp]>([
    ['a certificate that is no authority’s', () => made({ authority: false }), /not one of an authority/],
    [
      'a certificate without basic constraints',
      () => made({ authority: undefined, keyUsage: KeyUsageFlags.keyCertSign }),
      /not one of an authority/,
    ],
    ['another client', () => [makeCertificate({ by: leaf }), leaf], /not one of an authority/],
    ['an authority that may not sign', () => made({ keyUsage: KeyUsageFlags.cRLSign }), /may not sign/],
    ['an authority of servers', () => made({ purposes: [SERVER_AUTH] }), /certificates of clients/],
    ['an authority that has expired', () => made({ to: NOW - SECOND }), /expired/],
    ['an authority that is not valid yet', () => made({ from: NOW + SECOND }), /not valid yet/],
    ['an authority with a weak key', () => made({ key: rsaKey(1024) }), /no certificate provider trusts/],
    ['an authority signed with SHA-1', () => made({ hash: 'sha1' }), /algorithm/],
    [
      'an authority with name constraints',
      () => made({ extensions: [extension('2.5.29.30', Buffer.from('3000', 'hex'))] }),
      /name constraints/,
    ],
    [
      'an authority with policy constraints',
      () => made({ extensions: [extension('2.5.29.36', Buffer.from('3000', 'hex'), true)] }),
      /critical extension/,
    ],
    ['more authorities than one allows', () => tooLong(1), /longer than/],
    ['seven certificates', () => deep(5), /no certificate provider trusts/],
  ])('is refused over %s', (_what, chain, message) => {
    expect(refused(() => verify(chain()))[1]).toMatch(message)
  })

  it('is refused when the anchor itself has expired', () => {
    const old = makeAuthority({ subject: { CN: 'Old CA' }, to: NOW - SECOND })
    expect(refused(() => verify([makeCertificate({ by: old })], [old]))[0]).toBe('ExpiredTokenException')
  })

  function tooLong(authorities: number, pathLength = 0): readonly Made[] {
    let by = makeAuthority({ subject: { CN: 'limited' }, by: ca, pathLength })
    const between = [by]
    for (let at = 0; at < authorities; at++) {
      by = makeAuthority({ subject: { CN: `between ${at}` }, by })
      between.unshift(by)
    }
    return [makeCertificate({ by }), ...between]
  }
  function deep(authorities: number): readonly Made[] {
    return tooLong(authorities - 1, 9)
  }

  it('may be exactly as long as its authorities allow', () => {
    expect(verify(tooLong(0)).commonName).toBe('readwrite')
    expect(verify(tooLong(1, 1)).commonName).toBe('readwrite')
    expect(verify(deep(4)).commonName).toBe('readwrite')
  })

  it('accepts a root that signed itself with SHA-1, since a root is trusted for its key', () => {
    const root = makeAuthority({ subject: { CN: 'Venerable CA' }, hash: 'sha1' })
    expect(verify([makeCertificate({ by: root })], [root]).commonName).toBe('readwrite')
  })

  it('takes the path that holds when authorities have signed each other', () => {
    const key = ecKey()
    const subject = { CN: 'Crossed CA' }
    const expired = makeAuthority({ subject, key, by: ca, to: NOW - SECOND })
    const good = makeAuthority({ subject, key, by: ca })
    expect(verify([makeCertificate({ by: good }), expired, good]).commonName).toBe('readwrite')
    expect(refused(() => verify([makeCertificate({ by: good }), expired]))[0]).toBe('ExpiredTokenException')
  })

  it('does not go round in circles', () => {
    const [a, b] = [ecKey(), ecKey()]
    const [nameA, nameB] = [nameOf({ CN: 'A' }), nameOf({ CN: 'B' })]
    const base = makeAuthority({ subject: nameA, key: a })
    const other = makeAuthority({ subject: nameB, key: b, by: base })
    const back = makeAuthority({ subject: nameA, key: a, by: other })
    expect(refused(() => verify([makeCertificate({ by: back }), back, other, base]))[0]).toBe(INVALID)
  })

  it('does not count an authority with an empty name for every other', () => {
    const nameless = makeAuthority({ subject: new Name([]) })
    expect(refused(() => verify([makeCertificate({ by: ca })], [nameless]))[0]).toBe(INVALID)
  })
})

describe('a revocation list', () => {
  const client = makeCertificate({ by: ca })
  const COMMUNICATION = 'IDPCommunicationError'

  it('lets those pass whom it does not name', () => {
    const other = makeCertificate({ by: ca })
    expect(verify([client], [ca], [makeRevocationList(ca, { revoked: [other] })]).commonName).toBe('readwrite')
    expect(verify([client], [ca], [makeRevocationList(ca)]).commonName).toBe('readwrite')
  })

  it.each<[string, () => readonly Buffer[], string, RegExp]>([
    ['names it', () => [makeRevocationList(ca, { revoked: [client] })], INVALID, /revoked/],
    ['names it and is out of date', () => [makeRevocationList(ca, { revoked: [client], to: NOW })], INVALID, /revoked/],
    [
      'names it beside one that does not',
      () => [makeRevocationList(ca), makeRevocationList(ca, { revoked: [client] })],
      INVALID,
      /revoked/,
    ],
    ['ends now', () => [makeRevocationList(ca, { to: NOW })], COMMUNICATION, /revocation list/],
    ['begins later', () => [makeRevocationList(ca, { from: NOW + SECOND })], COMMUNICATION, /revocation list/],
    ['is signed by another key', () => [makeRevocationList(ca, { key: ecKey() })], COMMUNICATION, /revocation list/],
    ['is of another authority', () => [makeRevocationList(otherCa)], COMMUNICATION, /revocation list/],
    ['was altered', () => [altered(makeRevocationList(ca, { revoked: [client] }))], COMMUNICATION, /list/],
    ['is not there', () => [], COMMUNICATION, /revocation list/],
  ])('refuses a certificate when it %s', (_what, lists, code, message) => {
    expect(refused(() => verify([client], [ca], lists()))).toEqual([code, expect.stringMatching(message)])
  })

  it('must not be signed by an authority that may sign certificates alone', () => {
    const authority = makeAuthority({ subject: { CN: 'No lists' }, keyUsage: KeyUsageFlags.keyCertSign })
    const made = makeCertificate({ by: authority })
    expect(refused(() => verify([made], [authority], [makeRevocationList(authority)]))[0]).toBe(COMMUNICATION)
  })

  it('is asked of every authority below the anchor', () => {
    const chain = [makeCertificate({ by: sub }), sub]
    const own = makeRevocationList(sub)
    expect(verify(chain, [ca], [own, makeRevocationList(ca)]).commonName).toBe('readwrite')
    expect(refused(() => verify(chain, [ca], [own]))[0]).toBe(COMMUNICATION)
    expect(refused(() => verify(chain, [ca], [own, makeRevocationList(ca, { revoked: [sub] })]))[1]).toMatch(/revoked/)
  })

  it('is read in PEM, several in a file, and in DER', () => {
    const [one, two] = [makeRevocationList(ca), makeRevocationList(otherCa)]
    expect(parseRevocationLists(Buffer.from(pemOf('X509 CRL', one) + pemOf('X509 CRL', two)))).toHaveLength(2)
    expect(parseRevocationLists(one)).toHaveLength(1)
  })

  it.each<[string, () => Buffer, RegExp]>([
    ['text', () => Buffer.from('none'), /neither PEM nor DER/],
    ['nothing', () => Buffer.alloc(0), /neither PEM nor DER/],
    ['DER of something else', () => ca.der, /malformed|algorithm/],
    ['a list signed with SHA-1', () => makeRevocationList(ca, { hash: 'sha1' }), /algorithm/],
    ['a list without an end', () => makeRevocationList(ca, { to: null }), /until when/],
    [
      'a list of changes alone',
      () => makeRevocationList(ca, { extensions: [extension('2.5.29.27', Buffer.from('020101', 'hex'), true)] }),
      /partial or indirect/,
    ],
  ])('cannot be %s', (_what, make, message) => {
    expect(() => parseRevocationLists(make())).toThrow(message)
  })

  /** With the number of a certificate that does not exist in place of the one that was revoked. */
  function altered(list: Buffer): Buffer {
    const last = list.indexOf(client.serial) + client.serial.length - 1
    list[last] = (list[last] ?? 0) ^ 1
    return list
  }
})
