import type { DatabaseSync } from 'node:sqlite'
import type { Item, Key } from '../../port.ts'
import { applyChanges, decodeItem, encodeAttributes, holds } from '../attributes.ts'
import type { Outcome, Write } from './messages.ts'
import { rowChecksum } from './schema.ts'

/** So many expired items are removed in one transaction: other writes wait for no more than that. */
const SWEEP_BATCH = 200

/** The stored item is damaged. No write may build on it. */
class DamagedRow extends Error {}

/** Decides and applies single writes inside the caller's transaction. */
export function tableWrites(database: DatabaseSync) {
  const select = database.prepare('SELECT body, checksum FROM items WHERE pk = ? AND sk = ?')
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO items (pk, sk, body, checksum, expires_at) VALUES (?, ?, ?, ?, ?)',
  )
  const remove = database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?')
  const removeExpired = database.prepare(
    `DELETE FROM items WHERE (pk, sk) IN (SELECT pk, sk FROM items WHERE expires_at < ? LIMIT ${SWEEP_BATCH}) RETURNING pk, sk`,
  )

  function find(key: Key, pk: Buffer, sk: Buffer): Item | undefined {
    const row = select.get(pk, sk)
    if (row === undefined) return undefined
    const body = String(row.body)
    if (rowChecksum(pk, sk, body) !== row.checksum) throw new DamagedRow('a stored item is damaged')
    return decodeItem(key, body)
  }

  function save(pk: Buffer, sk: Buffer, body: string, expiresAt: number | undefined): void {
    upsert.run(pk, sk, body, rowChecksum(pk, sk, body), expiresAt ?? null)
  }

  function write(request: Write): Outcome {
    const [pk, sk] = [Buffer.from(request.pk), Buffer.from(request.sk)]
    const mustRead = request.condition !== undefined || request.kind === 'update'
    const item = mustRead ? find(request, pk, sk) : undefined
    if (!holds(request.condition, item)) return { kind: 'condition-failed' }
    switch (request.kind) {
      case 'put':
        save(pk, sk, request.body, request.expiresAt)
        return { kind: 'done' }
      case 'remove':
        remove.run(pk, sk)
        return { kind: 'done' }
      case 'update': {
        const { body, expiresAt } = encodeAttributes(applyChanges(request, item, request.changes))
        save(pk, sk, body, expiresAt)
        return { kind: 'updated', body }
      }
    }
  }

  return {
    /** Refusals are outcomes; what else goes wrong with the database is thrown and must end the transaction. */
    write(request: Write): Outcome {
      try {
        return write(request)
      } catch (error) {
        if (error instanceof RangeError || error instanceof TypeError)
          return { kind: 'refused', message: error.message }
        if (error instanceof DamagedRow) return { kind: 'failed', message: error.message }
        throw error
      }
    },

    sweep(expiredBefore: number): Outcome {
      const keys = removeExpired.all(expiredBefore).map(({ pk, sk }) => ({ pk: text(pk), sk: text(sk) }))
      return { kind: 'swept', keys }
    },
  }
}

function text(blob: unknown): string {
  return blob instanceof Uint8Array ? Buffer.from(blob).toString() : ''
}
