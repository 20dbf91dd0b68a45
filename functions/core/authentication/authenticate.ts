import { parseSignature } from '../sigv4/parse.ts'
import type { SignableRequest, UnverifiedSignature, VerifiedSignature } from '../sigv4/signature.ts'
import { verifySignature } from '../sigv4/verify.ts'
import type { Key } from '../store/port.ts'
import type { Caller } from './caller.ts'
import type { ClaimedCredentials, CredentialDeps } from './credentials.ts'
import { findLongTermKey } from './long-term-key.ts'
import type { Rows } from './rows.ts'
import { findSession } from './session.ts'

/** A request whose signature was proven, and who made it. */
export interface SignedRequest {
  readonly caller: Caller
  readonly signature: VerifiedSignature
  /** For what of S3's body is still to come: chunks and trailers are signed with the same secret. */
  readonly secretAccessKey: string
  /** What was read on the way, with the rows that were asked for alongside. */
  readonly rows: Rows
}

export interface AuthenticateOptions {
  readonly service: 'sts' | 'iam' | 's3'
  /** The whole body, or `'streamed'` for S3, which verifies it as it reads. */
  readonly body: Uint8Array | 'streamed'
  /** Rows that the action will need, as its unverified input names them: read in the same round trip. */
  readonly alongside?: readonly Key[]
}

/**
 * Proves who signed a request; `undefined` when nobody claims to have. Throws SignatureRefusal for a signature that is
 * malformed, out of time or wrong, and CredentialRefusal for credentials that are unknown, expired or revoked.
 */
export async function authenticate(
  deps: CredentialDeps,
  request: SignableRequest,
  { service, body, alongside = [] }: AuthenticateOptions,
): Promise<SignedRequest | undefined> {
  const unverified = parseSignature(request, { service })
  if (!unverified) return undefined
  const { claimedCaller, secretAccessKey, rows } = await findCredentials(deps, unverified, alongside)
  const signature = verifySignature(unverified, secretAccessKey, { now: deps.clock.now(), body })
  if (unverified.claimedSessionToken === undefined) {
    deps.noteKeyUse?.({ accessKeyId: signature.accessKeyId, service, region: signature.scope.region })
  }
  return { caller: claimedCaller, signature, secretAccessKey, rows }
}

/** Finds the secret with which the holder of a key must have signed. Throws CredentialRefusal. */
export function findCredentials(
  deps: CredentialDeps,
  unverified: Pick<UnverifiedSignature, 'claimedAccessKeyId' | 'claimedSessionToken'>,
  alongside: readonly Key[],
): Promise<ClaimedCredentials> {
  const { claimedAccessKeyId, claimedSessionToken } = unverified
  return claimedSessionToken === undefined
    ? findLongTermKey(deps, claimedAccessKeyId, alongside)
    : findSession(deps, claimedAccessKeyId, claimedSessionToken, alongside)
}
