export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json
}

/** The text is no JSON that two parsers must read alike. */
export class NotStrictJson extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotStrictJson'
  }
}

const MAX_DEPTH = 32
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * JSON that every parser reads alike: valid UTF-8 without a byte order mark, no member twice, no lone surrogate in a string
 * (it would become the same U+FFFD as any other), no number beyond a double, at most 32 levels. Throws NotStrictJson.
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  let text: string
  let value: Json
  try {
    text = strictUtf8.decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw new NotStrictJson('it is no valid JSON in UTF-8')
  }
  // JSON.parse keeps the last of two equal members, so fewer members than colons means that one occurred twice.
  if (countMembers(value, 0) !== countColons(text)) throw new NotStrictJson('it has a member twice')
  return value
}

/** As parseStrictJson, when nothing but an object will do. */
export function parseStrictJsonObject(bytes: Uint8Array): JsonObject {
  const value = parseStrictJson(bytes)
  if (!isJsonObject(value)) throw new NotStrictJson('it is no JSON object')
  return value
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of the object itself: `constructor` and its like are absent unless the document has them. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

function countMembers(value: Json, depth: number): number {
  if (typeof value === 'string' && !value.isWellFormed()) throw new NotStrictJson('it has a lone surrogate')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new NotStrictJson('it has a number out of range')
  if (typeof value !== 'object' || value === null) return 0
  if (depth >= MAX_DEPTH) throw new NotStrictJson(`it is nested more than ${MAX_DEPTH} levels deep`)
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + countMembers(element, depth + 1), 0)
  return Object.entries(value).reduce(
    (sum, [name, child]) => sum + 1 + countMembers(name, depth) + countMembers(child, depth + 1),
    0,
  )
}

/** Colons outside of strings; the text is known to be JSON. */
function countColons(text: string): number {
  let colons = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x3a) colons += 1
    if (character !== 0x22) continue
    for (at += 1; text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at += 1
  }
  return colons
}
