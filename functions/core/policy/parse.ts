import type { ParsedPolicy, PolicyKind, PolicyVersion, Statement } from './document.ts'
import type { Dialect } from './principal.ts'
import { isIdentityLike, malformed, syntaxError } from './refusal.ts'
import { parseStatement } from './statement.ts'
import { JsonSyntaxError, type JsonValue, parseStrictJson } from './strict-json.ts'

export type { PolicyKind } from './document.ts'

export interface ParseOptions {
  readonly kind: PolicyKind
  /** The dialect of the account that owns the policy; AWS's rules when absent. */
  readonly dialect?: Dialect
  /** Managed policies must be of version 2012-10-17. */
  readonly minimumVersion?: PolicyVersion
}

/** botocore's limit of every policy document parameter; the quotas of single actions are lower. */
const MAX_LENGTH = 131_072
const MAX_DEPTH = 12
const MEMBERS: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement'])
const VERSIONS: readonly PolicyVersion[] = ['2008-10-17', '2012-10-17']

/**
 * Checks and compiles a policy document (AWS: IAM JSON policy elements reference). What it returns grants nothing by
 * itself and names principals that nobody looked up. Throws `MalformedPolicyDocument` in AWS's words, nothing else.
 */
export function parsePolicy(text: string, options: ParseOptions): ParsedPolicy {
  const { kind, dialect = 'aws' } = options
  const document = parseDocument(text, kind)
  for (const member of document.keys()) {
    if (!MEMBERS.has(member)) throw syntaxError(kind, `unknown element ${member}`)
  }
  const id = document.get('Id')
  if (id !== undefined && typeof id !== 'string') throw syntaxError(kind, 'Id is no string')
  const version = parseVersion(document.get('Version'), kind)
  const sources = statementSources(document.get('Statement'), kind)
  const variables = version === '2012-10-17'
  const statements = sources.map((source, index) => parseStatement(source, index, { kind, dialect, variables }))
  requireUniqueSids(statements, kind)
  if (options.minimumVersion === '2012-10-17' && version !== '2012-10-17') {
    throw malformed('Policy document must be version 2012-10-17 or greater.')
  }
  return Object.freeze({ kind, version, ...(id !== undefined && { id }), statements: Object.freeze(statements) })
}

function parseDocument(text: string, kind: PolicyKind): ReadonlyMap<string, JsonValue> {
  if (text.length > MAX_LENGTH) throw malformed(`The policy is longer than ${MAX_LENGTH} characters.`)
  try {
    const document = parseStrictJson(text, MAX_DEPTH)
    if (document instanceof Map) return document
    throw syntaxError(kind, 'the document is no object')
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const reason = `${error.message} at ${error.offset}`
    throw isIdentityLike(kind) ? syntaxError(kind, reason) : malformed('This policy contains invalid Json', reason)
  }
}

function parseVersion(version: JsonValue | undefined, kind: PolicyKind): PolicyVersion {
  if (version === undefined) return '2008-10-17'
  const known = VERSIONS.find((candidate) => candidate === version)
  if (known) return known
  if (isIdentityLike(kind)) throw syntaxError(kind, 'unknown version')
  throw malformed('The policy must contain a valid version string')
}

function statementSources(statement: JsonValue | undefined, kind: PolicyKind): readonly JsonValue[] {
  const sources = statement instanceof Map ? [statement] : Array.isArray(statement) ? statement : []
  if (sources.length > 0) return sources
  if (isIdentityLike(kind)) throw syntaxError(kind, 'no statement')
  throw malformed('Could not parse the policy: Statement is empty!')
}

function requireUniqueSids(statements: readonly Statement[], kind: PolicyKind): void {
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []))
  if (new Set(sids).size === sids.length) return
  throw malformed(
    isIdentityLike(kind)
      ? 'Statement IDs (SID) in a single policy must be unique.'
      : 'The Statement Ids in the policy are not unique',
  )
}
