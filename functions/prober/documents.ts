import type { HttpRequest, HttpResponse } from '@daypass/core/http/request.ts'
import type { ProbeKey } from './probe-key.ts'

/** Under the deployment's own URL, which no other issuer can have. */
export const ISSUER_PATH = '/_daypass/prober'
const DISCOVERY = `${ISSUER_PATH}/.well-known/openid-configuration`
const KEY_SET = `${ISSUER_PATH}/jwks.json`

export const DOCUMENT_PATHS = [DISCOVERY, KEY_SET] as const

/** What the exchanges fetch of the prober's issuer (OpenID Connect Discovery 1.0). */
export function answerDocument({ path }: Pick<HttpRequest, 'path'>, issuer: string, key: ProbeKey): HttpResponse {
  const base = issuer.slice(0, -ISSUER_PATH.length)
  switch (path) {
    case DISCOVERY:
      return json({
        issuer,
        jwks_uri: base + KEY_SET,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
      })
    case KEY_SET:
      return json({ keys: [key.publicJwk] })
    default:
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found\n' }
  }
}

const json = (document: unknown): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' },
  body: JSON.stringify(document),
})
