import type { KeyRing, Purpose } from '@daypass/core/credentials/key-ring.ts'
import { keyIdOf, open, seal } from '@daypass/core/credentials/seal.ts'
import type { Log } from '@daypass/core/deps.ts'
import { ConditionFailed, type Item, type Store } from '@daypass/core/store/port.ts'
import { SEALED_ATTRIBUTES } from './sealed-attributes.ts'

export interface ResealDeps {
  /** Every row that may hold something sealed by the long-term ring, with its sealed text and what that is bound to. */
  readonly rows: AsyncIterable<Item>
  readonly store: Pick<Store, 'update'>
  readonly longTermRing: KeyRing
  readonly log: Log
}

export interface Resealed {
  readonly seen: number
  readonly resealed: number
  /** Sealed by a key that the ring does not have, or damaged: nobody can open these. */
  readonly lost: number
}

/**
 * Seals with the key that seals now whatever an older key of the long-term ring has sealed, so that a key that leaked loses
 * its use once the table has been swept. A row that changes meanwhile is left as it is: whoever wrote it sealed it anew, and
 * if not the next sweep does. Rejects with StoreUnavailable when the table cannot be read or written to the end.
 */
export async function resealSecrets({ rows, store, longTermRing, log }: ResealDeps): Promise<Resealed> {
  const sealingKey = (await longTermRing.sealingKey()).id
  const count = { seen: 0, resealed: 0, lost: 0 }
  for await (const row of rows) {
    const found = sealedTextOf(row)
    if (!found) continue
    count.seen += 1
    const sealed = Buffer.from(found.text, 'base64')
    if (keyIdOf(sealed) === sealingKey) continue
    const plaintext = await open(longTermRing, found.purpose, found.boundTo, sealed)
    if (!plaintext) {
      count.lost += 1
      log.error({
        event: 'SealedSecretLost',
        kind: row.pk.split('#')[0],
        boundTo: found.boundTo,
        keyId: keyIdOf(sealed),
      })
      continue
    }
    const text = (await seal(longTermRing, found.purpose, found.boundTo, plaintext)).toString('base64')
    if (await replaced(store, row, { [found.attribute]: found.text }, { [found.attribute]: text })) count.resealed += 1
  }
  log.info({ event: 'SecretsResealed', ...count })
  return count
}

function sealedTextOf(row: Item) {
  const kind = row.pk.slice(0, row.pk.indexOf('#'))
  const place = Object.entries(SEALED_ATTRIBUTES).find(([, sealed]) => sealed.kind === kind)
  if (!place) return undefined
  const [purpose, { attribute, boundTo: boundToAttribute }] = place
  const [text, boundTo] = [row[attribute], row[boundToAttribute]]
  if (typeof text !== 'string' || typeof boundTo !== 'string') return undefined
  return { purpose: purpose as Purpose, attribute, text, boundTo }
}

async function replaced(
  store: Pick<Store, 'update'>,
  { pk, sk }: Item,
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    await store.update({ pk, sk }, { set: is }, { condition: { exists: true, equals: was } })
    return true
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}
