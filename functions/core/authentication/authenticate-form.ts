import { parseCredential, parseSignatureDigits, requireScope } from '../sigv4/claims.ts'
import { SignatureRefusal } from '../sigv4/refusal.ts'
import { signingKey } from '../sigv4/signing-key.ts'
import { formatBasicTimestamp, parseBasicTimestamp } from '../sigv4/timestamp.ts'
import type { Key } from '../store/port.ts'
import { findCredentials } from './authenticate.ts'
import type { Caller } from './caller.ts'
import type { CredentialDeps } from './credentials.ts'
import type { Rows } from './rows.ts'

/** What a form says of who signed its policy; empty texts for what it leaves out. */
export interface UnverifiedForm {
  readonly algorithm: string
  readonly credential: string
  readonly date: string
  readonly signature: string
  readonly sessionToken?: string
  /** The policy in base64, exactly as the form has it: the text that was signed. */
  readonly policy: string
}

/** The caller who signed a form's policy. What the policy allows is not looked at here. */
export interface SignedForm {
  readonly caller: Caller
  readonly rows: Rows
  /** Milliseconds since the epoch. */
  readonly signedAt: number
}

const SKEW_MS = 15 * 60_000
/** As long as a presigned URL may live. */
const LONGEST_MS = 7 * 24 * 3_600_000

/**
 * Proves who signed the policy of a browser's upload (S3 API reference, "Authenticating requests in browser-based uploads
 * using POST"). Throws SignatureRefusal and CredentialRefusal.
 */
export async function authenticateForm(
  deps: CredentialDeps,
  form: UnverifiedForm,
  alongside: readonly Key[] = [],
): Promise<SignedForm> {
  if (form.algorithm !== 'AWS4-HMAC-SHA256') throw new SignatureRefusal('unsupported-scheme')
  const timestamp = parseBasicTimestamp(form.date)
  if (timestamp === undefined) throw new SignatureRefusal('date-malformed')
  const { accessKeyId, scope, terminator } = parseCredential(form.credential, 'header')
  requireScope(scope, terminator, 's3', form.date, 'header')
  const signature = parseSignatureDigits(form.signature, 'header')

  const { sessionToken: claimedSessionToken } = form
  const claim = { claimedAccessKeyId: accessKeyId, ...(claimedSessionToken !== undefined && { claimedSessionToken }) }
  const { claimedCaller, secretAccessKey, rows } = await findCredentials(deps, claim, alongside)
  requireTimely(timestamp, deps.clock.now())
  const { key, keep } = signingKey(secretAccessKey, scope)
  if (!key.hasSigned(form.policy, signature)) throw new SignatureRefusal('signature-mismatch')
  keep()
  if (claimedSessionToken === undefined) deps.noteKeyUse?.({ accessKeyId, service: 's3', region: scope.region })
  return { caller: claimedCaller, rows, signedAt: timestamp }
}

function requireTimely(timestamp: number, now: number): void {
  const facts = (limit: number) => ({
    timestamp: formatBasicTimestamp(timestamp),
    now: formatBasicTimestamp(now),
    limit: formatBasicTimestamp(limit),
  })
  if (timestamp > now + SKEW_MS) throw new SignatureRefusal('signature-not-yet-current', facts(now + SKEW_MS))
  if (now > timestamp + LONGEST_MS) throw new SignatureRefusal('signature-expired', facts(now - LONGEST_MS))
}
