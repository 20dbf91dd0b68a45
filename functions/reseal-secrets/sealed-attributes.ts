import type { Purpose } from '@daypass/core/credentials/key-ring.ts'
import { KIND, type Kind } from '@daypass/core/store/keys.ts'

/** The purposes of the session ring: what it has sealed ends by itself. */
type OfTheSessionRing = 'session-token' | 'session-secret' | 'authorization-message'

interface SealedAttribute {
  readonly kind: Kind
  /** Which attribute holds the sealed text, in base64. */
  readonly attribute: string
  /** Which attribute holds what the text is bound to. */
  readonly boundTo: string
}

/** Where in the table each thing lies that the long-term ring has sealed: a new purpose does not compile without its line. */
export const SEALED_ATTRIBUTES: Readonly<Record<Exclude<Purpose, OfTheSessionRing>, SealedAttribute>> = {
  'long-term-secret': { kind: KIND.accessKey, attribute: 'sealedSecret', boundTo: 'accessKeyId' },
  'mfa-seed': { kind: KIND.mfa, attribute: 'sealedSeed', boundTo: 'serialNumber' },
  'signing-key': { kind: KIND.signingKey, attribute: 'sealedPrivateKey', boundTo: 'sk' },
  'bootstrap-digest': { kind: KIND.bootstrap, attribute: 'sealedDigest', boundTo: 'sk' },
}

/** All that a sweep reads of a row besides its key. */
export const SWEPT_ATTRIBUTES: readonly string[] = [
  ...new Set(Object.values(SEALED_ATTRIBUTES).flatMap(({ attribute, boundTo }) => [attribute, boundTo])),
].filter((attribute) => attribute !== 'sk')
