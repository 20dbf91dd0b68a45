import { compileAction } from './action.ts'
import { parseConditions } from './conditions/parse.ts'
import type { ActionElement, Effect, ResourceElement, Statement } from './document.ts'
import type { PrincipalElement } from './principal.ts'
import { parsePrincipal } from './principal-syntax.ts'
import { type Grammar, isIdentityLike, malformed, missingField, type StatementGrammar, syntaxError } from './refusal.ts'
import { compileResource } from './resource.ts'
import { requireResourceFormat } from './resource-syntax.ts'
import type { JsonObject, JsonValue } from './strict-json.ts'

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

/** Checks and compiles one statement. */
export function parseStatement(
  source: JsonValue,
  index: number,
  grammar: Grammar & { readonly variables: boolean },
): Statement {
  const { kind } = grammar
  if (!(source instanceof Map)) throw syntaxError(kind, 'a statement is no object')
  const element: JsonObject = source
  for (const name of element.keys()) if (!ELEMENTS.has(name)) throw syntaxError(kind, `unknown element ${name}`)
  const sid = parseSid(element, grammar)
  const own: StatementGrammar = { ...grammar, effect: parseEffect(element, kind) }
  const principal = parsePrincipalElement(element, own)
  const action = parseAction(element, own)
  const resource = parseResource(element, own)
  return Object.freeze({
    index,
    effect: own.effect,
    action,
    conditions: parseConditions(element.get('Condition'), own),
    ...(sid !== undefined && { sid }),
    ...(principal && { principal }),
    ...(resource && { resource }),
  })
}

function parseSid(element: JsonObject, { kind, dialect }: Grammar): string | undefined {
  const sid = element.get('Sid')
  if (sid === undefined) return undefined
  if (typeof sid !== 'string') throw syntaxError(kind, 'Sid is no string')
  if (isIdentityLike(kind) && dialect === 'aws' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
  }
  return sid
}

function parseEffect(element: JsonObject, kind: Grammar['kind']): Effect {
  const effect = element.get('Effect')
  if (effect === 'Allow' || effect === 'Deny') return effect
  if (effect === undefined) throw missingField(kind, 'Effect')
  if (typeof effect !== 'string' || isIdentityLike(kind)) throw syntaxError(kind, 'unknown effect')
  throw malformed(`Invalid effect: ${effect}`)
}

function parsePrincipalElement(element: JsonObject, grammar: StatementGrammar): PrincipalElement | undefined {
  const { kind, dialect, effect } = grammar
  const found = either(element, 'Principal', kind)
  if (isIdentityLike(kind)) {
    // Ceph passes over the element if it names somebody: the principal of an identity policy is the identity.
    if (found && dialect === 'aws') throw malformed('Policy document should not specify a principal.')
    if (found) parsePrincipal(found.value, found.negated, grammar)
    return undefined
  }
  if (!found) throw missingField(kind, 'Principal')
  if (found.negated && effect === 'Allow' && dialect === 'aws')
    throw malformed('Allow with NotPrincipal is not allowed.')
  return parsePrincipal(found.value, found.negated, grammar)
}

function parseAction(element: JsonObject, { kind }: Grammar): ActionElement {
  const found = either(element, 'Action', kind)
  const patterns = found && strings(found.value, kind)
  if (!found || !patterns || patterns.length === 0) {
    throw malformed(isIdentityLike(kind) ? 'Policy statement must contain actions.' : 'Missing required field Action')
  }
  for (const pattern of patterns) requireActionFormat(pattern, kind)
  return compileAction(patterns, found.negated)
}

/** Trust policies take any `sts:` name: what a role's policy may say grows with the ways of assuming a role. */
function requireActionFormat(pattern: string, kind: Grammar['kind']): void {
  if (kind === 'trust') {
    if (/^sts:[a-z*?]+$/i.test(pattern)) return
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.')
  }
  if (pattern === '*') return
  const [vendor = '', name, ...others] = pattern.split(':')
  if (name === undefined) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  }
  if (others.length > 0) throw malformed('Actions/Condition can contain only one colon.')
  if (vendor !== '*' && !/^[a-zA-Z0-9.-]+$/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`)
}

function parseResource(element: JsonObject, grammar: StatementGrammar): ResourceElement | undefined {
  const { kind } = grammar
  const found = either(element, 'Resource', kind)
  if (kind === 'trust') {
    if (!found) return undefined
    throw malformed(found.negated ? 'AssumeRole policy must not contain resources.' : 'Has prohibited field Resource')
  }
  const patterns = found && strings(found.value, kind)
  if (!found || !patterns || patterns.length === 0) {
    throw malformed(
      isIdentityLike(kind) ? 'Policy statement must contain resources.' : 'Missing required field Resource',
    )
  }
  for (const pattern of patterns) requireResourceFormat(pattern, grammar)
  const resource = compileResource(patterns, { ...grammar, negated: found.negated })
  if (!resource) throw syntaxError(kind, 'broken variable in a resource')
  return resource
}

/** `X` or `NotX`; a statement with both is refused. */
function either(element: JsonObject, name: string, kind: Grammar['kind']) {
  const value = element.get(name)
  const negatedValue = element.get(`Not${name}`)
  if (value !== undefined && negatedValue !== undefined) throw syntaxError(kind, `${name} and Not${name}`)
  if (value !== undefined) return { value, negated: false }
  return negatedValue === undefined ? undefined : { value: negatedValue, negated: true }
}

function strings(value: JsonValue, kind: Grammar['kind']): readonly string[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value]
  return list.map((item) => {
    if (typeof item !== 'string') throw syntaxError(kind, 'a value is no string')
    return item
  })
}
