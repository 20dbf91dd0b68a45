import { UsageError } from '../../samples/shared/program.ts'
import type { IsHeader } from './ini.ts'

/**
 * A profile's name, which becomes a section's header and part of a command line: so it has neither brackets, quotes, space
 * nor line ends. Throws UsageError.
 */
export function parseProfileName(unverified: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.@+:-]{0,63}$/.test(unverified)) return unverified
  throw new UsageError(
    `A profile's name has 1 to 64 letters, digits and _ . @ + : -, and begins with one of the first three: not ${JSON.stringify(unverified)}.`,
  )
}

/** The config file writes `[profile name]`, quoted or not, and `[default]`. */
export const isConfigHeader =
  (profile: string): IsHeader =>
  (header) =>
    [`profile ${profile}`, ...(profile === 'default' ? ['default'] : [])].includes(
      header.replace(/["']/g, '').replace(/[ \t]+/g, ' '),
    )

export const configHeader = (profile: string) => (profile === 'default' ? 'default' : `profile ${profile}`)

export const isCredentialsHeader =
  (profile: string): IsHeader =>
  (header) =>
    header === profile
