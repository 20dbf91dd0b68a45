import type { OperationModel, StructureShape } from '../model/types.ts'
import { xmlText } from './xml-text.ts'

/** XML is what SDKs read; JSON is AWS's other form, for `Accept: application/json`. */
export type Format = 'xml' | 'json'

/** Renders what an action returned, for both formats: the inside of the Result element, and a JSON value. */
interface Writer {
  xml(value: unknown): string
  json(value: unknown): unknown
}

/**
 * Compiles a model into a renderer of its operation's Result. A value that does not fit the model is a bug of the action
 * and throws: a member that the model does not know, one that is required and missing, a wrong type, an empty ARN.
 */
export function compileOutput(model: OperationModel): Writer | undefined {
  return model.output === undefined ? undefined : compile(model, model.output, model.name)
}

function compile(model: OperationModel, name: string, path: string): Writer {
  const shape = model.shapes[name]
  switch (shape?.type) {
    case 'structure':
      return structureWriter(shape, path, (member, at) => compile(model, member, at))
    case 'list':
      return listWriter(path, compile(model, shape.member, `${path}.member`))
    case 'map':
      return mapWriter(path, compile(model, shape.value, `${path}.value`))
    case 'string':
      return { json: (value) => text(value, name, path), xml: (value) => xmlText(text(value, name, path)) }
    case 'integer':
      return scalar(path, (value) => (Number.isSafeInteger(value) ? Number(value) : undefined), String)
    case 'boolean':
      return scalar(path, (value) => (typeof value === 'boolean' ? value : undefined), String)
    case 'timestamp':
      return scalar(path, wholeSeconds, isoText)
    case 'blob':
      return scalar(
        path,
        (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined),
        String,
      )
    case undefined:
      throw new Error(`${path}: the model has no shape ${name}`)
  }
}

function scalar<T>(path: string, json: (value: unknown) => T | undefined, xml: (value: T) => string): Writer {
  const checked = (value: unknown) => {
    const rendered = json(value)
    if (rendered === undefined) throw new TypeError(`${path} has a value of the wrong type`)
    return rendered
  }
  return { json: checked, xml: (value) => xml(checked(value)) }
}

function text(value: unknown, shape: string, path: string): string {
  if (typeof value !== 'string') throw new TypeError(`${path} has a value of the wrong type`)
  if (value === '' && shape === 'arnType') throw new TypeError(`${path} is an empty ARN`)
  return value
}

const wholeSeconds = (value: unknown) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? Math.floor(value.getTime() / 1000) : undefined

let last = { seconds: Number.NaN, text: '' }

/** ISO 8601 without a fraction; sessions that are made in one second mostly end in one, too, and share the text. */
function isoText(seconds: number): string {
  if (seconds !== last.seconds) last = { seconds, text: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') }
  return last.text
}

function structureWriter(
  shape: StructureShape,
  path: string,
  compiled: (member: string, at: string) => Writer,
): Writer {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    open: `<${name}>`,
    close: `</${name}>`,
    writer: compiled(member, `${path}.${name}`),
  }))
  const known = new Set(members.map(({ name }) => name))
  const fields = (value: unknown) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${path} has a value of the wrong type`)
    const record = value as Readonly<Record<string, unknown>>
    for (const name in record) {
      if (!known.has(name) && record[name] !== undefined) throw new TypeError(`${path} has no member ${name}`)
    }
    for (const name of shape.required) {
      if (record[name] === undefined) throw new TypeError(`${path}.${name} is missing`)
    }
    return record
  }
  return {
    xml(value) {
      const record = fields(value)
      let xml = ''
      for (const { name, open, close, writer } of members) {
        const member = record[name]
        if (member !== undefined) xml += open + writer.xml(member) + close
      }
      return xml
    },
    json(value) {
      const record = fields(value)
      const present = members.filter(({ name }) => record[name] !== undefined)
      return Object.fromEntries(present.map(({ name, writer }) => [name, writer.json(record[name])]))
    },
  }
}

function listWriter(path: string, element: Writer): Writer {
  const items = (value: unknown): readonly unknown[] => {
    if (!Array.isArray(value)) throw new TypeError(`${path} has a value of the wrong type`)
    return value
  }
  return {
    xml: (value) => items(value).reduce<string>((xml, each) => `${xml}<member>${element.xml(each)}</member>`, ''),
    json: (value) => items(value).map((each) => element.json(each)),
  }
}

function mapWriter(path: string, entry: Writer): Writer {
  const entries = (value: unknown) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${path} has a value of the wrong type`)
    return Object.entries(value)
  }
  return {
    xml: (value) =>
      entries(value)
        .map(([key, each]) => `<entry><key>${xmlText(key)}</key><value>${entry.xml(each)}</value></entry>`)
        .join(''),
    json: (value) => Object.fromEntries(entries(value).map(([key, each]) => [key, entry.json(each)])),
  }
}
