import type { KeyRing, RingKey } from './key-ring.ts'

const MOST = 1_000

/**
 * What sealed texts held, by the texts themselves: a text that was opened once holds the same for ever. Whether its key may
 * still open is asked of the ring each time. Only texts that opened are kept, so strangers fill nothing; the oldest leave.
 */
export class OpenedTexts<Content> {
  readonly #kept = new Map<string, { readonly key: RingKey; readonly content: Content }>()

  find(ring: KeyRing, text: string): Content | undefined {
    const known = this.#kept.get(text)
    if (!known) return undefined
    if (ring.findFresh(known.key.id) === known.key) return known.content
    this.#kept.delete(text)
    return undefined
  }

  /** `keyId` is that of the key which opened the text a moment ago. */
  keep(ring: KeyRing, keyId: string, text: string, content: Content): void {
    const key = ring.findFresh(keyId)
    if (!key) return
    this.#kept.set(text, { key, content })
    if (this.#kept.size > MOST) for (const oldest of this.#kept.keys()) return void this.#kept.delete(oldest)
  }
}
