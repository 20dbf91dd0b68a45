import { constants, createHash, type KeyObject, sign } from 'node:crypto'
import { type KeyPair, makeCertificate, rsaKey } from './certificate-maker.ts'

export const ENTITY = 'https://idp.example/saml'
export const AWS_ENDPOINT = 'https://signin.aws.amazon.com/saml'
const AWS = 'https://aws.amazon.com/SAML/Attributes/'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'

/** How a test signs: XML Signature's names, and what node:crypto does for them. */
const METHODS: Readonly<Record<string, { readonly uri: string; readonly hash: string; readonly pss?: true }>> = {
  'rsa-sha1': { uri: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', hash: 'sha1' },
  'rsa-sha256': { uri: `${MORE}rsa-sha256`, hash: 'sha256' },
  'rsa-sha384': { uri: `${MORE}rsa-sha384`, hash: 'sha384' },
  'rsa-sha512': { uri: `${MORE}rsa-sha512`, hash: 'sha512' },
  'rsa-pss-sha256': { uri: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1', hash: 'sha256', pss: true },
  'ecdsa-sha256': { uri: `${MORE}ecdsa-sha256`, hash: 'sha256' },
  'ecdsa-sha384': { uri: `${MORE}ecdsa-sha384`, hash: 'sha384' },
  'ecdsa-sha512': { uri: `${MORE}ecdsa-sha512`, hash: 'sha512' },
}
const DIGESTS: Readonly<Record<string, string>> = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: `${MORE}sha384`,
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

export interface SamlOptions {
  /** Milliseconds since the epoch. */
  readonly now?: number
  readonly entityId?: string
  readonly subject?: string
  readonly format?: string
  readonly audience?: string
  readonly recipient?: string
  readonly destination?: string
  /** Seconds from now. */
  readonly issued?: number
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly confirmedUntil?: number
  readonly sessionUntil?: number
  /** `role,provider` values. */
  readonly roles?: readonly string[]
  /** By name; one without a scheme is AWS's. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  readonly sign?: 'assertion' | 'response' | 'both' | 'none'
  readonly method?: keyof typeof METHODS
  readonly digest?: keyof typeof DIGESTS
  readonly assertionId?: string
  /** Changes the assertion before it is signed: it must stay canonical. */
  readonly shape?: (assertion: string) => string
  /** Changes SignedInfo before it is signed: it must stay canonical. */
  readonly signedInfo?: (xml: string) => string
}

export interface FakeIdp extends KeyPair {
  readonly entityId: string
  /** The certificate in base64, as KeyInfo has it. */
  readonly certificate: string
  metadata(more?: { readonly certificates?: readonly string[]; readonly attributes?: string }): string
  /** The XML of a response, every element in canonical form. */
  xml(options?: SamlOptions): string
  /** The same in base64. */
  response(options?: SamlOptions): string
}

export const base64 = (xml: string) => Buffer.from(xml).toString('base64')

/** An identity provider that signs what a test wants. It canonicalizes nothing: what it writes is canonical as it stands. */
export function makeFakeIdp({ entityId = ENTITY, key = rsaKey() }: { entityId?: string; key?: KeyPair } = {}): FakeIdp {
  const certificate = makeCertificate({ key, subject: { CN: 'idp' }, purposes: null }).der.toString('base64')
  const xml = (options: SamlOptions = {}) => responseXml({ entityId, ...options }, key.privateKey, certificate)
  return {
    ...key,
    entityId,
    certificate,
    xml,
    response: (options) => base64(xml(options)),
    metadata: ({ certificates = [certificate], attributes = '' } = {}) => `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"${attributes}>
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
${certificates.map(keyDescriptor).join('\n')}
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${entityId}/sso"></md:SingleSignOnService>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`,
  }
}

const keyDescriptor = (certificate: string) => `    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>
${certificate.replace(/.{64}/g, '$&\n')}
      </ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>`

function responseXml(options: SamlOptions, key: KeyObject, certificate: string): string {
  const { sign: signed = 'assertion', destination = options.recipient ?? AWS_ENDPOINT, now = TESTS_BEGIN } = options
  const plain = (options.shape ?? ((xml) => xml))(assertionXml(options))
  const assertionId = options.assertionId ?? '_assertion'
  const assertion =
    signed === 'assertion' || signed === 'both'
      ? withSignature(plain, signatureXml(plain, assertionId, options, key, certificate))
      : plain
  const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="${destination}" ID="_response" IssueInstant="${at(now)}" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${options.entityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>${assertion}</samlp:Response>`
  if (signed !== 'response' && signed !== 'both') return response
  return withSignature(response, signatureXml(response, '_response', options, key, certificate))
}

/** Behind the issuer, where SAML's schema has it. */
const withSignature = (xml: string, signature: string) =>
  xml.replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`)

/** The time of tests' manual clocks. */
const TESTS_BEGIN = Date.parse('2026-01-01T00:00:00Z')
const at = (time: number) => new Date(time).toISOString()

export const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function assertionXml(options: SamlOptions): string {
  const {
    now = TESTS_BEGIN,
    subject = 'alice@example.com',
    format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    audience = 'urn:amazon:webservices',
    recipient = AWS_ENDPOINT,
    issued = 0,
    notBefore = -30,
    notOnOrAfter = 300,
    confirmedUntil = 300,
    sessionUntil,
    roles = [],
  } = options
  const time = (seconds: number) => at(now + seconds * 1000)
  const all = { Role: roles, RoleSessionName: ['alice'], ...options.attributes }
  const attributes = Object.entries(all).map(([name, values]) => {
    const full = /^(?:https?|urn):/.test(name) ? name : `${AWS}${name}`
    const inside = values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join('')
    return `<saml:Attribute Name="${full}">${inside}</saml:Attribute>`
  })
  const session = sessionUntil === undefined ? '' : ` SessionNotOnOrAfter="${time(sessionUntil)}"`
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${options.assertionId ?? '_assertion'}" IssueInstant="${time(issued)}" Version="2.0">`,
    `<saml:Issuer>${options.entityId}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${format}">${escaped(subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${time(confirmedUntil)}" Recipient="${recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${time(notBefore)}" NotOnOrAfter="${time(notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${time(issued)}"${session}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`,
    '</saml:Assertion>',
  ].join('')
}

/** A signature over a canonical element, itself canonical. */
export function signatureXml(
  canonical: string,
  id: string,
  { method = 'rsa-sha256', digest = 'sha256', signedInfo: change = (xml) => xml }: SamlOptions,
  key: KeyObject,
  certificate: string,
): string {
  const { uri = method, hash = 'sha256', pss } = METHODS[method] ?? {}
  const digestValue = createHash(digest).update(canonical).digest('base64')
  const signedInfo = change(
    [
      '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
      '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>',
      `<ds:SignatureMethod Algorithm="${uri}"></ds:SignatureMethod>`,
      `<ds:Reference URI="#${id}"><ds:Transforms>`,
      '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>',
      '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>',
      `<ds:DigestMethod Algorithm="${DIGESTS[digest]}"></ds:DigestMethod><ds:DigestValue>${digestValue}</ds:DigestValue>`,
      '</ds:Reference></ds:SignedInfo>',
    ].join(''),
  )
  const value = sign(hash, Buffer.from(signedInfo), {
    key,
    ...(key.asymmetricKeyType === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
    ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
  }).toString('base64')
  // Inside the signature the prefix is declared already; canonical form has the declaration at the apex alone.
  const inside = signedInfo.replace(' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', '')
  return `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${inside}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
}
