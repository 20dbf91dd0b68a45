import { readDecisionWebhook } from '@daypass/core/decision-webhook/settings.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { readStsDuration } from '@daypass/core/identity-sources/sts-duration.ts'
import { type Duration, Token } from 'aws-cdk-lib'
import { type CertificateProviderProps, certificateVariables } from './certificate-settings.ts'
import { checkNetwork, type DirectoryNetworkProps } from './directory-network.ts'
import { type DirectoryProps, directorySettings } from './directory-settings.ts'
import type { FunctionName } from './grants.ts'
import {
  type IdentityWebhookProps,
  identityWebhookSecrets,
  identityWebhookVariables,
  type SamlProps,
  samlVariables,
} from './webhook-settings.ts'

/**
 * An OpenID provider whose tokens give rights without a role (docs/openid.md): by the policies and groups that they name, or
 * by a role policy. One of `configUrl` and `jwksUrl` is needed. A client secret is not: tokens are checked without it.
 */
export interface OpenIdSourceProps {
  /** Letters, digits and `_`; it stands in the ARNs of sessions. Default: `default`. */
  readonly name?: string
  /** The discovery document; its `issuer` is who must have issued a token. */
  readonly configUrl?: string
  /** The key set alone, for issuers without such a document (WSO2). */
  readonly jwksUrl?: string
  /** Who must have issued a token. Default: what the document says; for a bare key set anybody. */
  readonly issuer?: string
  /** Must be in a token's `aud`, or be its `azp` or `client_id`. Default: tokens for any client count. */
  readonly clientId?: string
  /** The claim that names policies; `a.b` is member `b` of claim `a`. Default: `policy`. */
  readonly claimName?: string
  /** Put before the claim's name. Default: nothing. */
  readonly claimPrefix?: string
  /** Whether claims that a token lacks are asked of the UserInfo endpoint. Default: no. */
  readonly claimUserinfo?: boolean
  /** The policies that every user of the source gets, whatever the token names. Needs `clientId`. Default: the token names them. */
  readonly rolePolicies?: readonly string[]
}

/** A webhook that decides on S3 in place of policies (docs/decision-webhook.md), such as Open Policy Agent. */
export interface DecisionWebhookProps {
  /** Where the S3 gateway's function reaches it. */
  readonly url: string
  /**
   * ARN, complete with its last six characters, of a Secrets Manager secret whose text is the value of the Authorization
   * header. The S3 gateway's function alone may read it. Default: none is sent.
   */
  readonly authTokenSecretArn?: string
}

/** What a deployment says of identities from outside. */
export interface IdentityProps {
  /** From whose tokens rights follow without a role, in the default account; at most 20. Default: none. */
  readonly openIdSources?: readonly OpenIdSourceProps[]
  /** Whose client certificates count, in the default account; at most 20. Default: none. */
  readonly certificateProviders?: readonly CertificateProviderProps[]
  /** Webhooks that say whose a token is, in the default account; at most 20. Default: none. */
  readonly identityWebhooks?: readonly IdentityWebhookProps[]
  /** Directories whose user names and passwords count, in the default account; at most 20. Default: none. */
  readonly directories?: readonly DirectoryProps[]
  /** The network in which the directories are. Default: none; they are reached over the internet. */
  readonly directoryNetwork?: DirectoryNetworkProps
  /** What holds for SAML assertions. Default: AWS's way. */
  readonly saml?: SamlProps
  /** Decides on S3 in place of policies. Default: policies decide. */
  readonly decisionWebhook?: DecisionWebhookProps
  /** How long a session without a role lasts whose caller names no duration: 15 minutes to 12 hours. Default: an hour. */
  readonly stsDuration?: Duration
}

/** The functions that exchange tokens of OpenID issuers. */
const EXCHANGES_TOKENS: readonly FunctionName[] = [
  'assume-role-with-client-grants',
  'assume-role-with-web-identity',
  'front-door',
]

/** The functions that prove client certificates. */
const PROVES_CERTIFICATES: readonly FunctionName[] = ['assume-role-with-certificate', 'create-session']

/** The functions that ask identity webhooks, and those that prove SAML assertions. */
const ASKS_WEBHOOKS: readonly FunctionName[] = ['assume-role-with-custom-token', 'front-door']
const PROVES_ASSERTIONS: readonly FunctionName[] = ['assume-role-with-saml']

/** The other functions that make sessions of identities from outside. */
const MAKES_IDENTITY_SESSIONS: readonly FunctionName[] = [
  'assume-role-with-custom-token',
  'assume-role-with-ldap-identity',
  'assume-role-with-saml',
]

/** Lambda: 4 KB for all variables of a function, of which others take their share. */
const MOST_BYTES = 3_072

/** What one function gets of the identity settings: variables, secrets that it may read, and a network. */
export interface IdentitySettings {
  readonly environment: Readonly<Record<string, string>>
  readonly readableSecretArns: readonly string[]
  readonly network?: DirectoryNetworkProps
}

/**
 * Checks the settings as the functions will, so that a mistake stops the synthesis and not a customer, and answers what
 * each function is told: those that exchange tokens of the sources, those that prove certificates of the providers, whoever
 * makes sessions what holds for them, the S3 gateway of the webhook, the one that asks directories of these, all others nothing.
 * Those who call that one need to know nothing of directories.
 */
