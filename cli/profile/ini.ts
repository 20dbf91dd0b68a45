import { ProgramError } from '../../samples/shared/program.ts'

/** What a section may be called, in whatever spelling the AWS tools take. */
export type IsHeader = (header: string) => boolean

/** The members to have afterwards; `undefined` takes one away. */
export type Changes = Readonly<Record<string, string | undefined>>

interface Range {
  /** The header's line. */
  readonly at: number
  /** The line after the section's last one. */
  readonly end: number
}

/** The members of one section by their names in lower case, or undefined where there is no such section. */
export function readSection(text: string, isHeader: IsHeader): ReadonlyMap<string, string> | undefined {
  const lines = linesOf(text)
  const range = find(lines, isHeader)
  if (!range) return undefined
  const members = lines.slice(range.at + 1, range.end).map(memberOf)
  return new Map(members.filter((member) => member !== undefined))
}

/**
 * Changes members of one section and leaves every other byte of the file as it is; a section that is not there is added at
 * the end, under `header`. Names and values must have been checked to stay in their line.
 */
export function changeSection(text: string, isHeader: IsHeader, header: string, changes: Changes): string {
  const lines = linesOf(text)
  const eol = lines[0]?.endsWith('\r\n') ? '\r\n' : '\n'
  const written = (name: string, value: string) => `${name} = ${value}${eol}`
  const range = find(lines, isHeader)
  if (!range) {
    const members = Object.entries(changes).flatMap(([name, value]) =>
      value === undefined ? [] : [written(name, value)],
    )
    const gap = text === '' ? '' : /\n$/.test(text) ? eol : eol + eol
    return `${text}${gap}[${header}]${eol}${members.join('')}`
  }
  const missing = new Map(Object.entries(changes))
  const kept: string[] = []
  let lastMember = 0
  for (const line of lines.slice(range.at + 1, range.end)) {
    const [name] = memberOf(line) ?? []
    if (name === undefined || !Object.hasOwn(changes, name)) {
      kept.push(line)
    } else {
      const value = missing.get(name)
      missing.delete(name)
      if (value !== undefined) kept.push(written(name, value))
    }
    // A line that is indented goes on with the member before it.
    if (kept.at(-1) === line ? name !== undefined || /^[ \t]+\S/.test(line) : name !== undefined)
      lastMember = kept.length
  }
  const added = [...missing].flatMap(([name, value]) => (value === undefined ? [] : [written(name, value)]))
  const before = lines.slice(0, range.at + 1).concat(kept.slice(0, lastMember))
  const last = before.at(-1) ?? ''
  if (added.length > 0 && !last.endsWith('\n')) before[before.length - 1] = last + eol
  return [...before, ...added, ...kept.slice(lastMember), ...lines.slice(range.end)].join('')
}

/** Takes these members away, and the header with them where no other is left. Comments stay. */
export function removeFromSection(text: string, isHeader: IsHeader, names: readonly string[]): string {
  const lines = linesOf(text)
  const range = find(lines, isHeader)
  if (!range) return text
  const isOurs = (line: string) => names.includes(memberOf(line)?.[0] ?? '')
  const kept = lines.slice(range.at + 1, range.end).filter((line) => !isOurs(line))
  const before = lines.slice(0, range.at)
  if (kept.some((line) => memberOf(line) || /^[ \t]+\S/.test(line))) before.push(lines[range.at] ?? '')
  // The line that changeSection had put between this section and the one before.
  else if (/^\r?\n$/.test(before.at(-1) ?? '')) before.pop()
  return [...before, ...kept, ...lines.slice(range.end)].join('')
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function find(lines: readonly string[], isHeader: IsHeader): Range | undefined {
  const headers = lines.flatMap((line, at) => {
    const [, header] = /^\[([^\]]*)\]/.exec(line) ?? []
    return header === undefined ? [] : [{ at, header: header.trim() }]
  })
  const found = headers.filter(({ header }) => isHeader(header))
  const [one] = found
  if (!one) return undefined
  if (found.length > 1) throw new ProgramError(`The file has the section [${one.header}] twice: join them first.`)
  return { at: one.at, end: headers.find(({ at }) => at > one.at)?.at ?? lines.length }
}

/** A member stands at the beginning of its line: `name = value`. */
function memberOf(line: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^([^\s=#;[][^=]*?)[ \t]*=[ \t]*(.*?)[ \t]*\r?\n?$/.exec(line) ?? []
  return name === undefined || value === undefined ? undefined : [name.toLowerCase(), value]
}
