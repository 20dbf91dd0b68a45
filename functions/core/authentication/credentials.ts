import type { KeyRing } from '../credentials/key-ring.ts'
import type { Clock } from '../deps.ts'
import type { AccessKeyUse } from '../store/entities/access-key-use.ts'
import type { Store } from '../store/port.ts'
import type { Caller } from './caller.ts'
import type { Rows } from './rows.ts'

/** What verifying a caller's credentials needs. */
export interface CredentialDeps {
  readonly store: Store
  readonly sessionRing: KeyRing
  readonly longTermRing: KeyRing
  readonly clock: Clock
  /** Told of each long-term key whose signature was verified; must not wait for anything. */
  readonly noteKeyUse?: (use: Omit<AccessKeyUse, 'usedAt'>) => void
}

/**
 * Who a key belongs to, and the secret with which its holder must have signed. Until a signature made with this secret was
 * verified, the request's sender has proved nothing: hence `claimedCaller`.
 */
export interface ClaimedCredentials {
  readonly secretAccessKey: string
  readonly claimedCaller: Caller
  /** What was read on the way, with the rows that were asked for alongside. */
  readonly rows: Rows
}
