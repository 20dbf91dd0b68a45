import {
  DEFAULT_SOURCE,
  type Environment,
  IdentitySourceError,
  listed,
  type SourceVariables,
  sourceVariables,
  switchOf,
  urlOf,
} from '../../identity-sources/variables.ts'
import { type CustomTokenSource, sourceRoleArn } from './source.ts'

const SUBSYSTEM = 'IDENTITY_PLUGIN'
/** MinIO's program reads `AUTH_TOKEN`, and its manual has also called it `TOKEN`. */
const KEYS = ['ENABLE', 'URL', 'AUTH_TOKEN', 'TOKEN', 'ROLE_POLICY', 'ROLE_ID', 'COMMENT']
const MOST_SOURCES = 20

/**
 * The identity webhooks that an environment configures: `DAYPASS_IDENTITY_PLUGIN_<KEY>[_<NAME>]`, with MinIO's names as
 * aliases. Proves that the settings fit together, not that anybody answers. Throws IdentitySourceError: one sentence that
 * names the variable and repeats no value.
 */
export function parseCustomTokenSources(env: Environment, account: string): readonly CustomTokenSource[] {
  const variables = sourceVariables(env, SUBSYSTEM, KEYS)
  const sources = variables.flatMap((each) => parseSource(each, account) ?? [])
  if (sources.length > MOST_SOURCES) {
    throw new IdentitySourceError(`DAYPASS_${SUBSYSTEM}_… configures more than ${MOST_SOURCES} sources.`)
  }
  if (new Set(sources.map(({ roleArn }) => roleArn)).size < sources.length) {
    throw new IdentitySourceError(
      `Two sources of DAYPASS_${SUBSYSTEM}_… have the same role: give each a ROLE_ID of its own.`,
    )
  }
  return sources
}

function parseSource(variables: SourceVariables, account: string): CustomTokenSource | undefined {
  if (switchOf(variables, 'ENABLE') === false) return undefined
  const url = urlOf(variables, 'URL')
  if (url === undefined) {
    throw new IdentitySourceError(
      `${variables.nameOf('URL')} is not set: the ${variables.name === DEFAULT_SOURCE ? '' : `"${variables.name}" `}identity webhook needs its URL.`,
    )
  }
  const authorization = authorizationOf(variables)
  const rolePolicy = rolePolicyOf(variables)
  const roleId = variables.get('ROLE_ID')
  if (roleId !== undefined && !/^[A-Za-z0-9_-]{1,128}$/.test(roleId)) {
    throw new IdentitySourceError(`${variables.nameOf('ROLE_ID')} must be letters, digits, _ and -.`)
  }
  return {
    name: variables.name,
    account,
    url: new URL(url),
    roleArn: sourceRoleArn(url, roleId),
    ...(authorization === undefined ? {} : { authorization }),
    ...(rolePolicy === undefined ? {} : { rolePolicy }),
  }
}

function authorizationOf(variables: SourceVariables): string | undefined {
  const key = variables.get('AUTH_TOKEN') === undefined ? 'TOKEN' : 'AUTH_TOKEN'
  const value = variables.get(key)
  if (value !== undefined && !/^[!-~]+(?: +[!-~]+)*$/.test(value)) {
    throw new IdentitySourceError(`${variables.nameOf(key)} must be printable characters, as a header has them.`)
  }
  return value
}

function rolePolicyOf(variables: SourceVariables): readonly string[] | undefined {
  const value = variables.get('ROLE_POLICY')
  if (value === undefined) return undefined
  const names = listed(value)
  if (names.length === 0) {
    throw new IdentitySourceError(`${variables.nameOf('ROLE_POLICY')} must be a comma-separated list of policy names.`)
  }
  return names
}
