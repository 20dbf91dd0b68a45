import { audiencesOf } from '@daypass/core/identity/saml/conditions.ts'
import { importSigningKeys, parseMetadata } from '@daypass/core/identity/saml/metadata.ts'
import { parseUnverifiedResponse } from '@daypass/core/identity/saml/response.ts'
import { verifySamlResponse } from '@daypass/core/identity/saml/saml-identity.ts'
import { describe, expect, it } from 'vitest'
import { ecKey } from '../../../support/certificate-maker.ts'
import { AWS_ENDPOINT, ENTITY, makeFakeIdp, type SamlOptions } from '../../../support/fake-saml.ts'
import { idp, NOW, refusalOf, verifyXml } from './verify.ts'

const refused = async (options: SamlOptions, rules = {}) => (await refusalOf(verifyXml(idp.xml(options), rules))).code
const drop = (pattern: RegExp) => ({ shape: (xml: string) => xml.replace(pattern, '') })
const swap = (from: string | RegExp, to: string) => ({ shape: (xml: string) => xml.replace(from, to) })

describe('an assertion', () => {
  it('tells who it speaks of, in AWS’s words', async () => {
    const identity = await verifyXml(idp.xml({ subject: 'a&b <c>', roles: ['x,y'] }))
    expect(identity).toMatchObject({
      subject: 'a&b <c>',
      subjectType: 'persistent',
      issuer: ENTITY,
      audience: AWS_ENDPOINT,
      // printf 'https://idp.example/saml000000000000/Example' | openssl dgst -sha1 -binary | base64
      nameQualifier: 'dWrWs429+oTCvGIXTO3mL/82OOY=',
      roleSessionName: 'alice',
    })
    expect([...identity.keys]).toEqual([
      ['aud', [AWS_ENDPOINT]],
      ['doc', ['000000000000/Example']],
      ['iss', [ENTITY]],
      ['namequalifier', [identity.nameQualifier]],
      ['sub', ['a&b <c>']],
      ['sub_type', ['persistent']],
    ])
  })

  it.each([
    ['urn:oasis:names:tc:SAML:2.0:nameid-format:transient', 'transient'],
    [
      'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    ],
    ['urn:example:own', 'urn:example:own'],
  ])('of the NameID format %s has the subject type %s', async (format, type) => {
    expect((await verifyXml(idp.xml({ format }))).subjectType).toBe(type)
  })

  it.each<[string, SamlOptions]>([
    ['was issued five minutes ago', { issued: -300 }],
    ['was issued a minute ahead', { issued: 60, notBefore: 60 }],
    ['is valid for one more second', { notOnOrAfter: 1 }],
    ['may be presented for one more second', { confirmedUntil: 1 }],
    ['has no Conditions’ end', swap(/(<saml:Conditions NotBefore="[^"]*") NotOnOrAfter="[^"]*"/, '$1')],
    ['is for AWS’s other audience', { audience: AWS_ENDPOINT }],
    ['is for a regional endpoint of AWS', { recipient: 'https://eu-central-1.signin.aws.amazon.com/saml' }],
    ['is for a government region of AWS', { recipient: 'https://us-gov-west-1.signin.aws.amazon.com/saml' }],
    [
      'names more audiences',
      swap('</saml:Audience>', '</saml:Audience><saml:Audience>https://other.example</saml:Audience>'),
    ],
    [
      'is to be used once',
      swap('</saml:AudienceRestriction>', '</saml:AudienceRestriction><saml:OneTimeUse></saml:OneTimeUse>'),
    ],
    [
      'answers a request of somebody else',
      swap('<saml:SubjectConfirmationData', '<saml:SubjectConfirmationData InResponseTo="_x"'),
    ],
    [
      'has fractions of seconds beyond milliseconds',
      swap(/IssueInstant="([^"]*)\.000Z"/, 'IssueInstant="$1.0001234Z"'),
    ],
    ['has no fractions of seconds', swap(/IssueInstant="([^"]*)\.000Z"/, 'IssueInstant="$1Z"')],
  ])('that %s is good', async (_what, options) => {
    // Attributes in canonical form stand in alphabetical order.
    expect((await verifyXml(idp.xml(options))).subject).toBe('alice@example.com')
  })

  it.each<[string, SamlOptions]>([
    ['was issued more than five minutes ago', { issued: -301 }],
    ['is over', { notOnOrAfter: 0 }],
    ['may no longer be presented', { confirmedUntil: 0 }],
    ['is of a session that is over', { sessionUntil: 0 }],
  ])('that %s has expired', async (_what, options) => {
    expect(await refused(options)).toBe('ExpiredTokenException')
  })

  it.each<[string, SamlOptions]>([
    ['was issued in the future', { issued: 61 }],
    ['is not valid yet', { notBefore: 61 }],
    ['is for another audience', { audience: 'https://other.example' }],
    ['is for an audience that begins like ours', { audience: 'urn:amazon:webservices:cn' }],
    ['has no audience', drop(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/)],
    ['has an empty list of audiences', drop(/<saml:Audience>.*<\/saml:Audience>/)],
    [
      'is for our audience and only for another',
      swap(
        '</saml:AudienceRestriction>',
        '</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>urn:x</saml:Audience></saml:AudienceRestriction>',
      ),
    ],
    ['has no Conditions', drop(/<saml:Conditions.*<\/saml:Conditions>/)],
    [
      'has a condition that nobody knows',
      swap('</saml:AudienceRestriction>', '</saml:AudienceRestriction><saml:Condition></saml:Condition>'),
    ],
    [
      'has a condition of another namespace',
      swap('</saml:AudienceRestriction>', '</saml:AudienceRestriction><x xmlns="urn:x"></x>'),
    ],
    ['is for another recipient', { recipient: 'https://other.example/acs' }],
    ['is for a recipient that looks like AWS’s', { recipient: 'https://signin.aws.amazon.com.evil.example/saml' }],
    ['is for a regional recipient that looks like AWS’s', { recipient: 'https://evil.signin.aws.amazon.com/saml' }],
    ['is for a recipient over http', { recipient: 'http://signin.aws.amazon.com/saml' }],
    ['has no recipient', drop(/ Recipient="[^"]*"/)],
    ['may be presented for ever', swap(/NotOnOrAfter="[^"]*" Recipient/, 'Recipient')],
    ['needs the holder of a key', swap('cm:bearer', 'cm:holder-of-key')],
    ['has no confirmation', drop(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/)],
    ['has no subject', drop(/<saml:Subject>.*<\/saml:Subject>/)],
    ['has no NameID', drop(/<saml:NameID.*<\/saml:NameID>/)],
    ['has two NameIDs', swap('</saml:NameID>', '</saml:NameID><saml:NameID>root</saml:NameID>')],
    ['has an empty NameID', { subject: '' }],
    ['has a blank NameID', { subject: ' ' }],
    ['has an element in its NameID', swap('</saml:NameID>', '<x>root</x></saml:NameID>')],
    ['has a NameID that is too long', { subject: 'x'.repeat(1025) }],
    ['is of SAML 1.1', swap('Version="2.0"', 'Version="1.1"')],
    ['says nothing of a login', drop(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/)],
    ['was issued at no time', drop(/ IssueInstant="[^"]*"/)],
    ['was issued at local time', swap(/IssueInstant="[^"]*"/, 'IssueInstant="2026-01-01T00:00:00"')],
    ['was issued in another zone', swap(/IssueInstant="[^"]*"/, 'IssueInstant="2026-01-01T00:00:00+00:00"')],
    ['was issued on a day that is none', swap(/IssueInstant="[^"]*"/, 'IssueInstant="2026-02-31T25:00:00Z"')],
    ['has two issuers', swap('</saml:Issuer>', '</saml:Issuer><saml:Issuer>x</saml:Issuer>')],
    ['has no issuer', drop(/<saml:Issuer>.*<\/saml:Issuer>/)],
    ['is of another issuer', { entityId: 'https://other.example' }],
    ['is of an issuer that begins like ours', { entityId: `${ENTITY}/` }],
  ])('that %s is invalid', async (_what, options) => {
    expect(await refused(options)).toBe('InvalidIdentityToken')
  })

  it('may be for an endpoint of the deployment’s own', async () => {
    const own = 'https://sts.example/saml'
    const xml = idp.xml({ recipient: own, audience: own })
    expect((await verifyXml(xml, { endpoints: [own] })).audience).toBe(own)
    expect((await refusalOf(verifyXml(xml))).code).toBe('InvalidIdentityToken')
    expect((await refusalOf(verifyXml(xml, { endpoints: [`${own}/`] }))).code).toBe('InvalidIdentityToken')
  })

  it('whose response is signed must come from the same issuer, for this destination', async () => {
    const response = (from: string | RegExp, to: string) => idp.xml({ sign: 'response', ...swap(from, to) })
    expect((await verifyXml(idp.xml({ sign: 'response' }))).subject).toBe('alice@example.com')
    expect(await refused({ sign: 'response', destination: 'https://other.example/acs' })).toBe('InvalidIdentityToken')
    expect((await refusalOf(verifyXml(response(/<saml:Issuer>.*?</, '<saml:Issuer>x<')))).code).toBe(
      'InvalidIdentityToken',
    )
    // Of a response that nobody signed nothing is believed, nor held against it.
    expect((await verifyXml(idp.xml({ destination: 'https://other.example/acs' }))).subject).toBe('alice@example.com')
  })

  it('counts against the clock that is given', async () => {
    expect((await refusalOf(verifyXml(idp.xml(), { now: NOW + 300_001 }))).code).toBe('ExpiredTokenException')
    expect((await verifyXml(idp.xml(), { now: NOW + 299_999 })).usableUntil).toBe(NOW + 300_000)
  })

  it('tells when the session at the provider ends, the earliest of several', async () => {
    expect((await verifyXml(idp.xml())).sessionNotOnOrAfter).toBeUndefined()
    expect((await verifyXml(idp.xml({ sessionUntil: 1800 }))).sessionNotOnOrAfter).toBe(NOW + 1_800_000)
    const another =
      '</saml:AuthnStatement><saml:AuthnStatement SessionNotOnOrAfter="2026-01-01T00:10:00Z"></saml:AuthnStatement>'
    const xml = idp.xml({ sessionUntil: 1800, ...swap('</saml:AuthnStatement>', another) })
    expect((await verifyXml(xml)).sessionNotOnOrAfter).toBe(NOW + 600_000)
  })
})

describe('the issuer', () => {
  const stranger = makeFakeIdp({ entityId: 'https://other.example' })

  it('that is another is told before any signature is computed', async () => {
    expect((await refusalOf(verifyXml(stranger.xml()))).message).toContain('Issuer')
  })

  it('that was signed counts, whatever was claimed before', async () => {
    const { signingKeys } = parseMetadata(idp.metadata(), NOW)
    const unverified = parseUnverifiedResponse(idp.response({ entityId: 'https://other.example' }))
    const rules = {
      ...audiencesOf([]),
      account: '000000000000',
      providerName: 'Example',
      entityId: ENTITY,
      keys: importSigningKeys(signingKeys),
      now: NOW,
      severalTagValues: false,
    }
    const { message } = await refusalOf(verifySamlResponse({ ...unverified, claimedIssuer: ENTITY }, rules))
    expect(message).toContain('Issuer')
  })
})

describe('signatures', () => {
  it('are good by any key of the metadata, wherever it stands, and by no other', async () => {
    const others = [makeFakeIdp(), makeFakeIdp({ key: ecKey() })].map(({ certificate }) => certificate)
    const metadataOf = (certificates: readonly string[]) => ({ ...idp, metadata: () => idp.metadata({ certificates }) })
    for (const certificates of [
      [...others, idp.certificate],
      [idp.certificate, ...others],
    ]) {
      expect((await verifyXml(idp.xml(), { by: metadataOf(certificates) })).subject).toBe('alice@example.com')
    }
    const { code } = await refusalOf(verifyXml(idp.xml(), { by: metadataOf(others) }))
    expect(code).toBe('InvalidIdentityToken')
  })

  it.each(['rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'rsa-pss-sha256'] as const)('by %s are good', async (method) => {
    expect((await verifyXml(idp.xml({ method }))).subject).toBe('alice@example.com')
  })

  it.each([
    ['ecdsa-sha256', 'P-256'],
    ['ecdsa-sha384', 'P-384'],
    ['ecdsa-sha512', 'P-521'],
  ] as const)('by %s on %s are good, and not by another key', async (method, curve) => {
    const ec = makeFakeIdp({ key: ecKey(curve) })
    expect((await verifyXml(ec.xml({ method }), { by: ec })).subject).toBe('alice@example.com')
    expect((await refusalOf(verifyXml(ec.xml({ method })))).code).toBe('InvalidIdentityToken')
    expect(await refusalOf(verifyXml(idp.xml(), { by: ec }))).toMatchObject({ code: 'InvalidIdentityToken' })
  })

  it.each(['sha256', 'sha384', 'sha512'] as const)('over a digest by %s are good', async (digest) => {
    expect((await verifyXml(idp.xml({ digest }))).subject).toBe('alice@example.com')
  })

  it('by a key named as another algorithm are refused', async () => {
    const disguised = idp.xml({ signedInfo: (xml) => xml.replace('rsa-sha256', 'ecdsa-sha256') })
    expect((await refusalOf(verifyXml(disguised))).code).toBe('InvalidIdentityToken')
  })
})

describe('attributes of AWS’s', () => {
  const read = (attributes: Record<string, readonly string[]>, severalTagValues = false) =>
    verifyXml(idp.xml({ attributes }), { severalTagValues })
  const role = 'arn:aws:iam::000000000000:role/path/R'
  const provider = 'arn:aws:iam::000000000000:saml-provider/Example'

  it('name roles with their providers, in either order', async () => {
    const values = [
      `${role},${provider}`,
      ` ${provider} , ${role} `,
      role,
      `${role},${role}`,
      `${provider},${provider}`,
      `${role},${provider},x`,
      '',
    ]
    expect((await read({ Role: values })).roles).toEqual([
      { roleArn: role, providerArn: provider },
      { roleArn: role, providerArn: provider },
    ])
  })

  it('carry tags, transitive keys, a source identity and a duration', async () => {
    const identity = await read({
      'PrincipalTag:Project': ['Automation'],
      'PrincipalTag:Cost Center': ['1/2'],
      'PrincipalTag:Empty': [''],
      TransitiveTagKeys: ['project', 'missing'],
      SourceIdentity: ['alice@example.com'],
      SessionDuration: ['1800'],
    })
    expect(identity).toMatchObject({
      tags: [
        { key: 'Project', values: ['Automation'] },
        { key: 'Cost Center', values: ['1/2'] },
        { key: 'Empty', values: [''] },
      ],
      transitiveTagKeys: ['Project'],
      sourceIdentity: 'alice@example.com',
      sessionDuration: 1800,
    })
  })

  it.each<[string, Record<string, readonly string[]>]>([
    ['no session name', { RoleSessionName: [] }],
    ['two session names', { RoleSessionName: ['alice', 'root'] }],
    ['an empty session name', { RoleSessionName: [''] }],
    ['a session name of one character', { RoleSessionName: ['a'] }],
    ['a session name with a slash', { RoleSessionName: ['a/b'] }],
    ['a session name with a space', { RoleSessionName: ['a b'] }],
    ['a session name with a newline', { RoleSessionName: ['alice\n'] }],
    ['a session name that is too long', { RoleSessionName: ['a'.repeat(65)] }],
    ['a session name in another script', { RoleSessionName: ['аlice'] }],
    ['a source identity with a slash', { SourceIdentity: ['a/b'] }],
    ['two source identities', { SourceIdentity: ['alice', 'bob'] }],
    ['a duration that is too short', { SessionDuration: ['899'] }],
    ['a duration that is too long', { SessionDuration: ['43201'] }],
    ['a duration that is no number', { SessionDuration: ['1h'] }],
    ['a negative duration', { SessionDuration: ['-900'] }],
    ['two durations', { SessionDuration: ['900', '1800'] }],
    ['a tag of two values', { 'PrincipalTag:a': ['1', '2'] }],
    ['a tag without a value', { 'PrincipalTag:a': [] }],
    ['a tag without a key', { 'PrincipalTag:': ['1'] }],
    ['a tag of AWS’s', { 'PrincipalTag:aws:x': ['1'] }],
    ['two tags whose keys differ in case', { 'PrincipalTag:a': ['1'], 'PrincipalTag:A': ['2'] }],
    ['a tag with a strange value', { 'PrincipalTag:a': ['*'] }],
    ['a tag that is too long', { 'PrincipalTag:a': ['x'.repeat(257)] }],
    ['too many tags', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`PrincipalTag:t${n}`, ['1']]))],
  ])('with %s refuse the assertion', async (_flaw, attributes) => {
    expect((await refusalOf(read(attributes))).code).toBe('InvalidIdentityToken')
  })

  it('may give a tag several values in a Ceph-style account', async () => {
    expect((await read({ 'PrincipalTag:a': ['1', '2'] }, true)).tags).toEqual([{ key: 'a', values: ['1', '2'] }])
  })

  it('hold text alone', async () => {
    const nested = swap('>alice<', '>al<x>x</x>ice<')
    expect(await refused(nested)).toBe('InvalidIdentityToken')
  })

  it('of two statements count together', async () => {
    const second =
      '</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><saml:AttributeValue>root</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>'
    expect(await refused(swap('</saml:AttributeStatement>', second))).toBe('InvalidIdentityToken')
  })
})

describe('other attributes', () => {
  it('are condition keys by the names that AWS gives them', async () => {
    const { keys } = await verifyXml(
      idp.xml({
        attributes: {
          'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['staff', 'member'],
          'urn:oid:1.3.6.1.4.1.5923.1.1.1.6': ['alice@example.com'],
          'urn:oid:2.5.4.3': ['Alice'],
          'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': ['alice@mail.example'],
          'urn:oid:0.9.2342.19200300.100.1.3': ['a@mail.example'],
          'urn:example:unknown': ['x'],
          // Names of ours that an attribute cannot take.
          'urn:sub': ['root'],
        },
      }),
    )
    expect(Object.fromEntries(keys)).toMatchObject({
      edupersonaffiliation: ['staff', 'member'],
      edupersonprincipalname: ['alice@example.com'],
      cn: ['Alice'],
      commonName: ['Alice'],
      mail: ['alice@mail.example', 'a@mail.example'],
      sub: ['alice@example.com'],
    })
    expect(keys.size).toBe(11)
  })
})
