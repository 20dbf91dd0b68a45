import type { OpenIdSource } from './openid-source.ts'
import {
  DEFAULT_SOURCE,
  type Environment,
  IdentitySourceError,
  listed,
  type SourceVariables,
  sourceVariables,
  switchOf,
  urlOf,
} from './variables.ts'

const READ_KEYS = [
  'ENABLE',
  'CONFIG_URL',
  'JWKS_URL',
  'ISSUER',
  'CLIENT_ID',
  'CLIENT_SECRET',
  'CLAIM_NAME',
  'CLAIM_PREFIX',
  'CLAIM_USERINFO',
  'ROLE_POLICY',
  'SCOPES',
  'REDIRECT_URI',
]
/** Known to MinIO and of no effect here: how a console shows or calls the provider. */
const IGNORED_KEYS = [
  'STATE',
  'COMMENT',
  'DISPLAY_NAME',
  'VENDOR',
  'KEYCLOAK_REALM',
  'KEYCLOAK_ADMIN_URL',
  'REDIRECT_URI_DYNAMIC',
  'USER_READABLE_CLAIM',
  'USER_ID_CLAIM',
]
const SUBSYSTEM = 'IDENTITY_OPENID'
const DEFAULT_CLAIM = 'policy'
/** Each is looked up with every token. */
const MOST_SOURCES = 20

/**
 * The OpenID sources that an environment configures: `DAYPASS_IDENTITY_OPENID_<KEY>[_<NAME>]`, with MinIO's names as
 * aliases. Proves that the settings fit together, not that there is such a provider. Throws IdentitySourceError: one
 * sentence that names the variable.
 */
export function parseOpenIdSources(env: Environment, account: string): readonly OpenIdSource[] {
  const variables = sourceVariables(withOldNames(env), SUBSYSTEM, [...READ_KEYS, ...IGNORED_KEYS])
  const sources = variables.flatMap((each) => parseSource(each, account) ?? [])
  if (sources.length > MOST_SOURCES) {
    throw new IdentitySourceError(`DAYPASS_${SUBSYSTEM}_… configures more than ${MOST_SOURCES} sources.`)
  }
  refuseEqualRoles(sources, variables)
  return sources
}

/** Before its sources had names, MinIO had one variable for a bare key set. */
function withOldNames(env: Environment): Environment {
  const { MINIO_IAM_JWKS_URL: old, ...others } = env
  const isSet = others[`MINIO_${SUBSYSTEM}_CONFIG_URL`] || others[`MINIO_${SUBSYSTEM}_JWKS_URL`]
  return old && !isSet ? { ...others, [`MINIO_${SUBSYSTEM}_JWKS_URL`]: old } : others
}

function parseSource(variables: SourceVariables, account: string): OpenIdSource | undefined {
  const enabled = switchOf(variables, 'ENABLE') ?? switchOf(variables, 'STATE')
  const used = READ_KEYS.some((key) => key !== 'ENABLE' && variables.get(key) !== undefined)
  if (enabled === false || (enabled === undefined && !used)) return undefined
  const keySource = parseKeySource(variables)
  const { clientId, clientSecret, redirectUri, rolePolicy } = texts(variables)
  const claimName = variables.get('CLAIM_NAME') ?? DEFAULT_CLAIM
  const claimUserinfo = switchOf(variables, 'CLAIM_USERINFO') ?? false
  if (claimUserinfo && keySource.kind !== 'config-url') {
    throw new IdentitySourceError(
      `${variables.nameOf('CLAIM_USERINFO')} needs ${variables.nameOf('CONFIG_URL')}, which tells where UserInfo is.`,
    )
  }
  if (rolePolicy !== undefined) checkRolePolicy(variables, clientId, claimName)
  return {
    name: variables.name,
    account,
    keySource,
    claimName,
    claimPrefix: variables.get('CLAIM_PREFIX') ?? '',
    claimUserinfo,
    scopes: listed(variables.get('SCOPES') ?? ''),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(redirectUri === undefined ? {} : { redirectUri }),
    ...(rolePolicy === undefined ? {} : { rolePolicy: listed(rolePolicy) }),
  }
}

const texts = (variables: SourceVariables) => ({
  clientId: variables.get('CLIENT_ID'),
  clientSecret: variables.get('CLIENT_SECRET'),
  redirectUri: variables.get('REDIRECT_URI'),
  rolePolicy: variables.get('ROLE_POLICY'),
})

/** With both URLs the discovery document counts, as in MinIO: it names the key set itself. */
function parseKeySource(variables: SourceVariables): OpenIdSource['keySource'] {
  const configUrl = urlOf(variables, 'CONFIG_URL')
  const jwksUrl = urlOf(variables, 'JWKS_URL')
  const issuer = variables.get('ISSUER')
  const named = issuer === undefined ? {} : { issuer }
  if (configUrl !== undefined) return { kind: 'config-url', url: configUrl, ...named }
  if (jwksUrl !== undefined) return { kind: 'jwks', url: jwksUrl, ...named }
  throw new IdentitySourceError(
    `${variables.nameOf('CONFIG_URL')} is not set: the ${variables.name === DEFAULT_SOURCE ? '' : `"${variables.name}" `}OpenID source needs the URL of its discovery document.`,
  )
}

function checkRolePolicy(variables: SourceVariables, clientId: string | undefined, claimName: string): void {
  const name = variables.nameOf('ROLE_POLICY')
  if (listed(variables.get('ROLE_POLICY') ?? '').length === 0) {
    throw new IdentitySourceError(`${name} must be a comma-separated list of policy names.`)
  }
  if (clientId === undefined) {
    throw new IdentitySourceError(`${name} needs ${variables.nameOf('CLIENT_ID')}, by which its role is named.`)
  }
  if (claimName !== DEFAULT_CLAIM) {
    throw new IdentitySourceError(`${name} and ${variables.nameOf('CLAIM_NAME')} exclude each other: set one of them.`)
  }
}

/** The ARN of a role policy follows from the client id alone, so it must mean one source. */
function refuseEqualRoles(sources: readonly OpenIdSource[], variables: readonly SourceVariables[]): void {
  const clients = new Set<string>()
  for (const { name, clientId, rolePolicy } of sources) {
    if (rolePolicy === undefined || clientId === undefined) continue
    if (clients.has(clientId)) {
      const variable = variables.find((each) => each.name === name)?.nameOf('CLIENT_ID') ?? name
      throw new IdentitySourceError(
        `${variable} is the client of another source with a role policy: each needs its own.`,
      )
    }
    clients.add(clientId)
  }
}
