import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { CredentialScope } from './signature.ts'

const LIMIT = 1_000

/**
 * Signing keys that have proven themselves, by scope and secret: a key follows from these alone, so what is kept is
 * immutable, and a changed secret finds nothing. Secrets that are in use lie in memory anyway (sealed-secret.ts).
 */
const kept = new Map<string, KeyObject>()

interface SigningKey {
  readonly key: KeyObject
  /** Keeps the key for the next request; called only after it has verified a signature, so that strangers fill nothing. */
  keep(): void
}

/** The key that signs within one scope (IAM User Guide, "Derive a signing key for SigV4"). */
export function signingKey(secretAccessKey: string, scope: CredentialScope): SigningKey {
  const id = `${scope.date}/${scope.region}/${scope.service}/${secretAccessKey}`
  const found = kept.get(id)
  const key = found ?? deriveSigningKey(secretAccessKey, scope)
  return {
    key,
    keep() {
      // While there is room for as many again, the order in which they would leave is nobody's concern.
      if (found && kept.size <= LIMIT / 2) return
      kept.delete(id)
      kept.set(id, key)
      if (kept.size > LIMIT) for (const oldest of kept.keys()) return void kept.delete(oldest)
    },
  }
}

function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): KeyObject {
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`)
  for (const part of [scope.date, scope.region, scope.service, 'aws4_request']) {
    key = createHmac('sha256', key).update(part).digest()
  }
  return createSecretKey(key)
}
