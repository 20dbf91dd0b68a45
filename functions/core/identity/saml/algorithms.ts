import { constants, createHash, type KeyObject, verify } from 'node:crypto'

export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'

interface SignatureMethod {
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly keyType: 'rsa' | 'ec'
  readonly pss?: true
}

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#'

/** XML Signature's names of what is accepted (RFC 9231): no SHA-1, and no HMAC, for which a public key would be the secret. */
export const SIGNATURE_METHODS: ReadonlyMap<string, SignatureMethod> = new Map([
  [`${MORE}rsa-sha256`, { hash: 'sha256', keyType: 'rsa' }],
  [`${MORE}rsa-sha384`, { hash: 'sha384', keyType: 'rsa' }],
  [`${MORE}rsa-sha512`, { hash: 'sha512', keyType: 'rsa' }],
  [`${MORE_2007}sha256-rsa-MGF1`, { hash: 'sha256', keyType: 'rsa', pss: true }],
  [`${MORE_2007}sha384-rsa-MGF1`, { hash: 'sha384', keyType: 'rsa', pss: true }],
  [`${MORE_2007}sha512-rsa-MGF1`, { hash: 'sha512', keyType: 'rsa', pss: true }],
  [`${MORE}ecdsa-sha256`, { hash: 'sha256', keyType: 'ec' }],
  [`${MORE}ecdsa-sha384`, { hash: 'sha384', keyType: 'ec' }],
  [`${MORE}ecdsa-sha512`, { hash: 'sha512', keyType: 'ec' }],
])

/** By XML Signature's names. */
export const DIGEST_METHODS: ReadonlyMap<string, { readonly hash: string; readonly bytes: number }> = new Map([
  ['http://www.w3.org/2001/04/xmlenc#sha256', { hash: 'sha256', bytes: 32 }],
  [`${MORE}sha384`, { hash: 'sha384', bytes: 48 }],
  ['http://www.w3.org/2001/04/xmlenc#sha512', { hash: 'sha512', bytes: 64 }],
])

/** Whether a key signed the text. An ECDSA value is r and s side by side (RFC 9231 section 2.3.6). */
function isSignedBy(method: SignatureMethod, text: string, key: KeyObject, base64: string): boolean {
  if (key.asymmetricKeyType !== method.keyType) return false
  const options = {
    key,
    ...(method.keyType === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
    ...(method.pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
  }
  try {
    return verify(method.hash, Buffer.from(text), options, Buffer.from(base64, 'base64'))
  } catch {
    return false // no value that the key could have made
  }
}

/**
 * The accepted methods in the form in which the XML signature library takes them; a signature by any of the keys is good, and
 * a key that the library names is never looked at. So the library's work, which a sender can make long, is done once.
 */
export const signatureAlgorithms = (keys: readonly KeyObject[]) =>
  Object.fromEntries(
    [...SIGNATURE_METHODS].map(([name, method]) => [
      name,
      class {
        getAlgorithmName = () => name
        getSignature = (): string => {
          throw new TypeError('nothing is signed here')
        }
        verifySignature = (text: string, _key: KeyObject, value: string) =>
          keys.some((key) => isSignedBy(method, text, key, value))
      },
    ]),
  )

export const hashAlgorithms = () =>
  Object.fromEntries(
    [...DIGEST_METHODS].map(([name, { hash }]) => [
      name,
      class {
        getAlgorithmName = () => name
        getHash = (xml: string) => createHash(hash).update(xml, 'utf8').digest('base64')
      },
    ]),
  )
