import { type ReadSecret, secretReader } from '@daypass/core/aws/secrets.ts'
import { webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import { DEFAULT_SOURCE } from '@daypass/core/identity-sources/variables.ts'

/**
 * The identity webhooks that the function's environment configures, of the default account, and how they are called. What they
 * are shown as Authorization is read from its secrets, once per cold start.
 */
export async function liveCustomTokens(accountId: string) {
  const named = (process.env[ENVIRONMENT.identityWebhookTokens] ?? '').split(',').filter((each) => each !== '')
  const readSecret = secretReader()
  const tokens = await Promise.all(
    named.map(async (each): Promise<readonly [string, string]> => {
      const [name = '', secretArn = ''] = each.split(/=(.*)/)
      const suffix = name === DEFAULT_SOURCE ? '' : `_${name.toUpperCase()}`
      return [`DAYPASS_IDENTITY_PLUGIN_AUTH_TOKEN${suffix}`, await secretText(readSecret, secretArn)]
    }),
  )
  const sources = parseCustomTokenSources({ ...process.env, ...Object.fromEntries(tokens) }, accountId)
  return { customTokens: { sources, fetch: webhookFetch() } }
}

async function secretText(readSecret: ReadSecret, secretArn: string): Promise<string> {
  const text = await readSecret(secretArn)
  if (text === '') throw new Error('The secret of an identity webhook is empty.')
  return text
}
