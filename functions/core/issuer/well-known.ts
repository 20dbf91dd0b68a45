import type { HttpRequest, HttpResponse } from '../http/request.ts'
import type { Store } from '../store/port.ts'
import { ownIssuer } from './own-issuer.ts'
import { readPublicSigningKeys, SIGNING_ALGORITHMS } from './signing-keys.ts'

export const DISCOVERY_PATH = '/.well-known/openid-configuration'
export const KEY_SET_PATH = '/.well-known/jwks.json'
export const HEALTH_PATH = '/_daypass/health'

/**
 * The documents of the deployment's own issuer (OpenID Connect Discovery 1.0) and its health; `undefined` for any other
 * request.
 */
export async function answerDocument(store: Store, request: HttpRequest): Promise<HttpResponse | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
  switch (request.path) {
    case HEALTH_PATH:
      return json({ status: 'ready' }, 'no-store')
    case DISCOVERY_PATH:
      return discoveryAt(request)
    case KEY_SET_PATH:
      return json({ keys: await readPublicSigningKeys(store) })
    default:
      return undefined
  }
}

function discoveryAt(request: HttpRequest): HttpResponse {
  const issuer = ownIssuer(request)
  if (issuer === undefined)
    return { status: 400, headers: { 'content-type': 'text/plain' }, body: 'The Host header names no host.\n' }
  const answer = json(discovery(issuer))
  return { ...answer, headers: { ...answer.headers, vary: 'Host' } }
}

function discovery(issuer: string) {
  return {
    issuer,
    jwks_uri: issuer + KEY_SET_PATH,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'https://sts.amazonaws.com/'],
  }
}

function json(document: unknown, cacheControl = 'public, max-age=3600'): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': cacheControl },
    body: JSON.stringify(document),
  }
}
