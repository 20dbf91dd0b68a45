import { hash } from 'node:crypto'
import { type Clock, systemClock } from '../deps.ts'
import { canonicalPath } from '../sigv4/canonical.ts'
import { type SigningCredentials, signHeaders } from '../sigv4/sign.ts'
import { type CredentialSource, environmentCredentials } from './credentials.ts'
import { type AwsService, serviceEndpoint } from './endpoint.ts'
import { awsErrorOf } from './error.ts'
import { type Answer, openTransport } from './transport.ts'

/** Region, endpoint and credentials come from the environment where this is silent. */
export interface AwsConfig {
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: SigningCredentials | CredentialSource
  readonly clock?: Clock
}

export interface AwsCall {
  readonly path?: string
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string
  readonly signal?: AbortSignal | undefined
}

/** One of AWS's services, as far as this deployment stands on it. */
export interface AwsClient {
  /**
   * Posts once, over a kept connection; repeating is the caller's, who knows what may happen twice. Rejects with AwsError for
   * an answer that is no success, and with Node.js's own error when there was none.
   */
  post(call: AwsCall): Promise<Answer>
  close(): void
}

/**
 * A client as small as a cold start wants it. The SDK's would be more than half of each function's bundle, and of the time
 * that it takes to start.
 */
export function awsClient(service: AwsService, config: AwsConfig = {}): AwsClient {
  const { region = process.env.AWS_REGION, credentials = environmentCredentials, clock = systemClock } = config
  if (!region) throw new Error('Set AWS_REGION to the region of the AWS services')
  const base = config.endpoint === undefined ? serviceEndpoint(service, region, process.env) : new URL(config.endpoint)
  const transport = openTransport()
  return {
    async post({ path = '/', headers = {}, body, signal }) {
      const url = new URL(base)
      url.pathname = base.pathname.replace(/\/$/, '') + path
      const method = 'POST'
      const own = typeof credentials === 'function' ? await credentials() : credentials
      // Every service but S3 takes the path, encoded as it is, encoded once more.
      const wish = {
        method,
        path: canonicalPath(url.pathname, 'normalized'),
        query: [],
        headers: { ...headers, host: url.host },
      }
      const signed = signHeaders(wish, hash('sha256', body), own, { region, service, now: clock.now() })
      const answer = await transport.send(url, { method, headers: signed, body, signal })
      if (answer.status >= 300 || answer.status < 200) throw awsErrorOf(answer)
      return answer
    },
    close: transport.close,
  }
}
