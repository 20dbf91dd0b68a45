import { readFile } from 'node:fs/promises'
import { applyBootstrap, type BootstrapDeps } from '@daypass/core/bootstrap/apply.ts'
import { type BootstrapDocument, withAccount } from '@daypass/core/bootstrap/document.ts'
import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'
import { applyRootKey, findRootAccessKeyId } from '@daypass/core/bootstrap/root-key.ts'
import { newAccessKeyId, newSecretAccessKey } from '@daypass/core/credentials/random-names.ts'
import { ensureSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { type Settings, SettingsError } from './settings.ts'

export interface FirstKey {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
}

/**
 * Brings the table to what the settings and the bootstrap document say: the default account with its root key, the
 * document's entities, the issuer's own keys. `show` is told the root key when it is made now, and never again.
 */
export async function prepareAccounts(
  settings: Settings,
  deps: BootstrapDeps,
  show: (rootKey: FirstKey) => void,
): Promise<void> {
  const { accountId, rootKey } = settings
  await ensureSigningKeys(deps)
  const rootKeys = new Map(rootKey ? [[accountId, rootKey] as const] : [])
  await applyBootstrap(deps, withAccount(await readDocument(settings), accountId), { rootKeys })
  if ((await findRootAccessKeyId(deps, accountId)) !== undefined) return
  const made = { AccessKeyId: newAccessKeyId('AKIA'), SecretAccessKey: newSecretAccessKey() }
  await applyRootKey(deps, accountId, made)
  show(made)
}

async function readDocument({ bootstrap: path }: Settings): Promise<BootstrapDocument> {
  if (path === undefined) return { accounts: [] }
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new SettingsError(`DAYPASS_BOOTSTRAP names ${path}, which cannot be read.`, { cause })
  }
  return parseBootstrap(text)
}
