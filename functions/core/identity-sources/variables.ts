export type Environment = Readonly<Record<string, string | undefined>>

/** A variable of an identity source that cannot be used: one sentence that names it and says what to change. */
export class IdentitySourceError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'IdentitySourceError'
  }
}

/** Of a source without a suffix. */
export const DEFAULT_SOURCE = 'default'

/** One source's variables: their values by MinIO's key (`CONFIG_URL`), and their names as they are set. */
export interface SourceVariables {
  readonly name: string
  /** The value; `undefined` when the variable is absent or empty. */
  get(key: string): string | undefined
  /** The variable's name for a message: as it is set, else as it would be. */
  nameOf(key: string): string
}

interface Found {
  readonly values: Map<string, { readonly variable: string; readonly value: string }>
  suffix: string
}

/**
 * Groups `DAYPASS_<subsystem>_<KEY>[_<NAME>]` and its alias with `MINIO_` by source, in the order of their names; the first
 * name counts where both are set. Empty variables are absent. An unknown key is refused: a misspelt CLIENT_ID that was
 * ignored would let every client in. Throws IdentitySourceError.
 */
export function sourceVariables(env: Environment, subsystem: string, keys: readonly string[]): SourceVariables[] {
  const longestFirst = [...keys].sort((a, b) => b.length - a.length)
  const found = new Map<string, Found>()
  for (const prefix of [`DAYPASS_${subsystem}_`, `MINIO_${subsystem}_`]) {
    for (const [variable, value] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!variable.startsWith(prefix) || value === undefined || value === '') continue
      const rest = variable.slice(prefix.length)
      const key = longestFirst.find((each) => rest === each || rest.startsWith(`${each}_`))
      if (key === undefined)
        throw new IdentitySourceError(`${variable} is no setting of an identity source: check its name.`)
      const suffix = rest.slice(key.length + 1)
      const { name, values } = sourceOf(found, variable, rest === key ? undefined : suffix)
      if (!values.has(key)) values.set(key, { variable, value })
      else if (values.get(key)?.variable.startsWith(prefix)) {
        throw new IdentitySourceError(`${variable} is set twice for the source "${name}".`)
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { values, suffix }]) => ({
      name,
      get: (key) => values.get(key)?.value,
      nameOf: (key) => values.get(key)?.variable ?? `DAYPASS_${subsystem}_${key}${suffix === '' ? '' : `_${suffix}`}`,
    }))
}

function sourceOf(found: Map<string, Found>, variable: string, suffix: string | undefined) {
  const name = suffix?.toLowerCase() ?? DEFAULT_SOURCE
  if (suffix !== undefined && (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name) || name === DEFAULT_SOURCE)) {
    throw new IdentitySourceError(
      `${variable} must end in a name of at most 64 letters, digits, _ and - other than "${DEFAULT_SOURCE}".`,
    )
  }
  const known = found.get(name)
  if (known && known.suffix !== (suffix ?? '')) {
    throw new IdentitySourceError(`${variable} names the source "${name}" in another spelling than other variables.`)
  }
  const source = known ?? { values: new Map(), suffix: suffix ?? '' }
  found.set(name, source)
  return { name, values: source.values }
}

/** `on` or `off`, also in the other spellings that MinIO reads. Throws IdentitySourceError. */
export function switchOf(variables: SourceVariables, key: string): boolean | undefined {
  const value = variables.get(key)
  if (value === undefined) return undefined
  if (/^(?:on|true|1|enabled?|yes)$/i.test(value)) return true
  if (/^(?:off|false|0|disabled?|no)$/i.test(value)) return false
  throw new IdentitySourceError(`${variables.nameOf(key)} must be on or off.`)
}

/** An http or https URL without user, password and fragment. Throws IdentitySourceError. */
export function urlOf(variables: SourceVariables, key: string): string | undefined {
  const value = variables.get(key)
  if (value === undefined) return undefined
  const url = URL.parse(value)
  const plain = url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
  if (!plain) throw new IdentitySourceError(`${variables.nameOf(key)} must be an http or https URL.`)
  return value
}

/** The entries of a comma-separated list, without the space around them. */
export const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
