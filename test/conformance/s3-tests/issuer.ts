import { once } from 'node:events'
import { createServer } from 'node:http'
import { compactJws, makeFakeKey, publicJwk } from '../../support/fake-issuer.ts'

/** Where the suite's web identity tests expect Keycloak; the address is written in them. */
const HOST = 'localhost'
const PORT = 8080
export const REALM = 'demorealm'
const ISSUER = `http://${HOST}:${PORT}/auth/realms/${REALM}`
const HOUR = 3600

/** What the suite's configuration tells of the realm: two access tokens as Keycloak makes them, and what is in them. */
export interface Realm {
  /** Of a client. */
  readonly token: string
  /** Of a user whose attribute became session tags. */
  readonly userToken: string
  readonly sub: string
  readonly aud: string
  readonly azp: string
  close(): Promise<void>
}

/** Serves the realm's discovery document and keys at the address of the suite. */
export async function startRealm(): Promise<Realm> {
  const key = makeFakeKey('RS256')
  const documents: Readonly<Record<string, object>> = {
    '/.well-known/openid-configuration': { issuer: ISSUER, jwks_uri: `${ISSUER}/certs` },
    '/certs': { keys: [publicJwk(key)] },
  }
  const server = createServer(({ url = '' }, response) => {
    const document = documents[url.replace(new URL(ISSUER).pathname, '')]
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  server.listen(PORT, HOST)
  await once(server, 'listening')

  const [aud, azp] = ['account', 'myclient']
  const sub = 'f6ec3c2c-2ad8-4a1d-a5b7-5f3e0c1a9d11'
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, aud, azp, sub, typ: 'Bearer', iat: now, exp: now + 6 * HOUR }
  const tags = { principal_tags: { Department: ['Engineering', 'Marketing'] } }
  const header = { alg: key.alg, kid: key.kid, typ: 'JWT' }
  return {
    token: compactJws(header, claims, key),
    userToken: compactJws(header, { ...claims, 'https://aws.amazon.com/tags': tags }, key),
    sub,
    aud,
    azp,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
