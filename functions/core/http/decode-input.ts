import { StsError } from '../errors.ts'
import type { ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape } from '../model/types.ts'
import { describeRules, integerRules, isLongerThan, lowerFirst, textRules, Violations } from './constraints.ts'
import { parseBoolean, parseInteger, parseTimestamp } from './decode-value.ts'
import type { Params } from './params.ts'

/** What was sent for one member: a value of its own, and values below it (`Tags.member.1.Key` is below `Tags`). */
interface Sent {
  value?: string
  below?: [name: string, value: string][]
}

/** Reads one member; `undefined` when it was not sent. `path` is its name in AWS's messages, `name` on the wire. */
type Reader = (sent: Sent, at: Place, violations: Violations) => unknown

interface Place {
  readonly name: string
  readonly path: string
}

/**
 * Compiles a model into a parser of its operation's input: typed values by the shapes (text, integer, boolean, Date,
 * Buffer, list, structure, map), checked against every limit. Throws ValidationError in AWS's words with everything that
 * is wrong, or MalformedInput when a value does not have the shape's form at all. Parameters that the operation does not
 * know are ignored, as AWS ignores them; a known one in a wrong form never is, since it may be a restriction.
 */
export function compileInput(model: OperationModel): (params: Params) => Readonly<Record<string, unknown>> {
  if (model.input === undefined) return () => ({})
  const read = compile(model, model.input)
  return (params) => {
    const violations = new Violations()
    const input = read({ below: [...params] }, { name: '', path: '' }, violations)
    violations.throwIfAny()
    return input as Readonly<Record<string, unknown>>
  }
}

function compile(model: OperationModel, name: string, known = new Map<string, Reader>()): Reader {
  const found = known.get(name)
  if (found) return found
  const shape = model.shapes[name]
  if (!shape) throw new Error(`${model.name}: the model has no shape ${name}`)
  const reader = readerOf(shape, model, (each) => compile(model, each, known))
  known.set(name, reader)
  return reader
}

function readerOf(shape: Shape, model: OperationModel, compiled: (name: string) => Reader): Reader {
  switch (shape.type) {
    case 'structure':
      return structureReader(shape, compiled)
    case 'list': {
      const element = model.shapes[shape.member]
      return element?.type === 'string' ? textListReader(shape, element) : listReader(shape, compiled(shape.member))
    }
    case 'map':
      return mapReader(shape, compiled(shape.key), compiled(shape.value))
    case 'string':
      return scalarReader(stringReader(shape))
    case 'integer': {
      const rules = integerRules(shape)
      return scalarReader((text, at, violations) => {
        const value = parseInteger(text, at.name)
        for (const rule of rules(value)) violations.add(at.path, rule, String(value))
        return value
      })
    }
    case 'boolean':
      return scalarReader((text, at) => parseBoolean(text, at.name))
    case 'timestamp':
      return scalarReader((text, at) => parseTimestamp(text, at.name))
    case 'blob':
      return scalarReader((text) => Buffer.from(text, 'base64'))
  }
}

function scalarReader(read: (text: string, at: Place, violations: Violations) => unknown): Reader {
  return (sent, at, violations) => {
    if (sent.below) throw new StsError('MalformedInput', `${at.name} takes a single value`)
    return sent.value === undefined ? undefined : read(sent.value, at, violations)
  }
}

function stringReader(shape: StringShape): (text: string, at: Place, violations: Violations) => string {
  const rules = textRules(shape)
  return (text, at, violations) => {
    for (const rule of rules(text)) violations.add(at.path, rule, shape.sensitive ? undefined : text)
    if (shape.tooLong !== undefined && shape.max !== undefined && isLongerThan(text, shape.max)) {
      violations.addOther(new StsError(shape.tooLong, `${at.name} may have at most ${shape.max} characters`))
    }
    // Five parts are enough, so that MinIO's documented placeholder arn:xxx:xxx:xxx:xxxx passes.
    if (shape.format === 'arn' && !/^arn:(?:[^:]*:){3}./s.test(text)) {
      violations.addOther(new StsError('ValidationError', `${at.name} must be an ARN`))
    }
    return text
  }
}

