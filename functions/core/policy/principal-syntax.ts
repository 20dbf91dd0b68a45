import type { PrincipalElement } from './principal.ts'
import { malformed, type StatementGrammar, syntaxError } from './refusal.ts'
import type { JsonValue } from './strict-json.ts'

const ACCOUNT_ID = /^(?!aws$)[A-Za-z0-9_-]{0,64}$/
const UNIQUE_ID = /^A(?:IDA|ROA)[A-Z0-9]{12,}$/
const NAME = '[\\w+=,.@%-]+'
const PATH = '(?:[!-)+-.0-9;->@-~]+/)*'
const PRINCIPAL_ARN = new RegExp(
  `^arn:aws[a-z-]*:(?:iam::([^:]*):(?:(root)|(?:user|role)/${PATH}${NAME})` +
    `|(?:sts|(iam))::([^:]*):assumed-role/${NAME}/${NAME}|sts::([^:]*):federated-user/(?:${NAME}/)*${NAME})$`,
)
const PROVIDER_ARN = /^arn:aws[a-z-]*:iam::([^:]*):(?:oidc|saml|ldap|certificate|token)-provider\/[^\s*?\p{Cc}]+$/u
const HOST_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[^\s*?]*)?$/i
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/

/**
 * Compiles `Principal` or `NotPrincipal` of a resource or trust policy (AWS: JSON policy elements, Principal). That a
 * principal exists is not proved here. Wildcards are no part of a name.
 */
export function parsePrincipal(value: JsonValue, negated: boolean, grammar: StatementGrammar): PrincipalElement {
  const element = {
    negated,
    everyone: value === '*',
    everyAws: false,
    everyFederated: false,
    accounts: new Set<string>(),
    arns: new Set<string>(),
    uniqueIds: new Set<string>(),
    federated: new Set<string>(),
    services: new Set<string>(),
  }
  if (element.everyone) return element
  if (typeof value === 'string') throw malformed(`Invalid principal in policy: "${value}"`)
  if (!(value instanceof Map)) throw syntaxError(grammar.kind, 'Principal is no object')
  if (value.size === 0) throw malformed('Missing required field Principal cannot be empty!')
  for (const [type, names] of value) {
    for (const name of Array.isArray(names) ? names : [names]) {
      if (typeof name !== 'string') throw syntaxError(grammar.kind, 'a principal is no string')
      if (!addPrincipal(element, type, name, grammar)) {
        throw malformed(`Invalid principal in policy: "${type}":"${name}"`)
      }
    }
    if (Array.isArray(names) && names.length === 0) throw malformed(`Invalid principal in policy: "${type}"`)
  }
  return element
}

type Sets = 'accounts' | 'arns' | 'uniqueIds' | 'federated' | 'services'
type Growing = Omit<PrincipalElement, Sets | 'everyAws' | 'everyFederated'> &
  Record<Sets, Set<string>> & { everyAws: boolean; everyFederated: boolean }

/** False when AWS knows no principal of that type by such a name. */
function addPrincipal(element: Growing, type: string, name: string, grammar: StatementGrammar): boolean {
  switch (type) {
    case 'AWS':
      return addAws(element, name, grammar)
    case 'Federated': {
      if (name === '*') {
        element.everyFederated = true
        return true
      }
      const account = PROVIDER_ARN.exec(name)?.[1]
      if (account === undefined ? !HOST_NAME.test(name) : !isAccount(account, grammar)) return false
      element.federated.add(name)
      return true
    }
    case 'Service':
      if (!SERVICE.test(name)) return false
      element.services.add(name)
      return true
    case 'CanonicalUser':
      // Taken as AWS takes it; no request here is made by one, so it names nobody.
      return grammar.kind === 'resource' && /^[0-9a-f]{64}$/.test(name)
    default:
      throw malformed(`Invalid principal in policy: "${type}"`)
  }
}

function addAws(element: Growing, name: string, grammar: StatementGrammar): boolean {
  if (name === '*') {
    element.everyAws = true
    return true
  }
  if (UNIQUE_ID.test(name)) {
    element.uniqueIds.add(name)
    return true
  }
  // An account by its bare id; an empty text names nobody, not the account whose id is empty.
  if (name !== '' && ACCOUNT_ID.test(name)) {
    if (!isAccount(name, grammar) || (grammar.dialect === 'aws' && !/^\d{12}$/.test(name))) return false
    element.accounts.add(name)
    return true
  }
  const match = PRINCIPAL_ARN.exec(name)
  if (!match) return false
  const [, iamAccount, root, cephSession, roleAccount, federatedAccount] = match
  const account = iamAccount ?? roleAccount ?? federatedAccount ?? ''
  if (!isAccount(account, grammar)) return false
  if (root !== undefined) element.accounts.add(account)
  else if (cephSession === undefined) element.arns.add(name)
  else if (grammar.dialect === 'aws') return false
  // Ceph writes a session's ARN under `iam`; everybody else knows it under `sts`.
  else element.arns.add(name.replace(':iam:', ':sts:'))
  return true
}

/** Under AWS's rules an empty account or one of digits that are not twelve is a slip of the pen. */
function isAccount(account: string, { dialect }: StatementGrammar): boolean {
  if (!ACCOUNT_ID.test(account)) return false
  return dialect === 'ceph' || /^\d{12}$/.test(account) || /[^\d]/.test(account)
}
