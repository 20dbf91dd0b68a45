import type { Condition } from './conditions/condition.ts'
import type { ParsedPolicy, Statement } from './document.ts'
import type { PrincipalElement } from './principal.ts'
import { malformed } from './refusal.ts'
import { findSharedIssuer } from './shared-issuers.ts'

/** The ways of assuming a role with an OpenID token. */
const WEB_IDENTITY_ACTIONS = ['sts:assumerolewithwebidentity', 'sts:assumerolewithclientgrants']
/** Operators that hold only when the key is there and has one of the values. */
const NARROWING = /^(?:foranyvalue:)?(?:string(?:equals|equalsignorecase|like)|numericequals)$/i
/** Words with which every subject of a service begins: alone they narrow nothing. */
const SUBJECT_WORDS = [
  'repo',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'enterprise',
  'enterprise_id',
  'actor',
  'actor_id',
  'job_workflow_ref',
  'workflow_ref',
  'project_path',
  'organization',
  'org',
  'sc',
  'p',
]
/** Words of subjects that a customer may choose to begin with and that every customer can have alike (GitHub: customized `sub`). */
const EVERYBODYS =
  /^(?:environment|ref|base_ref|head_ref|ref_type|ref_protected|repository_visibility|event_name|runner_environment|context)(?::|\/|$)/i
const SUBJECT_PREFIX = new RegExp(`^(?:${SUBJECT_WORDS.join('|')})(?::|/+)`, 'i')
const PROVIDER_URL = /:oidc-provider\/(.+)$/

/**
 * Refuses a trust policy that would let any customer of a shared issuer in: every Allow that a token of one could meet
 * needs a positive condition on its subject, or on a claim that the service documents for telling its tenants apart.
 * Throws `MalformedPolicyDocument`. That the value is the right one it cannot know.
 */
export function checkTrustPolicy(policy: ParsedPolicy): void {
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || !statement.principal || !allowsWebIdentity(statement)) continue
    const named = [...statement.principal.federated].map(issuerOf)
    for (const issuer of named) {
      if (!findSharedIssuer(issuer) || statement.conditions.some((condition) => narrows(condition, issuer))) continue
      throw malformed(
        `The trust policy trusts the shared provider ${issuer}. Add a condition on ${issuer}:sub that names your own subjects.`,
      )
    }
    if (isOpen(statement.principal) && !statement.conditions.some(namesTokens)) {
      throw malformed(
        'The trust policy trusts every provider, shared ones included. Name the provider, or add a condition on its sub.',
      )
    }
  }
}

const allowsWebIdentity = ({ action }: Statement) => WEB_IDENTITY_ACTIONS.some((name) => action.covers(name))

const isOpen = ({ everyone, everyFederated, negated }: PrincipalElement) => everyone || everyFederated || negated

const issuerOf = (provider: string) => PROVIDER_URL.exec(provider)?.[1] ?? provider

/** Whether a condition admits only some of the tokens of a shared issuer. */
function narrows({ operator, key, requiredValues }: Condition, issuer: string): boolean {
  const prefix = `${issuer}:`.toLowerCase()
  const folded = key.toLowerCase()
  if (!NARROWING.test(operator) || !requiredValues || !folded.startsWith(prefix)) return false
  const claim = folded.slice(prefix.length)
  return findSharedIssuer(issuer)?.claims.has(claim) === true && requiredValues.every(saysSomething)
}

/**
 * Whether a value names something of its own before its first wildcard: more than the word with which every value of the
 * service begins. What comes behind a wildcard narrows nothing that matters: every customer can have a branch `main`. A
 * variable may stand for the very claim.
 */
function saysSomething(value: string): boolean {
  if (value.includes('${') || EVERYBODYS.test(value)) return false
  const literal = /^[^*?]*/.exec(value)?.[0] ?? ''
  if (literal === value) return /[^:/]/.test(value.replace(SUBJECT_PREFIX, ''))
  const own = literal.replace(SUBJECT_PREFIX, '')
  if (own === literal && beginsLikeEverySubject(literal)) return false
  return /[^:/]/.test(own)
}

/** `r*` and `repo*` match every subject that begins with `repo:`. */
const beginsLikeEverySubject = (literal: string) => SUBJECT_WORDS.some((word) => word.startsWith(literal.toLowerCase()))

/** With every provider trusted: a condition on a claim of one issuer, which only its tokens can meet. */
function namesTokens(condition: Condition): boolean {
  const issuer = condition.key.slice(0, condition.key.lastIndexOf(':'))
  if (!/[./:]/.test(issuer)) return false
  if (findSharedIssuer(issuer)) return narrows(condition, issuer)
  return NARROWING.test(condition.operator) && condition.requiredValues?.every(saysSomething) === true
}
