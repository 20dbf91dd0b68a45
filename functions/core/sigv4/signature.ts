import type { SigningKey } from './signing-key.ts'

/** What of a request a signature speaks about; every HttpRequest of the core is one. */
export interface SignableRequest {
  readonly method: string
  /** As it was sent, undecoded. */
  readonly path: string
  readonly rawQuery: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** The scope of the key that signed. Any region, the empty one included. */
export interface CredentialScope {
  readonly date: string
  readonly region: string
  readonly service: string
}

/** How the body is bound to the signature (Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header"). */
export type PayloadMode =
  | { readonly mode: 'sha256'; readonly sha256: string }
  /** No x-amz-content-sha256 was sent: the body's own hash is what was signed. */
  | { readonly mode: 'unstated' }
  | { readonly mode: 'unsigned' }
  | {
      readonly mode: 'streaming'
      readonly literal: StreamingLiteral
      readonly signed: boolean
      readonly trailer: boolean
    }

type StreamingLiteral =
  | 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  | 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'
  | 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** A signature as the request claims it. Well-formed, and covering what it must cover; by whom, and whether true, is unproven. */
export interface UnverifiedSignature {
  readonly kind: 'header' | 'presigned'
  readonly claimedAccessKeyId: string
  readonly claimedSessionToken?: string
  readonly scope: CredentialScope
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  /** The same as it was signed: `20150830T123600Z`. */
  readonly basicTimestamp: string
  /** Seconds; presigned only. STS and IAM ignore it, as in AWS. */
  readonly expires?: number
  readonly payload: PayloadMode
  /** The request that was parsed; verification reads this one and no other. */
  readonly request: SignableRequest
}

declare const verified: unique symbol

/** A signature that was proven to be made with the access key's secret over this request, in time. */
export interface VerifiedSignature {
  readonly [verified]: true
  readonly kind: 'header' | 'presigned'
  readonly accessKeyId: string
  readonly sessionToken?: string
  readonly scope: CredentialScope
  readonly timestamp: number
  readonly basicTimestamp: string
  readonly signature: string
  /** Signs the chunks of this request's body, and nothing outside its scope. */
  readonly signingKey: SigningKey
  readonly payload: PayloadMode
}
