import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeCertificate } from '../../infra/local/certificates.ts'
import { startFakeIssuer } from '../../support/fake-issuer.ts'
import { temporaryFolder } from '../../support/local-host.ts'
import type { Cluster } from './cluster.ts'

/** Where no API server is installed: documents, claims and certificates as Kubernetes 1.36 has them, signed by real keys. */
export async function startClusterOfSameForm(): Promise<Cluster> {
  const keys = await startFakeIssuer({ algorithms: ['RS256'] })
  const folder = temporaryFolder()
  const authority = makeCertificate(folder, 'cluster-ca')
  const own = makeCertificate(folder, 'cluster', { names: ['localhost'], authority })
  const documents: Readonly<Record<string, () => object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      jwks_uri: `${issuer}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/openid/v1/jwks': () => keys.keySet(),
  }
  const server = createServer({ cert: readFileSync(own.cert), key: readFileSync(own.key) }, (request, response) => {
    const { url = '', headers } = request
    const document = documents[url]
    // The API server insists: a key set is no mere JSON.
    const type = url.endsWith('/jwks') ? 'application/jwk-set+json' : 'application/json'
    const asked = (headers.accept ?? '*/*').split(',').map((each) => each.split(';')[0]?.trim())
    const status = document ? (asked.includes(type) || asked.includes('*/*') ? 200 : 406) : 404
    response.writeHead(status, { 'content-type': type, 'cache-control': 'public, max-age=3600' })
    response.end(document && status === 200 ? JSON.stringify(document()) : undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`
  return {
    what: 'no Kubernetes is installed, so tokens of the same form',
    issuer,
    ca: authority.cert,
    token: async (namespace, name, audience) => {
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: issuer, aud: [audience], iat: now, nbf: now, exp: now + 3600, jti: randomUUID() }
      return keys.sign({
        ...claims,
        'kubernetes.io': { namespace, serviceaccount: { name, uid: randomUUID() } },
        sub: `system:serviceaccount:${namespace}:${name}`,
      })
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await keys.close()
    },
  }
}
