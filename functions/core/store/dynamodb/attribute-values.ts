import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item, Key, Value } from '../port.ts'

export type AttributeMap = Record<string, AttributeValue>

/**
 * The attribute that names the conditional write an item came from, so that a writer whose answer was lost can tell its
 * own write from another's. No name of a caller is like it, and no caller sees it.
 */
export const WRITE_ID = '~writeId'

/** An answer that DynamoDB cannot have meant. It says nothing about what is stored. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer'
}

/** The key alone, in the wire's form. */
export const toKey = ({ pk, sk }: Key): AttributeMap => ({ pk: { S: pk }, sk: { S: sk } })

/** A whole item in the wire's form, without its undefined attributes. Throws RangeError for what DynamoDB cannot keep. */
export function toAttributeMap(item: Readonly<Record<string, Value | undefined>>): AttributeMap {
  const present = Object.entries(item).filter((entry): entry is [string, Value] => entry[1] !== undefined)
  return Object.fromEntries(present.map(([name, value]) => [toName(name), toAttributeValue(value)]))
}

/**
 * Throws RangeError for a number outside of DynamoDB's range (1e-130 … 9.99e125) and for text with lone surrogates, which
 * would come back as something else.
 */
export function toAttributeValue(value: Value): AttributeValue {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: wellFormed(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (typeof value === 'number') return { N: toNumber(value) }
  if (isList(value)) return { L: value.map(toAttributeValue) }
  return { M: toAttributeMap(value) }
}

/**
 * A name of the caller in the wire's form: well formed, never empty (which DynamoDB refuses), never `__proto__` (which
 * JavaScript servers lose) and never one of ours. Those that are get a tilde before them, as does what starts with one.
 */
export function toName(name: string): string {
  const plain = name !== '' && name !== '__proto__' && !name.startsWith('~')
  return wellFormed(plain ? name : `~${name}`)
}

const fromName = (name: string): string => (name.startsWith('~') ? name.slice(1) : name)

/** The item that an answer holds, without its write id. Throws MalformedAnswer for anything but an item of our making. */
export function toItem(attributes: AttributeMap): Item {
  const { [WRITE_ID]: _ours, ...theirs } = attributes
  const item = fromAttributeMap(theirs)
  if (typeof item.pk !== 'string' || typeof item.sk !== 'string') throw new MalformedAnswer('an item without its key')
  return item as Item
}

function fromAttributeMap(attributes: AttributeMap): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [fromName(name), fromAttributeValue(value)]),
  )
}

function fromAttributeValue(value: AttributeValue): Value {
  if (value.S !== undefined) return value.S
  if (value.N !== undefined) return Number(value.N)
  if (value.BOOL !== undefined) return value.BOOL
  if (value.NULL !== undefined) return null
  if (value.L !== undefined) return value.L.map(fromAttributeValue)
  if (value.M !== undefined) return fromAttributeMap(value.M)
  throw new MalformedAnswer('a value of a type that is never written')
}

function toNumber(value: number): string {
  const size = Math.abs(value)
  if (!(size === 0 || (size >= 1e-130 && size <= 9.99e125))) throw new RangeError('a number out of range')
  return String(value)
}

function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('text that is not well-formed Unicode')
  return text
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)
