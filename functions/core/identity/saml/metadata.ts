import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { StsError } from '../../errors.ts'
import { parseXml } from '../../http/xml-reader.ts'
import { instant } from './conditions.ts'
import {
  childrenOf,
  DSIG,
  descendants,
  type Element,
  METADATA,
  NamespaceError,
  resolveNamespaces,
} from './namespaces.ts'

/** What is needed of an identity provider's metadata to verify its assertions. */
export interface SamlMetadata {
  readonly entityId: string
  /** Public keys that may sign, each as SPKI in base64. */
  readonly signingKeys: readonly string[]
  /** Milliseconds since the epoch; absent when the document does not say. */
  readonly validUntil?: number
}

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const MOST_CHARACTERS = 307_200
const MOST_KEYS = 20
const MIN_RSA_BITS = 2048
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

/**
 * Reads an identity provider's metadata (SAML metadata, sections 2.3 and 2.4.3): one entity, its role as an identity provider
 * of SAML 2.0, the keys of its signing certificates, and until when the document is valid. The dates inside certificates and
 * the document's own signature prove nothing here: who registers it vouches for it. Throws InvalidInput.
 */
export function parseMetadata(text: string, now: number): SamlMetadata {
  const root = parsed(text)
  if (root.namespace !== METADATA || root.name !== 'EntityDescriptor') {
    throw invalid('must be one EntityDescriptor of SAML 2.0 metadata')
  }
  const entityId = root.attributes.get('entityID') ?? ''
  if (!/^[^\s\p{Cc}]{1,1024}$/u.test(entityId)) throw invalid('needs an entityID')
  const descriptors = childrenOf(root, METADATA, 'IDPSSODescriptor').filter(({ attributes }) =>
    (attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL),
  )
  if (descriptors.length === 0) throw invalid('needs an IDPSSODescriptor for SAML 2.0')
  const ends = [root, ...descriptors].flatMap(validUntilOf)
  const validUntil = ends.length > 0 ? Math.min(...ends) : undefined
  if (validUntil !== undefined && validUntil <= now) throw invalid('is no longer valid (validUntil)')
  const keys = [...new Set(descriptors.flatMap(signingCertificates).map(publicKeyOf))]
  if (keys.length === 0) throw invalid('has no signing certificate')
  if (keys.length > MOST_KEYS) throw invalid(`has more than ${MOST_KEYS} signing certificates`)
  return { entityId, signingKeys: keys, ...(validUntil === undefined ? {} : { validUntil }) }
}

/** The keys as they verify. */
export const importSigningKeys = (signingKeys: readonly string[]): readonly KeyObject[] =>
  signingKeys.map((spki) => createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' }))

function parsed(text: string): Element {
  try {
    return resolveNamespaces(parseXml(text, { size: MOST_CHARACTERS }))
  } catch (error) {
    if (error instanceof NamespaceError) throw invalid('is not well-formed')
    if (error instanceof StsError) throw invalid(error.message.replace('The XML document ', ''))
    throw error
  }
}

function validUntilOf({ attributes }: Element): readonly number[] {
  const text = attributes.get('validUntil')
  if (text === undefined) return []
  try {
    return [instant(text, 'validUntil')]
  } catch {
    throw invalid('has a validUntil that is no instant in UTC')
  }
}

/** Of keys without a use any may be meant. */
function signingCertificates(descriptor: Element): readonly string[] {
  return childrenOf(descriptor, METADATA, 'KeyDescriptor')
    .filter(({ attributes }) => ['signing', ''].includes(attributes.get('use') ?? ''))
    .flatMap((each) => [...descendants(each)])
    .filter(({ namespace, name }) => namespace === DSIG && name === 'X509Certificate')
    .map((each) => each.text.replace(/\s+/g, ''))
}

function publicKeyOf(base64: string): string {
  let key: KeyObject
  try {
    key = new X509Certificate(Buffer.from(base64, 'base64')).publicKey
  } catch {
    throw invalid('has a certificate that cannot be read')
  }
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const usable = key.asymmetricKeyType === 'rsa' ? modulusLength >= MIN_RSA_BITS : CURVES.has(namedCurve)
  if (!usable) throw invalid('has a signing key that is neither RSA of 2048 bits or more nor on a NIST curve')
  return key.export({ format: 'der', type: 'spki' }).toString('base64')
}

const invalid = (flaw: string) => new StsError('InvalidInput', `The SAML metadata document ${flaw}.`)