function structureReader(shape: StructureShape, compiled: (name: string) => Reader): Reader {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    path: lowerFirst(name),
    required: shape.required.includes(name),
    read: compiled(member),
  }))
  return (sent, at, violations) => {
    if (sent.value !== undefined) throw new StsError('MalformedInput', `${at.name} takes named members`)
    if (!sent.below) return undefined
    const fields = byFirstName(sent.below)
    const value: Record<string, unknown> = {}
    for (const { name, path, required, read } of members) {
      const field = fields.get(name)
      if (field === undefined && !required) continue
      const place = at.path === '' ? { name, path } : { name: `${at.name}.${name}`, path: `${at.path}.${path}` }
      const member = field && read(field, place, violations)
      if (member !== undefined) value[name] = member
      else if (required) violations.addNull(place.path)
    }
    return value
  }
}

/** Elements by their number; gaps are closed, as nothing that was sent may be dropped. `List=` is the empty list (botocore). */
function listReader(shape: ListShape, read: Reader): Reader {
  return (sent, at, violations) => {
    if (shape.refused) {
      violations.add(at.path, 'Member must be null')
      return undefined
    }
    const elements = numbered(sent, at, 'member').map(([number, element]) => {
      const place = { name: `${at.name}.member.${number}`, path: `${at.path}.${number}.member` }
      return read(element, place, violations)
    })
    checkSize(shape, elements.length, at, violations)
    return elements
  }
}

/** AWS speaks of a list of texts as a whole: one violation, which names every rule of the elements. */
function textListReader(shape: ListShape, element: StringShape): Reader {
  const rules = textRules(element)
  const silent = scalarReader((text) => text)
  const all = describeRules(element)
  return (sent, at, violations) => {
    const elements = numbered(sent, at, 'member').map(([number, each]) => {
      const place = { name: `${at.name}.member.${number}`, path: `${at.path}.${number}.member` }
      return String(silent(each, place, violations))
    })
    checkSize(shape, elements.length, at, violations)
    if (elements.some((text) => rules(text).length > 0)) {
      violations.add(at.path, all, element.sensitive ? undefined : `[${elements.join(', ')}]`)
    }
    return elements
  }
}

/** Entries `Map.entry.1.key`, `Map.entry.1.value`. The object has no prototype, so that any key is a plain key. */
function mapReader(shape: MapShape, readKey: Reader, readValue: Reader): Reader {
  return (sent, at, violations) => {
    const value: Record<string, unknown> = Object.create(null)
    const entries = numbered(sent, at, 'entry')
    for (const [number, entry] of entries) {
      const fields = byFirstName(entry.below ?? [])
      const place = { name: `${at.name}.entry.${number}`, path: `${at.path}.${number}` }
      const key = readKey(fields.get('key') ?? {}, place, violations)
      const member = readValue(fields.get('value') ?? {}, place, violations)
      if (typeof key !== 'string' || member === undefined) {
        throw new StsError('MalformedInput', `${place.name} needs a key and a value`)
      }
      if (key in value) throw new StsError('MalformedInput', `${at.name} has a key twice`)
      value[key] = member
    }
    checkSize(shape, entries.length, at, violations)
    return value
  }
}

function checkSize({ min, max }: ListShape | MapShape, size: number, at: Place, violations: Violations): void {
  if (max !== undefined && size > max) {
    violations.add(at.path, `Member must have length less than or equal to ${max}`)
  }
  if (min !== undefined && size < min) {
    violations.add(at.path, `Member must have length greater than or equal to ${min}`)
  }
}

function byFirstName(sent: readonly [string, string][]): Map<string, Sent> {
  const fields = new Map<string, Sent>()
  for (const [name, value] of sent) {
    const dot = name.indexOf('.')
    const first = dot === -1 ? name : name.slice(0, dot)
    const field = fields.get(first) ?? {}
    fields.set(first, field)
    if (dot === -1) field.value = value
    else if (field.below) field.below.push([name.slice(dot + 1), value])
    else field.below = [[name.slice(dot + 1), value]]
  }
  return fields
}

function numbered(sent: Sent, at: Place, word: 'member' | 'entry'): [number, Sent][] {
  if (sent.value) throw new StsError('MalformedInput', `${at.name} is sent as ${at.name}.${word}.1 and so on`)
  const items = byFirstName(sent.below ?? [])
  const elements = byFirstName(items.get(word)?.below ?? [])
  if (items.size > 1 || (items.size === 1 && elements.size === 0) || items.get(word)?.value !== undefined) {
    throw new StsError('MalformedInput', `${at.name} is sent as ${at.name}.${word}.1 and so on`)
  }
  const list: [number, Sent][] = []
  for (const [number, element] of elements) {
    if (!/^[1-9][0-9]{0,8}$/.test(number)) {
      throw new StsError('MalformedInput', `${at.name}.${word} is numbered from 1`)
    }
    list.push([Number(number), element])
  }
  return list.sort(([a], [b]) => a - b)
}
