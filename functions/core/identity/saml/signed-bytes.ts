import type { KeyObject } from 'node:crypto'
import { ENVELOPED, EXCLUSIVE_C14N, hashAlgorithms, signatureAlgorithms } from './algorithms.ts'
import { DSIG, SAML } from './namespaces.ts'
import { invalidAssertion } from './refusal.ts'

/** Which element of a response bears the signature. */
export type Signed = 'Response' | 'Assertion'

/**
 * The canonical text of the element that a signature covers, once one of the registered keys has signed it. Only this text
 * may be read: what else the message holds, anybody may have put there. `checkSignatureForm` must have passed. Keys and
 * certificates that the message itself brings are never looked at. Throws InvalidIdentityToken.
 */
export async function signedText(text: string, signed: Signed, keys: readonly KeyObject[]): Promise<string> {
  // Loaded when the first response comes: the function that runs every action starts without it.
  const [{ SignedXml }, { DOMParser }] = await Promise.all([import('xml-crypto'), import('@xmldom/xmldom')])
  const [key] = keys
  const verifier = new SignedXml({ ...(key ? { publicCert: key } : {}) })
  verifier.SignatureAlgorithms = signatureAlgorithms(keys)
  verifier.HashAlgorithms = hashAlgorithms()
  const { [EXCLUSIVE_C14N]: c14n, [ENVELOPED]: enveloped } = verifier.CanonicalizationAlgorithms
  if (!c14n || !enveloped) throw new TypeError('the XML signature library lacks what SAML needs')
  verifier.CanonicalizationAlgorithms = { [EXCLUSIVE_C14N]: c14n, [ENVELOPED]: enveloped }
  try {
    verifier.loadSignature(signatureNode(new DOMParser(STRICT).parseFromString(text, 'text/xml'), signed))
    if (verifier.checkSignature(text)) {
      const [canonical, another] = verifier.getSignedReferences()
      if (canonical !== undefined && another === undefined) return canonical
    }
  } catch {
    // Whether it is the wrong key or a broken signature, the library throws.
  }
  throw invalidAssertion('no key of the provider’s metadata has signed it')
}

const fail = (message: string) => {
  throw new SyntaxError(message)
}
const STRICT = { errorHandler: { warning: fail, error: fail, fatalError: fail } }

type Node = ReturnType<InstanceType<typeof import('@xmldom/xmldom').DOMParser>['parseFromString']>['documentElement']

/** The signature in its place: the response's own child, or its assertion's. */
function signatureNode(document: { readonly documentElement: Node }, signed: Signed): Node {
  const root = document.documentElement
  return child(signed === 'Response' ? root : child(root, SAML, 'Assertion'), DSIG, 'Signature')
}

function child(parent: Node, namespace: string, name: string): Node {
  const found = Array.from(parent.childNodes).filter(
    (node) => node.nodeType === 1 && (node as Node).namespaceURI === namespace && (node as Node).localName === name,
  )
  const [only] = found
  if (found.length !== 1 || !only) throw new SyntaxError(`there is not exactly one ${name}`)
  return only as Node
}