export function identitySettings(props: IdentityProps, accountId: string): (name: FunctionName) => IdentitySettings {
  const { openIdSources = [], certificateProviders = [], identityWebhooks = [], decisionWebhook, stsDuration } = props
  if (new Set(openIdSources.map(nameOf)).size < openIdSources.length) {
    throw new Error('openIdSources: two sources have the same name')
  }
  const sources: Record<string, string> = Object.assign({}, ...openIdSources.map(sourceVariables))
  parseOpenIdSources(sources, accountId)
  const providers = certificateVariables(certificateProviders, accountId)
  const webhooks = identityWebhookVariables(identityWebhooks, accountId)
  const webhookSecrets = identityWebhookSecrets(identityWebhooks)
  const saml = samlVariables(props.saml)
  const directories = directorySettingsOf(props, accountId)
  const sessions = { ...durationVariable(stsDuration), ...keepsClaims(decisionWebhook) }
  checkSize('openIdSources, certificateProviders and identityWebhooks', {
    ...sources,
    ...providers,
    ...webhooks,
    ...saml,
    ...sessions,
  })
  checkSize('directories', directories.environment)
  const webhook = webhookVariables(decisionWebhook)
  const secretArn = decisionWebhook?.authTokenSecretArn
  return (name) => {
    const exchanging = {
      ...(EXCHANGES_TOKENS.includes(name) ? sources : {}),
      ...(PROVES_CERTIFICATES.includes(name) ? providers : {}),
      ...(ASKS_WEBHOOKS.includes(name) ? webhooks : {}),
      ...(PROVES_ASSERTIONS.includes(name) ? saml : {}),
    }
    const readableSecretArns = ASKS_WEBHOOKS.includes(name) ? webhookSecrets : []
    if (EXCHANGES_TOKENS.includes(name) || PROVES_CERTIFICATES.includes(name)) {
      return { environment: { ...exchanging, ...sessions }, readableSecretArns }
    }
    if (MAKES_IDENTITY_SESSIONS.includes(name)) {
      return { environment: { ...exchanging, ...sessions }, readableSecretArns }
    }
    if (name === 'check-directory') return directories
    if (name === 's3') return { environment: webhook, readableSecretArns: secretArn === undefined ? [] : [secretArn] }
    return { environment: {}, readableSecretArns: [] }
  }
}

function directorySettingsOf(
  { directories = [], directoryNetwork }: IdentityProps,
  accountId: string,
): IdentitySettings {
  const { environment, secretArns } = directorySettings(directories, accountId)
  if (!directoryNetwork) return { environment, readableSecretArns: secretArns }
  if (directories.length === 0) throw new Error('directoryNetwork: there are no directories in it')
  checkNetwork(directoryNetwork)
  return { environment, readableSecretArns: secretArns, network: directoryNetwork }
}

function checkSize(what: string, variables: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(variables).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (bytes > MOST_BYTES) {
    throw new Error(`${what} take ${bytes} bytes of the functions' environments, more than ${MOST_BYTES}`)
  }
}

const nameOf = ({ name = 'default' }: OpenIdSourceProps) => name

/** The variables of one source, under the names that docs/openid.md lists. */
function sourceVariables(source: OpenIdSourceProps): Record<string, string> {
  const name = nameOf(source)
  const { rolePolicies, claimUserinfo } = source
  if (!/^[a-z0-9][a-z0-9_]{0,63}$/.test(name)) {
    throw new Error('openIdSources: a name must be up to 64 small letters, digits and _')
  }
  const suffix = name === 'default' ? '' : `_${name.toUpperCase()}`
  const values = {
    CONFIG_URL: source.configUrl,
    JWKS_URL: source.jwksUrl,
    ISSUER: source.issuer,
    CLIENT_ID: source.clientId,
    CLAIM_NAME: source.claimName,
    CLAIM_PREFIX: source.claimPrefix,
    CLAIM_USERINFO: claimUserinfo ? 'on' : undefined,
    ROLE_POLICY: rolePolicies?.join(','),
    // A source that says nothing else is one too, and is refused for it.
    ENABLE: 'on',
  }
  const variables: [string, string][] = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[`DAYPASS_IDENTITY_OPENID_${key}${suffix}`, value]],
  )
  // An empty variable counts as absent, and without a client id every client would do.
  const empty = variables.find(([, value]) => value === '')
  if (empty) throw new Error(`openIdSources: leave out what is empty (${empty[0]})`)
  return Object.fromEntries(variables)
}

function durationVariable(duration: Duration | undefined): Record<string, string> {
  if (duration === undefined) return {}
  const variable = { DAYPASS_STS_DURATION: String(duration.toSeconds()) }
  readStsDuration(variable)
  return variable
}

const keepsClaims = (webhook: DecisionWebhookProps | undefined): Record<string, string> =>
  webhook === undefined ? {} : { [ENVIRONMENT.keepClaims]: 'on' }

const COMPLETE_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/

function webhookVariables(webhook: DecisionWebhookProps | undefined): Record<string, string> {
  if (webhook === undefined) return {}
  const { url, authTokenSecretArn } = webhook
  if (!Token.isUnresolved(url)) readDecisionWebhook({ DAYPASS_POLICY_PLUGIN_URL: url })
  if (authTokenSecretArn === undefined) return { DAYPASS_POLICY_PLUGIN_URL: url }
  if (!Token.isUnresolved(authTokenSecretArn) && !COMPLETE_ARN.test(authTokenSecretArn)) {
    throw new Error('decisionWebhook.authTokenSecretArn must be the complete ARN of a Secrets Manager secret')
  }
  return { DAYPASS_POLICY_PLUGIN_URL: url, [ENVIRONMENT.decisionWebhookToken]: authTokenSecretArn }
}
