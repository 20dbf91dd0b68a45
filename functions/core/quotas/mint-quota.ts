import { hash } from 'node:crypto'
import type { Clock, Log } from '../deps.ts'
import { StsError } from '../errors.ts'
import { mintCountKey } from '../store/keys.ts'
import type { Key, Store } from '../store/port.ts'

/** Sessions that may be made in a minute; absent: as many as are asked for. */
export interface QuotaLimits {
  /** By all holders of one provider's tokens, certificates or assertions together. */
  readonly perIssuer?: number
  /** By one user, root or identity, with what is made with its sessions. */
  readonly perPrincipal?: number
}

/** For whom a session is made, once that is proven. */
export interface MintParty {
  readonly account: string
  /** The provider or the configured source that proved it; absent for holders of keys and sessions. */
  readonly issuer?: string
  readonly principal: string
}

export interface MintQuota {
  /** Counts one session. Throws Throttling, which SDKs retry with growing delays, when the minute's sessions are spent. */
  spend(party: MintParty): void
}

export interface MintQuotaDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}

const MINUTE = 60_000
/** A process tells the table of its sessions when it has made this part of a limit. */
const TOLD_AT = 1 / 20

interface Count {
  /** What all processes have told the table, as far as this one has heard. */
  known: number
  /** What the table was told by this process and has not confirmed. */
  telling: number
  /** What this process has made since. */
  own: number
}

/**
 * Quotas over all processes, with counters in the table and off a mint's path: a session waits for none of them. Each
 * process counts for itself, adds what it counted to the minute's row when that is a twentieth of the limit, and learns from
 * the answer what the others have told. So a limit may be overrun by a twentieth for each process that serves, and
 * nobody whose identity is not proven can spend another's. While the table cannot count, each process counts alone.
 */
export function mintQuota(deps: MintQuotaDeps, { perIssuer, perPrincipal }: QuotaLimits): MintQuota {
  let minute = -1
  let counts = new Map<string, Count>()

  function spendOne(account: string, what: string, limit: number): void {
    const name = JSON.stringify([account, what])
    const count = counts.get(name) ?? { known: 0, telling: 0, own: 0 }
    counts.set(name, count)
    if (count.known + count.telling + count.own >= limit) {
      throw new StsError('Throttling', 'Rate exceeded', {
        detail: { reason: `the quota of ${limit} sessions a minute` },
      })
    }
    count.own += 1
    if (count.telling === 0 && count.own >= Math.max(1, limit * TOLD_AT))
      void tell(deps, mintCountKey(account, hash('sha256', name), minute), minute, count)
  }

  return {
    spend({ account, issuer, principal }) {
      const now = Math.floor(deps.clock.now() / MINUTE)
      if (now !== minute) {
        minute = now
        counts = new Map()
      }
      if (perPrincipal !== undefined) spendOne(account, `principal ${principal}`, perPrincipal)
      if (perIssuer !== undefined && issuer !== undefined) spendOne(account, `issuer ${issuer}`, perIssuer)
    },
  }
}

async function tell({ store, log }: MintQuotaDeps, key: Key, minute: number, count: Count): Promise<void> {
  count.telling = count.own
  count.own = 0
  const changes = { add: { sessions: count.telling }, set: { expiresAt: (minute + 2) * (MINUTE / 1000) } }
  try {
    const { sessions } = await store.update(key, changes, { durability: 'session' })
    count.known = Number(sessions)
  } catch (error) {
    count.known += count.telling
    log.warn({ event: 'MintsNotCounted', failure: error instanceof Error ? error.message : String(error) })
  }
  count.telling = 0
}
