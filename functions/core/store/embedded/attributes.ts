import type { Changes, Condition, Item, Key, Value } from '../port.ts'

/** DynamoDB's limit on an item; kept here too, so that what works on one adapter works on all. */
const MAX_ITEM_BYTES = 400 * 1024

export interface Encoded {
  /** JSON of every attribute but the key. */
  readonly body: string
  readonly expiresAt: number | undefined
}

/**
 * The text that is kept of an item. It comes back exactly: lone surrogates are escaped by JSON, a member named
 * `__proto__` stays a member. Refuses (TypeError) what JSON would change silently, such as NaN, and (RangeError) an item
 * over 400 KiB or with an `expiresAt` that is no number.
 */
export function encodeAttributes(item: Item): Encoded {
  for (const name in item) if (item[name] !== undefined) checkValue(item[name])
  const { expiresAt } = item
  if (expiresAt !== undefined && typeof expiresAt !== 'number') throw new RangeError('expiresAt must be a number')
  const body = JSON.stringify({ ...item, pk: undefined, sk: undefined })
  if (body.length * 3 > MAX_ITEM_BYTES && Buffer.byteLength(body) > MAX_ITEM_BYTES) {
    throw new RangeError(`an item of more than ${MAX_ITEM_BYTES} bytes`)
  }
  return { body, expiresAt }
}

/** The item that `encodeAttributes` kept, as a copy of the caller's own. */
export function decodeItem({ pk, sk }: Key, body: string): Item {
  const item: { [attribute: string]: Value } & { pk: string; sk: string } = JSON.parse(body)
  item.pk = pk
  item.sk = sk
  return item
}

/** Whether a write may happen, given the stored item. */
export function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (condition === undefined) return true
  if (!condition.exists) return item === undefined
  if (item === undefined) return false
  return Object.entries(condition.equals ?? {}).every(([name, value]) =>
    value === null ? !Object.hasOwn(item, name) : Object.hasOwn(item, name) && item[name] === value,
  )
}

/** The item after the changes; `item` is undefined when there is none yet. Refuses (RangeError) to add to what is no number. */
export function applyChanges({ pk, sk }: Key, item: Item | undefined, changes: Changes): Item {
  const attributes = new Map<string, Value | undefined>(Object.entries(item ?? {}))
  for (const [name, value] of Object.entries(changes.set ?? {})) attributes.set(name, value)
  for (const name of changes.remove ?? []) attributes.delete(name)
  for (const [name, amount] of Object.entries(changes.add ?? {})) {
    const before = attributes.has(name) ? attributes.get(name) : 0
    if (typeof before !== 'number') throw new RangeError('an update can only add to a number')
    attributes.set(name, before + amount)
  }
  return { ...Object.fromEntries(attributes), pk, sk }
}

function checkValue(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return
  if (typeof value !== 'object') throw new TypeError('an attribute holds what JSON cannot')
  if (Array.isArray(value)) for (const inner of value) checkValue(inner)
  else for (const name of Object.keys(value)) checkValue((value as Record<string, unknown>)[name])
}
