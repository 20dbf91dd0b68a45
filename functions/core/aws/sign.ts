import { createHmac, hash } from 'node:crypto'
import { canonicalHeaderValue, canonicalPath, canonicalRequest, stringToSign } from '../sigv4/canonical.ts'
import { deriveSigningKey } from '../sigv4/signing-key.ts'
import { formatBasicTimestamp } from '../sigv4/timestamp.ts'
import type { AwsCredentials } from './credentials.ts'

/** A request to AWS, without a query. */
export interface RequestToSign {
  readonly method: string
  readonly url: URL
  /** Names in lower case; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Makes the headers that a request is sent with. */
export type Signer = (request: RequestToSign, credentials: AwsCredentials, now: number) => Record<string, string>

/**
 * Signs requests to one service in one region by SigV4 (IAM User Guide, "Create a signed AWS API request"), and keeps the key
 * of the day. `now` in milliseconds since the epoch.
 */
export function requestSigner(service: string, region: string): Signer {
  let last: { readonly of: string; readonly key: ReturnType<typeof deriveSigningKey> } | undefined
  const keyFor = (secret: string, date: string) => {
    const of = `${date}/${secret}`
    if (last?.of !== of) last = { of, key: deriveSigningKey(secret, { date, region, service }) }
    return last.key
  }
  return ({ method, url, headers, body }, { accessKeyId, secretAccessKey, sessionToken }, now) => {
    const timestamp = formatBasicTimestamp(now)
    const date = timestamp.slice(0, 8)
    const signed: Record<string, string> = {
      ...headers,
      host: url.host,
      'x-amz-date': timestamp,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    }
    const names = Object.keys(signed).sort()
    const values = names.map((name) => [name, canonicalHeaderValue(signed[name] ?? '')] as const)
    const path = canonicalPath(url.pathname, 'normalized')
    const request = canonicalRequest(method, path, '', values, hash('sha256', body))
    const scope = `${date}/${region}/${service}/aws4_request`
    const text = stringToSign(timestamp, scope, hash('sha256', request))
    const signature = createHmac('sha256', keyFor(secretAccessKey, date)).update(text).digest('hex')
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
    return { ...signed, authorization }
  }
}
