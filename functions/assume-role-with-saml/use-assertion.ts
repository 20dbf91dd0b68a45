import { createHash } from 'node:crypto'
import { invalidAssertion } from '@daypass/core/identity/saml/refusal.ts'
import type { SamlIdentity } from '@daypass/core/identity/saml/saml-identity.ts'
import type { SamlProvider } from '@daypass/core/store/entities/saml-provider.ts'
import { samlUseKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import type { SamlDeps } from './action.ts'

/** A mark outlives its assertion by this much: clocks differ. */
const GRACE_SECONDS = 600

/**
 * Where an assertion may be used once only: notes its use, by a write that only the first of several can make. A session
 * that cannot be made afterwards costs its holder a new login. Throws InvalidIdentityToken.
 */
export async function useAssertion(
  { store, saml }: Pick<SamlDeps, 'store' | 'saml'>,
  { account, name }: SamlProvider,
  { assertionId, usableUntil }: SamlIdentity,
): Promise<void> {
  if (saml?.use !== 'once') return
  const digest = createHash('sha256').update(assertionId).digest('hex')
  const expiresAt = Math.ceil(usableUntil / 1000) + GRACE_SECONDS
  try {
    await store.put({ ...samlUseKey(account, name, digest), expiresAt }, { condition: { exists: false } })
  } catch (error) {
    if (error instanceof ConditionFailed) throw invalidAssertion('it was used before. Log in again')
    throw error
  }
}
