import type { Log } from '../deps.ts'
import { type Fetcher, guardedFetch } from '../net/guarded-fetch.ts'
import { parseAnswer } from './answer.ts'
import type { WebhookInput } from './input.ts'
import type { DecisionWebhookSettings } from './settings.ts'

/** `failed` refuses like `deny`, and says that asking again at once is of no use. */
export type WebhookVerdict = 'allow' | 'deny' | 'failed'

/** Asks the webhook one question; never rejects. */
export type AskWebhook = (input: WebhookInput) => Promise<WebhookVerdict>

/** The operator chose the webhook's address, so that any is allowed; time and size are limited all the same. */
export const webhookFetch = (): Fetcher => guardedFetch({ addresses: 'any', timeoutMs: 5_000, maxBytes: 64 * 1024 })

/**
 * Asks by MinIO's protocol: POST `{"input": …}`. Only a 200 whose JSON allows is an allow. A webhook that cannot be reached,
 * is late, redirects, answers with any other status, with more than 64 KiB or with no JSON refuses, and the log says why.
 */
export function decisionWebhook(
  { url, authorization }: DecisionWebhookSettings,
  { fetch, log }: { readonly fetch: Fetcher; readonly log: Log },
): AskWebhook {
  const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) }
  return async (input) => {
    try {
      const { status, body } = await fetch(url, {
        method: 'POST',
        allowHttp: true,
        headers,
        body: JSON.stringify({ input }),
      })
      if (status === 200) return parseAnswer(body) ? 'allow' : 'deny'
      log.warn({ event: 'decision-webhook-failed', reason: `status ${status}` })
    } catch (error) {
      log.warn({ event: 'decision-webhook-failed', reason: error instanceof Error ? error.message : String(error) })
    }
    return 'failed'
  }
}
