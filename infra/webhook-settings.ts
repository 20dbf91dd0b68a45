import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import { readSamlSettings } from '@daypass/core/identity/saml/settings.ts'
import { Token } from 'aws-cdk-lib'

/** A webhook that says whose an opaque token is: `token-provider/<name>` (docs/custom-token.md). */
export interface IdentityWebhookProps {
  /** Letters, digits and `_`; it stands in the provider's ARN. Default: `default`. */
  readonly name?: string
  /** Where the exchanging functions reach it. */
  readonly url: string
  /** The policies that each of its users gets without a role. Default: only roles give rights. */
  readonly rolePolicies?: readonly string[]
  /** By what callers name the role policy. Default: a digest of the URL, as MinIO has it. */
  readonly roleId?: string
  /**
   * ARN, complete with its last six characters, of a Secrets Manager secret whose text is the value of the Authorization
   * header. The exchanging functions alone may read it. Default: none is sent.
   */
  readonly authTokenSecretArn?: string
}

/** Whom SAML assertions must be for, and how often each may be used (docs/saml.md). */
export interface SamlProps {
  /** The deployment's own URLs, accepted as Recipient, Destination and Audience. Default: AWS's alone. */
  readonly endpoints?: readonly string[]
  /** Whether an assertion is good for one session only. Default: while it is valid, as in AWS. */
  readonly useOnce?: boolean
}

/** The webhooks' variables, under the names that docs/custom-token.md lists; read as the functions will read them. */
export function identityWebhookVariables(
  webhooks: readonly IdentityWebhookProps[],
  accountId: string,
): Readonly<Record<string, string>> {
  if (new Set(webhooks.map(nameOf)).size < webhooks.length) {
    throw new Error('identityWebhooks: two webhooks have the same name')
  }
  const variables: Record<string, string> = Object.assign({}, ...webhooks.map(variablesOf))
  if (!Object.values(variables).some((value) => Token.isUnresolved(value)))
    parseCustomTokenSources(variables, accountId)
  const secrets = webhooks.flatMap(({ authTokenSecretArn: arn, ...webhook }) =>
    arn === undefined ? [] : [`${nameOf(webhook)}=${arn}`],
  )
  return secrets.length === 0 ? variables : { ...variables, [ENVIRONMENT.identityWebhookTokens]: secrets.join(',') }
}

const COMPLETE_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/

/** The secrets that the exchanging functions may read. */
export function identityWebhookSecrets(webhooks: readonly IdentityWebhookProps[]): readonly string[] {
  const arns = webhooks.flatMap(({ authTokenSecretArn }) => authTokenSecretArn ?? [])
  if (!arns.every((arn) => Token.isUnresolved(arn) || COMPLETE_ARN.test(arn))) {
    throw new Error('identityWebhooks: authTokenSecretArn must be the complete ARN of a Secrets Manager secret')
  }
  return arns
}

export function samlVariables({ endpoints = [], useOnce = false }: SamlProps = {}): Readonly<Record<string, string>> {
  const variables = {
    ...(endpoints.length > 0 ? { DAYPASS_SAML_ENDPOINTS: endpoints.join(',') } : {}),
    ...(useOnce ? { DAYPASS_SAML_USE: 'once' } : {}),
  }
  if (!endpoints.some((endpoint) => Token.isUnresolved(endpoint))) readSamlSettings(variables)
  return variables
}

const nameOf = ({ name = 'default' }: Pick<IdentityWebhookProps, 'name'>) => name

function variablesOf(webhook: IdentityWebhookProps): Record<string, string> {
  const name = nameOf(webhook)
  if (!/^[a-z0-9][a-z0-9_]{0,63}$/.test(name)) {
    throw new Error('identityWebhooks: a name must be up to 64 small letters, digits and _')
  }
  const suffix = name === 'default' ? '' : `_${name.toUpperCase()}`
  const values = { URL: webhook.url, ROLE_POLICY: webhook.rolePolicies?.join(','), ROLE_ID: webhook.roleId }
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[`DAYPASS_IDENTITY_PLUGIN_${key}${suffix}`, value]],
    ),
  )
}
