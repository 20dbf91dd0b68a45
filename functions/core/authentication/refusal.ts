/** Why credentials were refused, before any signature was compared. */
export type CredentialFlaw = 'unknown-key' | 'invalid-token' | 'expired-session' | 'inactive-key' | 'revoked-session'

/** How each flaw is told: STS and IAM as AWS STS does, S3 as AWS S3 does. `detail` of the refusal is for the log alone. */
export const CREDENTIAL_FLAWS = {
  'unknown-key': {
    query: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    s3: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
  },
  'inactive-key': {
    query: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    s3: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
  },
  'invalid-token': {
    query: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    s3: ['InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  },
  'revoked-session': {
    query: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    s3: ['InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  },
  'expired-session': {
    query: ['ExpiredToken', 'The security token included in the request is expired'],
    s3: ['ExpiredToken', 'The provided token has expired.'],
  },
} as const satisfies Record<CredentialFlaw, { query: readonly [string, string]; s3: readonly [string, string] }>

/** The credentials themselves are no good; which code the caller sees depends on the service that it asked. */
export class CredentialRefusal extends Error {
  readonly flaw: CredentialFlaw
  /** For the operator's log. */
  readonly detail: string

  constructor(flaw: CredentialFlaw, detail: string) {
    super(detail)
    this.name = 'CredentialRefusal'
    this.flaw = flaw
    this.detail = detail
  }
}
