/** Where the decision webhook is, and what it wants as proof of who asks. */
export interface DecisionWebhookSettings {
  readonly url: URL
  /** The whole value of the Authorization header, such as `Bearer …`. */
  readonly authorization?: string
}

/** A setting of the webhook that cannot be used; the message says which and what to change, and repeats no value. */
export class DecisionWebhookSettingError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DecisionWebhookSettingError'
  }
}

interface Names {
  readonly url: readonly string[]
  readonly token: readonly string[]
}

/** The protocol's names, ours before MinIO's, and after them the older ones of MinIO. A token goes to its own group's URL alone. */
const GROUPS: readonly Names[] = [
  {
    url: ['DAYPASS_POLICY_PLUGIN_URL', 'MINIO_POLICY_PLUGIN_URL'],
    token: ['DAYPASS_POLICY_PLUGIN_AUTH_TOKEN', 'MINIO_POLICY_PLUGIN_AUTH_TOKEN'],
  },
  {
    url: ['MINIO_IAM_OPA_URL', 'MINIO_POLICY_OPA_URL'],
    token: ['MINIO_IAM_OPA_AUTHTOKEN', 'MINIO_POLICY_OPA_AUTH_TOKEN'],
  },
]

/** Every variable that `readDecisionWebhook` understands. */
export const DECISION_WEBHOOK_VARIABLES: readonly string[] = GROUPS.flatMap(({ url, token }) => [...url, ...token])

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The webhook that the environment names; `undefined` when it names none. A token without a URL is refused: whoever sets it
 * believes that a webhook decides. Throws DecisionWebhookSettingError.
 */
export function readDecisionWebhook(env: Environment): DecisionWebhookSettings | undefined {
  return GROUPS.map((names) => readGroup(env, names)).find((settings) => settings !== undefined)
}

function readGroup(env: Environment, names: Names): DecisionWebhookSettings | undefined {
  const urlName = names.url.find((name) => env[name])
  const tokenName = names.token.find((name) => env[name])
  if (urlName === undefined) {
    if (tokenName === undefined) return undefined
    throw new DecisionWebhookSettingError(`${tokenName} is the token of a decision webhook: set its URL too.`)
  }
  const text = env[urlName] ?? ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new DecisionWebhookSettingError(`${urlName} must be an http or https URL without a user and a password.`)
  }
  const authorization = tokenName === undefined ? undefined : env[tokenName]
  if (authorization === undefined) return { url }
  if (!/^[!-~]+(?: +[!-~]+)*$/.test(authorization)) {
    throw new DecisionWebhookSettingError(`${tokenName} must be printable characters, as a header has them.`)
  }
  return { url, authorization }
}
