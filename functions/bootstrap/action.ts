import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import type { BootstrapAccount, BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'
import { KeyRing, newStoredKey, parseStoredRing } from '@daypass/core/credentials/key-ring.ts'
import type { Clock, Log } from '@daypass/core/deps.ts'
import { ensureSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { ensureRootKey } from './root-key.ts'
import { ensureSecret, type Secrets } from './secrets.ts'

export interface DeploymentDeps {
  readonly store: Store
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Log
  readonly secretArns: { readonly sessionRing: string; readonly longTermRing: string; readonly rootKey: string }
  /** The default account. */
  readonly accountId: string
}

/**
 * Makes what a new deployment lacks (both key rings, the root access key, the issuer's signing keys, the default account) and applies the document.
 * `own` are accounts of the deployment's own, applied like the document's. What is there already is kept; to do it again changes nothing.
 */
export async function bootstrapDeployment(
  deps: DeploymentDeps,
  documentText: string,
  own: readonly BootstrapAccount[] = [],
): Promise<void> {
  const { store, secrets, clock, log, secretArns, accountId } = deps
  const { accounts } = withAccount(parseBootstrap(documentText), accountId)
  const document = { accounts: [...accounts, ...own] }
  const newRing = () => JSON.stringify({ keys: [newStoredKey(clock.now())] })
  parseStoredRing(await ensureSecret(secrets, secretArns.sessionRing, newRing))
  const ring = parseStoredRing(await ensureSecret(secrets, secretArns.longTermRing, newRing))

  const wanted = document.accounts.find(({ id }) => id === accountId)?.rootAccessKey
  const rootKey = await ensureRootKey(secrets, secretArns.rootKey, wanted)
  const core = { store, clock, longTermRing: new KeyRing(async () => ring, clock) }
  await ensureSigningKeys(core)
  await applyBootstrap(core, document, {
    rootKeys: new Map([[accountId, rootKey]]),
    onApplied: (entity) => log.info({ event: 'BootstrapApplied', entity }),
  })
}

/** The default account is there whether or not the document speaks of it. */
function withAccount(document: BootstrapDocument, id: string): BootstrapDocument {
  if (document.accounts.some((account) => account.id === id)) return document
  return { accounts: [{ id }, ...document.accounts] }
}
