import { parseMetadata } from '@daypass/core/identity/saml/metadata.ts'
import { readSamlSettings } from '@daypass/core/identity/saml/settings.ts'
import { describe, expect, it } from 'vitest'
import { ecKey, makeCertificate, rsaKey } from '../../../support/certificate-maker.ts'
import { ENTITY } from '../../../support/fake-saml.ts'
import { idp, NOW } from './verify.ts'

const parse = (text: string) => parseMetadata(text, NOW)
const whole = idp.metadata()
const changed = (from: string | RegExp, to: string) => whole.replace(from, to)
const certificate = (key = rsaKey()) => makeCertificate({ key }).der.toString('base64')

describe('SAML metadata', () => {
  it('tells the entity, its keys and until when it is valid', () => {
    expect(parse(whole)).toEqual({
      entityId: ENTITY,
      signingKeys: [idp.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
    })
    const validUntil = parse(idp.metadata({ attributes: ' validUntil="2027-01-01T00:00:00Z"' })).validUntil
    expect(validUntil).toBe(Date.parse('2027-01-01T00:00:00Z'))
  })

  it('may have several certificates, of RSA and of NIST’s curves, each key once', () => {
    const keys = [idp.certificate, idp.certificate, certificate(), certificate(ecKey()), certificate(ecKey('P-384'))]
    expect(parse(idp.metadata({ certificates: keys })).signingKeys).toHaveLength(4)
  })

  it('takes keys without a use for signing keys, and leaves encryption keys out', () => {
    expect(parse(changed(' use="signing"', '')).signingKeys).toHaveLength(1)
    const two = idp.metadata({ certificates: [idp.certificate, certificate()] })
    expect(parse(two.replace('use="signing"', 'use="encryption"')).signingKeys).toHaveLength(1)
  })

  it('may have comments and a signature of its own', () => {
    expect(
      parse(
        changed(
          '<md:IDPSSO',
          '<!-- ours --><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature><md:IDPSSO',
        ),
      ).entityId,
    ).toBe(ENTITY)
  })

  it.each<[string, string]>([
    ['no XML', 'x'.repeat(1000)],
    ['a document type', `<!DOCTYPE x>${whole.replace(/^.*\n/, '')}`],
    ['another root', changed(/EntityDescriptor/g, 'EntitiesDescriptor')],
    ['another namespace', changed('SAML:2.0:metadata', 'SAML:1.0:metadata')],
    ['no entity', changed(/ entityID="[^"]*"/, '')],
    ['an empty entity', changed(/ entityID="[^"]*"/, ' entityID=""')],
    ['an entity with a space', changed(/ entityID="[^"]*"/, ' entityID="a b"')],
    ['a service provider alone', changed(/IDPSSODescriptor/g, 'SPSSODescriptor')],
    ['an older protocol alone', changed('SAML:2.0:protocol', 'SAML:1.1:protocol')],
    ['no certificate', idp.metadata({ certificates: [] })],
    ['an encryption certificate alone', changed('use="signing"', 'use="encryption"')],
    ['a damaged certificate', idp.metadata({ certificates: ['AAAA'] })],
    ['an RSA key of 1024 bits', idp.metadata({ certificates: [certificate(rsaKey(1024))] })],
    ['a key on another curve', idp.metadata({ certificates: [certificate(ecKey('secp256k1'))] })],
    ['too many certificates', idp.metadata({ certificates: Array.from({ length: 21 }, () => certificate(ecKey())) })],
    ['a validity that is over', idp.metadata({ attributes: ' validUntil="2026-01-01T00:00:00Z"' })],
    ['a validity that cannot be read', idp.metadata({ attributes: ' validUntil="tomorrow"' })],
    [
      'a role whose validity is over',
      changed('<md:IDPSSODescriptor', '<md:IDPSSODescriptor validUntil="2025-01-01T00:00:00Z"'),
    ],
    ['a prefix that is not declared', changed('<md:IDPSSODescriptor', '<md:IDPSSODescriptor x:y="1"')],
    ['too much', whole.replace('<md:IDPSSO', `<!--${'x'.repeat(310_000)}--><md:IDPSSO`)],
  ])('with %s is refused', (_flaw, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'InvalidInput' }))
  })
})

describe('the settings of SAML', () => {
  it('are AWS’s way when nothing is set', () => {
    expect(readSamlSettings({ DAYPASS_SAML_ENDPOINTS: '', DAYPASS_SAML_USE: '' })).toEqual({
      endpoints: [],
      use: 'while-valid',
    })
  })

  it('name own endpoints, and how often an assertion may be used', () => {
    const env = { DAYPASS_SAML_ENDPOINTS: 'https://a.example/saml, http://b.example/', DAYPASS_SAML_USE: 'once' }
    expect(readSamlSettings(env)).toEqual({ endpoints: ['https://a.example/saml', 'http://b.example/'], use: 'once' })
  })

  it.each([
    [{ DAYPASS_SAML_ENDPOINTS: 'urn:x' }, /DAYPASS_SAML_ENDPOINTS must be/],
    [{ DAYPASS_SAML_ENDPOINTS: 'https://a.example,x' }, /DAYPASS_SAML_ENDPOINTS must be/],
    [{ DAYPASS_SAML_USE: 'twice' }, /DAYPASS_SAML_USE must be/],
  ])('%j are refused', (env, message) => {
    expect(() => readSamlSettings(env)).toThrow(message)
  })
})
