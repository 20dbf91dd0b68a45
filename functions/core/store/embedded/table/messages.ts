import type { Changes, Condition, Key } from '../../port.ts'

/** A write, as it goes to the writer's thread. */
export type Write = Key & { readonly condition: Condition | undefined } & (
    | { readonly kind: 'put'; readonly body: string; readonly expiresAt: number | undefined }
    | { readonly kind: 'update'; readonly changes: Changes }
    | { readonly kind: 'remove' }
  )

export type Request =
  | { readonly id: number; readonly write: Write }
  /** Removes some items that expired before this instant, in seconds. */
  | { readonly id: number; readonly expiredBefore: number }
  | { readonly id: number; readonly close: true }

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'done' }
  /** The item's body after an update. */
  | { readonly kind: 'updated'; readonly body: string }
  | { readonly kind: 'swept'; readonly keys: readonly Key[] }
  | { readonly kind: 'condition-failed' }
  /** The request itself cannot be fulfilled. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The disk or the database failed; nothing was written. */
  | { readonly kind: 'failed'; readonly message: string }

export type Response = { readonly id: number } & Outcome
