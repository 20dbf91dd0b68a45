import { DIGEST_METHODS, ENVELOPED, EXCLUSIVE_C14N, SIGNATURE_METHODS } from './algorithms.ts'
import { childrenOf, DSIG, descendants, type Element } from './namespaces.ts'
import { invalidAssertion } from './refusal.ts'

const BASE64 = /^[A-Za-z0-9+/\s]{4,1400}={0,2}\s*$/
const ID = /^[A-Za-z_][\w.-]{0,255}$/

/** IDs by whatever spelling a verifier may look for them. Throws InvalidIdentityToken when two elements share one. */
export function checkIds(root: Element): void {
  const seen = new Set<string>()
  for (const { attributes } of descendants(root)) {
    for (const [name, value] of attributes) {
      if (name.toLowerCase() !== 'id') continue
      if (seen.has(value)) throw invalidAssertion('two of its elements have the same ID')
      seen.add(value)
    }
  }
}

/**
 * Checks that a signature has the one form that SAML has (SAML core, section 5.4): one reference to the element that it
 * stands in, by its ID, through the enveloped transform and exclusive canonicalization, with accepted algorithms. Nothing is
 * verified yet. Throws InvalidIdentityToken.
 */
export function checkSignatureForm(signature: Element, parent: Element): void {
  const id = parent.attributes.get('ID') ?? ''
  if (!ID.test(id)) throw invalidAssertion('a signed element has no usable ID')
  const parts = signature.children.map(({ namespace, name }) => (namespace === DSIG ? name : ''))
  if (!/^SignedInfo,SignatureValue(?:,KeyInfo)?$/.test(parts.join())) {
    throw invalidAssertion('its signature has other parts than SignedInfo, SignatureValue and KeyInfo')
  }
  const [signedInfo, value] = signature.children
  if (!signedInfo || !value || !BASE64.test(value.text) || value.children.length > 0) {
    throw invalidAssertion('its signature has no usable value')
  }
  const canonicalization = one(signedInfo, 'CanonicalizationMethod')
  const method = one(signedInfo, 'SignatureMethod')
  const reference = one(signedInfo, 'Reference')
  if (signedInfo.children.length !== 3) throw invalidAssertion('its signature does not have exactly one reference')
  if (algorithmOf(canonicalization) !== EXCLUSIVE_C14N || canonicalization.children.length > 0) {
    throw invalidAssertion('its signature is not canonicalized by exclusive canonicalization without comments')
  }
  if (!SIGNATURE_METHODS.has(algorithmOf(method)) || method.children.length > 0) {
    throw invalidAssertion('its signature algorithm is none of RSA and ECDSA with SHA-256, SHA-384 or SHA-512')
  }
  checkReference(reference, id)
}

function checkReference(reference: Element, id: string): void {
  if (reference.attributes.get('URI') !== `#${id}`) {
    throw invalidAssertion('a signature does not refer to the element that it stands in')
  }
  const transforms = childrenOf(one(reference, 'Transforms'), DSIG, 'Transform')
  const names = transforms.map(algorithmOf)
  if (names.join(' ') !== `${ENVELOPED} ${EXCLUSIVE_C14N}` || one(reference, 'Transforms').children.length !== 2) {
    throw invalidAssertion('its signature has other transforms than the enveloped one and exclusive canonicalization')
  }
  const inside = transforms.flatMap(({ children }) => children)
  const prefixLists = inside.filter(
    ({ namespace, name, children }) =>
      namespace === EXCLUSIVE_C14N && name === 'InclusiveNamespaces' && children.length === 0,
  )
  if (inside.length > 1 || prefixLists.length !== inside.length) {
    throw invalidAssertion('a transform of its signature has content')
  }
  const digest = DIGEST_METHODS.get(algorithmOf(one(reference, 'DigestMethod')))
  if (!digest) throw invalidAssertion('its digest algorithm is none of SHA-256, SHA-384 and SHA-512')
  const value = one(reference, 'DigestValue')
  const isWhole = BASE64.test(value.text) && Buffer.from(value.text, 'base64').length === digest.bytes
  if (!isWhole || value.children.length > 0 || reference.children.length !== 3) {
    throw invalidAssertion('its digest has not the length of its algorithm')
  }
}

function one(parent: Element, name: string): Element {
  const [found, another] = childrenOf(parent, DSIG, name)
  if (!found || another) throw invalidAssertion(`its signature does not have exactly one ${name}`)
  return found
}

const algorithmOf = ({ attributes }: Element) => attributes.get('Algorithm') ?? ''
