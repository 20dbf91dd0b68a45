import type { BootstrapAccessKey } from '@daypass/core/bootstrap/document.ts'
import { newAccessKeyId, newSecretAccessKey } from '@daypass/core/credentials/random-names.ts'
import { ensureSecret, type Secrets } from './secrets.ts'

/**
 * The default account's root access key as its secret holds it, made at the first deploy. A key that the document names is
 * put into the secret, so that the secret always shows the key in force; a value that an operator wrote into it is kept.
 */
export async function ensureRootKey(
  secrets: Secrets,
  arn: string,
  wanted: BootstrapAccessKey | undefined,
): Promise<BootstrapAccessKey> {
  const make = () => wanted ?? { AccessKeyId: newAccessKeyId('AKIA'), SecretAccessKey: newSecretAccessKey() }
  const kept = parseRootKey(await ensureSecret(secrets, arn, () => JSON.stringify(make())))
  if (!wanted || (kept.AccessKeyId === wanted.AccessKeyId && kept.SecretAccessKey === wanted.SecretAccessKey))
    return kept
  await secrets.replace(arn, JSON.stringify(wanted))
  return wanted
}

/** Throws an error that names the flaw and never the content. */
function parseRootKey(text: string): BootstrapAccessKey {
  let key: Partial<Record<keyof BootstrapAccessKey, unknown>> | null
  try {
    key = JSON.parse(text)
  } catch {
    throw new Error('The root access key secret is not JSON')
  }
  const { AccessKeyId, SecretAccessKey } = key ?? {}
  if (typeof AccessKeyId !== 'string' || !AccessKeyId || typeof SecretAccessKey !== 'string' || !SecretAccessKey) {
    throw new Error('The root access key secret must hold {"AccessKeyId", "SecretAccessKey"}')
  }
  return { AccessKeyId, SecretAccessKey }
}
