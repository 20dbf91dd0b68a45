import type { KeyObject } from 'node:crypto'
import { decodeResponse, parseMessage } from './document.ts'
import { childrenOf, DSIG, descendants, type Element, SAML, SAMLP } from './namespaces.ts'
import { invalidAssertion } from './refusal.ts'
import { checkIds, checkSignatureForm } from './signature-form.ts'
import { type Signed, signedText } from './signed-bytes.ts'

/** A response whose form is right and whose signatures nobody has verified yet. */
export interface UnverifiedResponse {
  readonly text: string
  /** Which of its elements are signed: at least one. */
  readonly signed: readonly Signed[]
  readonly claimedIssuer: string
  readonly claimedAssertionId: string
}

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const ENCRYPTED = new Set(['EncryptedAssertion', 'EncryptedID', 'EncryptedAttribute', 'EncryptedData'])

/**
 * Reads the form of a response, `SAMLAssertion` as it was sent: one Response with one Assertion right inside it, a
 * signature in one of them or in both and nowhere else, IDs that are unique. So what is verified and what is read can be
 * told apart in one way only. Throws InvalidIdentityToken.
 */
export function parseUnverifiedResponse(unverifiedBase64: string): UnverifiedResponse {
  const text = decodeResponse(unverifiedBase64)
  const response = parseMessage(text)
  if (!isNamed(response, SAMLP, 'Response')) throw invalidAssertion('it is no SAML 2.0 Response')
  checkIds(response)
  const all = [...descendants(response)]
  if (all.some(({ name }) => ENCRYPTED.has(name))) {
    throw invalidAssertion('it is encrypted. Turn encryption off for this service provider: TLS protects the way here')
  }
  checkStatus(response)
  const assertion = onlyAssertion(response)
  const signatures = all.filter(({ name }) => name === 'Signature')
  const signed: Signed[] = []
  for (const [kind, parent] of [['Response', response] as const, ['Assertion', assertion] as const]) {
    const own = parent.children.filter(({ name }) => name === 'Signature')
    const [signature, another] = own
    if (!signature) continue
    if (another) throw invalidAssertion('one of its elements has several signatures')
    if (signature.namespace !== DSIG) throw invalidAssertion('its signature is none of XML Signature')
    checkSignatureForm(signature, parent)
    signed.push(kind)
  }
  if (signatures.length > signed.length) throw invalidAssertion('it has a signature in a place where SAML has none')
  if (signed.length === 0) throw invalidAssertion('neither the response nor its assertion is signed')
  const [issuer] = childrenOf(assertion, SAML, 'Issuer')
  return {
    text,
    signed,
    claimedIssuer: issuer?.text ?? '',
    claimedAssertionId: assertion.attributes.get('ID') ?? '',
  }
}

/** What a registered key has signed of a response. */
export interface SignedResponse {
  readonly assertion: Element
  /** The response around it, when that is signed too: otherwise nothing of it may be believed. */
  readonly response?: Element
}

/**
 * Proves that a key of the provider signed the assertion, itself or with the response around it, and reads the assertion
 * anew from the very bytes that were signed. A second signature must be good too. Who the assertion is for, and until when,
 * is still to be seen. Throws InvalidIdentityToken.
 */
export async function verifyResponse(
  { text, signed, claimedAssertionId }: UnverifiedResponse,
  keys: readonly KeyObject[],
): Promise<SignedResponse> {
  const response = signed.includes('Response') ? parseMessage(await signedText(text, 'Response', keys)) : undefined
  if (response && !isNamed(response, SAMLP, 'Response')) throw invalidAssertion('what is signed of it is no Response')
  const assertion = signed.includes('Assertion')
    ? parseMessage(await signedText(text, 'Assertion', keys))
    : response && onlyAssertion(response)
  if (!assertion || !isNamed(assertion, SAML, 'Assertion')) throw invalidAssertion('its assertion is not signed')
  if (assertion.attributes.get('ID') !== claimedAssertionId) throw invalidAssertion('another assertion is signed')
  return { assertion, ...(response ? { response } : {}) }
}

/** An assertion by any namespace's name counts: nobody else's may hide in the message. */
function onlyAssertion(response: Element): Element {
  const [assertion, another] = [...descendants(response)].filter(({ name }) => name === 'Assertion')
  if (!assertion || another) throw invalidAssertion('it does not have exactly one assertion')
  if (!response.children.includes(assertion) || assertion.namespace !== SAML) {
    throw invalidAssertion('its assertion is not a SAML 2.0 Assertion right inside the Response')
  }
  return assertion
}

function checkStatus(response: Element): void {
  const [status, another] = childrenOf(response, SAMLP, 'Status')
  const [code] = status ? childrenOf(status, SAMLP, 'StatusCode') : []
  if (another || code?.attributes.get('Value') !== SUCCESS) throw invalidAssertion('its status is not Success')
}

const isNamed = (element: Element, namespace: string, name: string) =>
  element.namespace === namespace && element.name === name
