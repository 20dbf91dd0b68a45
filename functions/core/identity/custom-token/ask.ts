import type { Log } from '../../deps.ts'
import { StsError } from '../../errors.ts'
import { FetchFailed } from '../../net/fetch-failed.ts'
import type { FetchedAnswer, Fetcher } from '../../net/guarded-fetch.ts'
import { type CustomIdentity, parseIdentity, parseReason, WrongAnswer } from './answer.ts'
import type { CustomTokenSource } from './source.ts'

export interface AskDeps {
  /** Limits time and size, and follows no redirect of a POST. */
  readonly fetch: Fetcher
  readonly log: Log
  /** Whether the caller is told the webhook's own reason for a no: it may tell which of several was asked. */
  readonly tellReason: boolean
}

/**
 * Asks the webhook whose a token is, by MinIO's protocol: POST with `?token=` and no body. Only a 200 with a whole answer
 * proves an identity. Throws AccessDenied when the webhook says no (403), IDPCommunicationError when it cannot be
 * reached, is late, redirects, or answers anything else; the log says why, and never holds the token.
 */
export async function verifyCustomToken(
  { fetch, log, tellReason }: AskDeps,
  source: CustomTokenSource,
  unverifiedToken: string,
): Promise<CustomIdentity> {
  const failed = (reason: string) => {
    log.warn({ event: 'identity-webhook-failed', source: source.name, reason })
    return new StsError(
      'IDPCommunicationError',
      'The identity webhook could not be used. Check that it can be reached and answers as documented, then try again.',
      { detail: { reason } },
    )
  }
  const answer = await answerOf(fetch, source, unverifiedToken).catch((error: unknown) => {
    // The failure's own cause may repeat the URL, which holds the token.
    throw error instanceof FetchFailed ? failed(error.message) : error
  })
  if (answer.status === 403) {
    const reason = tellReason ? parseReason(answer.body) : undefined
    throw new StsError(
      'AccessDenied',
      `The identity webhook does not accept the token${reason === undefined ? '.' : `: ${reason}`}`,
      { detail: { reason: 'the webhook answered 403' } },
    )
  }
  if (answer.status !== 200) throw failed(`it answered with status ${answer.status}`)
  try {
    return parseIdentity(answer.body)
  } catch (error) {
    throw error instanceof WrongAnswer ? failed(error.message) : error
  }
}

function answerOf(fetch: Fetcher, { url, authorization }: CustomTokenSource, token: string): Promise<FetchedAnswer> {
  const asked = new URL(url)
  asked.searchParams.set('token', token)
  const headers = authorization === undefined ? {} : { authorization }
  return fetch(asked, { method: 'POST', allowHttp: true, headers: { 'content-length': '0', ...headers } })
}
