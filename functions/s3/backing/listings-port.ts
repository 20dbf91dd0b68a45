import type { DeleteMarker, StoredObject } from './port.ts'

export interface ListQuery {
  readonly prefix: string
  /** Empty: no roll-up. */
  readonly delimiter: string
  /** Only what sorts behind this, by the bytes of its UTF-8; a common prefix skips all that it stands for. */
  readonly after: string
  /** At most this many objects and common prefixes together, 1 … 1,000. */
  readonly limit: number
}

export type ListEntry =
  | { readonly kind: 'object'; readonly object: StoredObject }
  | { readonly kind: 'prefix'; readonly prefix: string }

export interface Listing {
  readonly entries: readonly ListEntry[]
  /** Where the next page goes on (an `after`); absent on the last page. */
  readonly next?: string
}

export interface VersionQuery {
  readonly prefix: string
  readonly delimiter: string
  /** Only what sorts behind the versions of this key, or, with a version named, behind that version of it. */
  readonly key: string
  readonly versionId: string
  readonly limit: number
}

export type VersionEntry =
  | {
      readonly kind: 'version'
      readonly latest: boolean
      readonly object: StoredObject & { readonly versionId: string }
    }
  | { readonly kind: 'marker'; readonly latest: boolean; readonly object: DeleteMarker }
  | { readonly kind: 'prefix'; readonly prefix: string }

/** Keys in the order of their bytes, the versions of each newest first. */
export interface VersionListing {
  readonly entries: readonly VersionEntry[]
  /** Where the next page goes on; absent on the last page. */
  readonly next?: { readonly key: string; readonly versionId?: string }
}
