import { constants } from 'node:crypto'

/** How a JWA signature algorithm is checked, and which key it needs (RFC 7518 section 3.1, RFC 8037). */
export type SignatureScheme =
  | { readonly keyType: 'RSA'; readonly hash: string; readonly padding: number }
  | { readonly keyType: 'EC'; readonly hash: string; readonly curve: string; readonly coordinateBytes: number }
  | { readonly keyType: 'OKP'; readonly curves: readonly string[] }

const rsa = (hash: string, padding: number) => ({ keyType: 'RSA', hash, padding }) as const
const ec = (hash: string, curve: string, coordinateBytes: number) =>
  ({ keyType: 'EC', hash, curve, coordinateBytes }) as const

const SCHEMES = {
  RS256: rsa('sha256', constants.RSA_PKCS1_PADDING),
  RS384: rsa('sha384', constants.RSA_PKCS1_PADDING),
  RS512: rsa('sha512', constants.RSA_PKCS1_PADDING),
  PS256: rsa('sha256', constants.RSA_PKCS1_PSS_PADDING),
  PS384: rsa('sha384', constants.RSA_PKCS1_PSS_PADDING),
  PS512: rsa('sha512', constants.RSA_PKCS1_PSS_PADDING),
  ES256: ec('sha256', 'P-256', 32),
  ES384: ec('sha384', 'P-384', 48),
  ES512: ec('sha512', 'P-521', 66),
  EdDSA: { keyType: 'OKP', curves: ['Ed25519', 'Ed448'] },
} as const satisfies Record<string, SignatureScheme>

export type Algorithm = keyof typeof SCHEMES

/** All that can be allowed. Symmetric algorithms and `none` have no place beside a public key set. */
export const ALL_ALGORITHMS: readonly Algorithm[] = Object.keys(SCHEMES) as Algorithm[]

export const schemeOf = (algorithm: Algorithm): SignatureScheme => SCHEMES[algorithm]
