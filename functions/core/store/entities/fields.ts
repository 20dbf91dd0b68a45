import type { Item, Value } from '../port.ts'

/** A row does not have the shape that its kind must have: damage or a foreign writer, never a caller's fault. */
export class DamagedRecord extends Error {
  constructor(item: Item, field: string) {
    super(`a ${item.pk.split('#')[0]} record has no valid ${field}`)
    this.name = 'DamagedRecord'
  }
}

/** Reads attributes of one row with their types checked; throws DamagedRecord, so that nothing untyped gets further. */
export class Fields {
  readonly #item: Item

  constructor(item: Item) {
    this.#item = item
  }

  text(name: string): string {
    const value = this.#item[name]
    if (typeof value !== 'string') throw new DamagedRecord(this.#item, name)
    return value
  }

  optionalText(name: string): string | undefined {
    return this.#item[name] === undefined ? undefined : this.text(name)
  }

  number(name: string): number {
    const value = this.#item[name]
    if (typeof value !== 'number') throw new DamagedRecord(this.#item, name)
    return value
  }

  optionalNumber(name: string): number | undefined {
    return this.#item[name] === undefined ? undefined : this.number(name)
  }

  texts(name: string): readonly string[] {
    const value = this.#item[name] ?? []
    if (!isList(value) || !value.every((entry): entry is string => typeof entry === 'string')) {
      throw new DamagedRecord(this.#item, name)
    }
    return value
  }

  /** A map of texts, such as policy documents by name. */
  textMap(name: string): Readonly<Record<string, string>> {
    const value = this.#item[name] ?? {}
    if (!isTextMap(value)) throw new DamagedRecord(this.#item, name)
    return value
  }

  /** Tags in the order in which they were given: `[[key, value, …more values], …]`. */
  tags(name: string): readonly Tag[] {
    const value = this.#item[name] ?? []
    if (!isList(value)) throw new DamagedRecord(this.#item, name)
    return value.map((entry) => {
      if (!isList(entry)) throw new DamagedRecord(this.#item, name)
      const [key, ...values] = entry
      if (typeof key !== 'string' || !values.every((v): v is string => typeof v === 'string')) {
        throw new DamagedRecord(this.#item, name)
      }
      return { key, values }
    })
  }
}

/** Several values occur only in Ceph-style accounts. */
export interface Tag {
  readonly key: string
  readonly values: readonly string[]
}

export const storedTags = (tags: readonly Tag[]): Value => tags.map(({ key, values }) => [key, ...values])

/** Drops members that are `undefined`: a row has no such thing. */
export function present(attributes: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const kept: Record<string, Value> = {}
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

function isTextMap(value: Value): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isList(value) &&
    Object.values(value).every((v) => typeof v === 'string')
  )
}
