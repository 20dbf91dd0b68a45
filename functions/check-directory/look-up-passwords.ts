import type { Clock } from '@daypass/core/deps.ts'
import { DirectoryUnavailable } from '@daypass/core/identity/ldap/directory.ts'
import type { LdapSource } from '@daypass/core/identity/ldap/source.ts'

export interface LookupPasswordDeps {
  /** The secrets' ARNs by the name of the directory whose look-up password they hold. */
  readonly secretArns: ReadonlyMap<string, string>
  /** Reads a secret's text; must settle soon. */
  readonly read: (secretArn: string) => Promise<string>
  readonly clock: Clock
}

/** Gives a directory the password of the account that looks users up, when it is kept in a secret. Rejects with DirectoryUnavailable. */
export type WithLookupPassword = (source: LdapSource) => Promise<LdapSource>

const REFRESH_MS = 5 * 60_000
const RETRY_MS = 30_000

/**
 * Passwords that may change without a restart: each is read again after 5 minutes, of the directory that is asked alone, so
 * that one that cannot be read hinders no other directory. While its secret cannot be read the password at hand serves on.
 */
export function lookupPasswords({ secretArns, read, clock }: LookupPasswordDeps): WithLookupPassword {
  const kept = new Map<string, { readonly password: string; readonly freshUntil: number }>()
  return async (source) => {
    const secretArn = secretArns.get(source.name)
    if (secretArn === undefined || !source.lookup) return source
    const known = kept.get(source.name)
    if (known && clock.now() < known.freshUntil) return filled(source, source.lookup.dn, known.password)
    const password = await readPassword(read, secretArn).catch((error: unknown) => {
      if (!known) throw error
      return undefined
    })
    const current = password ?? known?.password ?? ''
    kept.set(source.name, {
      password: current,
      freshUntil: clock.now() + (password === undefined ? RETRY_MS : REFRESH_MS),
    })
    return filled(source, source.lookup.dn, current)
  }
}

const filled = (source: LdapSource, dn: string, password: string): LdapSource => ({
  ...source,
  lookup: { dn, password },
})

/** An empty password would make the bind an anonymous one. */
async function readPassword(read: LookupPasswordDeps['read'], secretArn: string): Promise<string> {
  let text: string
  try {
    text = await read(secretArn)
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : 'unknown'
    throw new DirectoryUnavailable(`the secret with the look-up password cannot be read: ${why}`, { cause })
  }
  if (text === '') throw new DirectoryUnavailable('the secret with the look-up password is empty')
  return text
}
