import { secretReader } from '@daypass/core/aws/secrets.ts'
import { type DecisionWebhookSettings, readDecisionWebhook } from '@daypass/core/decision-webhook/settings.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'

/**
 * The decision webhook that the function's environment names. What it is shown as Authorization is read from its secret,
 * once per cold start: a function that cannot read it does not start, and answers nothing.
 */
export async function liveDecisionWebhook(): Promise<DecisionWebhookSettings | undefined> {
  const secretArn = process.env[ENVIRONMENT.decisionWebhookToken]
  if (secretArn === undefined) return readDecisionWebhook(process.env)
  const token = await secretReader()(secretArn)
  if (token === '') throw new Error(`The secret that ${ENVIRONMENT.decisionWebhookToken} names is empty.`)
  return readDecisionWebhook({ ...process.env, DAYPASS_POLICY_PLUGIN_AUTH_TOKEN: token })
}
