import { StsError } from '../errors.ts'
import type { IssuerKeyDeps } from '../identity/issuer-keys.ts'
import { invalidToken } from '../identity/refusal.ts'
import { type JsonObject, member, parseStrictJsonObject } from '../identity/strict-json.ts'
import { FetchFailed } from '../net/fetch-failed.ts'
import type { FetchedAnswer } from '../net/guarded-fetch.ts'
import type { SourceIdentity } from './openid-identity.ts'

/** RFC 6750 section 2.1, b64token. */
const BEARER = /^[\w.~+/-]{1,20000}=*$/

/**
 * The claims of a proven identity, with those that its source's UserInfo endpoint adds; the token's own always stay. The
 * answer must be of the token's own subject (OpenID Connect Core section 5.3.2). Throws InvalidIdentityToken when the
 * access token is not accepted or is another subject's, IDPCommunicationError when the endpoint fails.
 */
export async function claimsWithUserinfo(
  { fetch, log }: Pick<IssuerKeyDeps, 'fetch' | 'log'>,
  { source, identity, userinfoEndpoint }: SourceIdentity,
  accessToken: string,
): Promise<JsonObject> {
  if (!BEARER.test(accessToken)) throw invalidToken('the access token beside it has characters that no such token has')
  const url = URL.parse(userinfoEndpoint ?? '')
  if (!url) throw unavailable('its discovery document names no UserInfo endpoint')
  let answer: FetchedAnswer
  try {
    const headers = { authorization: `Bearer ${accessToken}` }
    answer = await fetch(url, { allowHttp: source.keySource.url.startsWith('http://'), headers })
  } catch (error) {
    if (!(error instanceof FetchFailed)) throw error
    // The failure's own cause may repeat what was sent.
    log.warn({ event: 'userinfo-unavailable', source: source.name, cause: `${error.name}: ${error.message}` })
    throw unavailable('the call failed')
  }
  if (answer.status === 401 || answer.status === 403) {
    throw invalidToken('the UserInfo endpoint of its issuer does not accept the access token')
  }
  if (answer.status !== 200) throw unavailable(`UserInfo answered with status ${answer.status}`)
  const told = parse(answer)
  if (member(told, 'sub') !== member(identity.claims, 'sub') || member(told, 'sub') === undefined) {
    throw invalidToken('UserInfo speaks of another subject')
  }
  // Built from entries, so that a claim named __proto__ stays a claim.
  return Object.fromEntries([...Object.entries(told), ...Object.entries(identity.claims)])
}

function parse({ body }: FetchedAnswer): JsonObject {
  try {
    return parseStrictJsonObject(body)
  } catch {
    throw unavailable('UserInfo answered no strict JSON object')
  }
}

const unavailable = (reason: string) =>
  new StsError(
    'IDPCommunicationError',
    'The UserInfo endpoint of the identity provider could not be used. Check that it can be reached and answers JSON, then try again.',
    { detail: { reason } },
  )
