/** A JSON value whose objects keep their order and whose numbers keep their spelling. */
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject

export type JsonObject = ReadonlyMap<string, JsonValue>

export interface JsonNumber {
  readonly literal: string
}

/** Why a text is no JSON, with the offset of the first character that does not fit. */
export class JsonSyntaxError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'JsonSyntaxError'
    this.offset = offset
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WHITE_SPACE = /[ \t\n\r]*/y
/** Everything from the space upwards, without the quotation mark and the backslash. */
const PLAIN_CHARACTERS = /[ !#-[\]-\uffff]*/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * Reads JSON (RFC 8259) and refuses what lenient parsers pass over: a member that occurs twice (the one that a reader
 * sees and the one that counts could differ), lone surrogates, and nesting deeper than `maxDepth`.
 */
export function parseStrictJson(text: string, maxDepth: number): JsonValue {
  if (!text.isWellFormed()) throw new JsonSyntaxError('lone surrogate', 0)
  const reader = new Reader(text, maxDepth)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  readonly #maxDepth: number
  #at = 0

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#maxDepth = maxDepth
  }

  value(depth: number): JsonValue {
    if (depth > this.#maxDepth) throw this.#error('too deep')
    this.#take(WHITE_SPACE)
    const character = this.#text[this.#at]
    if (character === '{') return this.#object(depth)
    if (character === '[') return this.#array(depth)
    if (character === '"') return this.#string()
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    const literal = this.#take(NUMBER)
    if (literal === '') throw this.#error('value expected')
    return { literal }
  }

  end(): void {
    this.#take(WHITE_SPACE)
    if (this.#at < this.#text.length) throw this.#error('text after the value')
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>()
    this.#at++
    if (this.#skip('}')) return members
    do {
      this.#take(WHITE_SPACE)
      if (this.#text[this.#at] !== '"') throw this.#error('member name expected')
      const name = this.#string()
      if (members.has(name)) throw this.#error('member occurs twice')
      if (!this.#skip(':')) throw this.#error('colon expected')
      members.set(name, this.value(depth + 1))
    } while (this.#skip(','))
    if (!this.#skip('}')) throw this.#error('end of object expected')
    return members
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = []
    this.#at++
    if (this.#skip(']')) return items
    do items.push(this.value(depth + 1))
    while (this.#skip(','))
    if (!this.#skip(']')) throw this.#error('end of array expected')
    return items
  }

  #string(): string {
    let value = ''
    this.#at++
    for (;;) {
      value += this.#take(PLAIN_CHARACTERS)
      const character = this.#text[this.#at]
      if (character === '"') break
      if (character !== '\\') throw this.#error('end of string expected')
      value += this.#escape()
    }
    this.#at++
    if (!value.isWellFormed()) throw this.#error('lone surrogate')
    return value
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.#error('four hexadecimal digits expected')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const character = ESCAPES[letter]
    if (character === undefined) throw this.#error('unknown escape')
    this.#at += 2
    return character
  }

  #skip(character: string): boolean {
    this.#take(WHITE_SPACE)
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const taken = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += taken.length
    return taken
  }

  #error(message: string): JsonSyntaxError {
    return new JsonSyntaxError(message, this.#at)
  }
}
