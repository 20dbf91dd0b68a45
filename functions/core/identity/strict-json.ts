import { isAscii, isUtf8 } from 'node:buffer'

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

/**
 * JSON that every parser reads alike: valid UTF-8 without a byte order mark, no member twice, no lone surrogate in a string
 * (it would become the same U+FFFD as any other), no number beyond a double, at most 32 levels. Throws NotStrictJson.
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  let text: string
  let value: Json
  try {
    text = decodeUtf8(bytes)
    value = JSON.parse(text)
  } catch {
    throw new NotStrictJson('it is no valid JSON in UTF-8')
  }
  // In valid UTF-8 only an escape can make a lone surrogate.
  const members = countMembers(value, 0, text.includes('\\u'))
  // JSON.parse keeps the last of two equal members, so fewer members than colons means that one occurred twice.
  if (members !== countColons(text)) throw new NotStrictJson('it has a member twice')
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

/** A byte order mark stays in the text, where JSON has no place for it. */
function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new NotStrictJson('it is no valid UTF-8')
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

/** Counts the members of all objects within, and checks every value and name on the way. */
function countMembers(value: Json, depth: number, escapes: boolean): number {
  if (typeof value === 'string') {
    if (escapes && !value.isWellFormed()) throw new NotStrictJson('it has a lone surrogate')
    return 0
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new NotStrictJson('it has a number out of range')
  if (typeof value !== 'object' || value === null) return 0
  if (depth >= MAX_DEPTH) throw new NotStrictJson(`it is nested more than ${MAX_DEPTH} levels deep`)
  let members = 0
  if (Array.isArray(value)) {
    for (const element of value) members += countMembers(element, depth + 1, escapes)
    return members
  }
  for (const name of Object.keys(value)) {
    if (escapes && !name.isWellFormed()) throw new NotStrictJson('it has a lone surrogate')
    members += 1 + countMembers((value as JsonObject)[name] as Json, depth + 1, escapes)
  }
  return members
}

/** Colons outside of strings; the text is known to be JSON. */
function countColons(text: string): number {
  let colons = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x3a) colons += 1
    if (character === 0x22) at = endOfString(text, at)
  }
  return colons
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslash = end
    while (text.charCodeAt(backslash - 1) === 0x5c) backslash -= 1
    if ((end - backslash) % 2 === 0) return end
  }
}
