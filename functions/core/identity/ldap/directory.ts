import type { LdapSource } from './source.ts'

/** An entry as a directory shows it: its name as it wrote it, and the texts of the attributes that were asked for. */
export interface DirectoryEntry {
  readonly dn: string
  /** By the name under which each was asked for. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

export interface DirectorySearch {
  readonly base: string
  readonly filter: string
  /** None: the entries' names alone. */
  readonly attributes: readonly string[]
  /** How many entries are enough; absent: all must come. */
  readonly enough?: number
}

/** A conversation with a directory. Its methods reject with DirectoryUnavailable when the directory gives no answer. */
export interface DirectoryConnection {
  /** Whether the directory accepts the password for this name; from then on it answers to that name, or to nobody. */
  bind(dn: string, password: string): Promise<boolean>
  /** All entries below the base that match, unless fewer are enough. What the bound name may not see is absent. */
  search(search: DirectorySearch): Promise<readonly DirectoryEntry[]>
  close(): Promise<void>
}

/** Where passwords are checked. */
export interface Directory {
  /** Connects, protected as the source demands before anything is said. Rejects with DirectoryUnavailable. */
  open(source: LdapSource): Promise<DirectoryConnection>
}

/** The directory did not answer, or not as it must. The message is for the operator. Never to be read as a refusal. */
export class DirectoryUnavailable extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'DirectoryUnavailable'
  }
}
