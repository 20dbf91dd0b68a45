import { createHash, createHmac } from 'node:crypto'
import { canonicalPath, canonicalRequest, stringToSign } from '../functions/core/sigv4/canonical.ts'
import type { Credentials } from '../samples/shared/exchange.ts'
import { type Document, fetchJson } from '../samples/shared/http.ts'
import { ProgramError } from '../samples/shared/program.ts'

/** A session that is over already needs no end. */
const OVER = ['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId']

/**
 * Ends the session whose credentials these are (RevokeSessions without a parameter), and all that was made with it. Throws
 * ProgramError when the endpoint cannot be asked or says no. `now` is in milliseconds since the epoch.
 */
export async function revokeSession(endpoint: URL, credentials: Credentials, now: number): Promise<void> {
  const body = new URLSearchParams({ Action: 'RevokeSessions', Version: '2011-06-15' }).toString()
  const { ok, document } = await fetchJson('The STS endpoint', endpoint, {
    method: 'POST',
    headers: signedHeaders(endpoint, credentials, body, now),
    body,
  })
  const { Code, Message } = (document.Error ?? {}) as Document
  if (!ok && !OVER.includes(String(Code))) {
    throw new ProgramError(`The session could not be ended (${String(Code)}): ${String(Message)}`)
  }
}

/** AWS Signature Version 4 (IAM User Guide, "Create a signed AWS API request"), for STS. */
function signedHeaders(endpoint: URL, credentials: Credentials, body: string, now: number): Record<string, string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': time,
    'x-amz-security-token': credentials.SessionToken,
  }
  const signed = Object.entries({ ...headers, host: endpoint.host }).sort(([a], [b]) => (a < b ? -1 : 1))
  const path = canonicalPath(endpoint.pathname, 'normalized')
  const scope = [time.slice(0, 8), 'us-east-1', 'sts', 'aws4_request']
  const request = canonicalRequest('POST', path, '', signed, sha256(body))
  let key: string | Buffer = `AWS4${credentials.SecretAccessKey}`
  for (const part of scope) key = createHmac('sha256', key).update(part).digest()
  const signature = createHmac('sha256', key)
    .update(stringToSign(time, scope.join('/'), sha256(request)))
    .digest('hex')
  const names = signed.map(([name]) => name).join(';')
  const credential = `${credentials.AccessKeyId}/${scope.join('/')}`
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  return headers
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
