import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/local-host.ts'
import { type CountingProxy, startCountingProxy } from '../shared/counting-proxy.ts'
import { freePort, startPart } from '../shared/part.ts'

/** Both users of each Dex have it; the hash is bcrypt's. */
export const PASSWORD = 'alice-pw'
const HASH = '$2b$10$6agx9e8PyKhApcGZMdKhS.CI1p41pOtJ6.0fDGcoS3AOZ9JxMaMmW'
export const CLIENT_SECRET = 'minio-secret'

export interface Dex {
  readonly issuer: string
  /** Counts what is fetched from this Dex. */
  readonly proxy: CountingProxy
  stop(): Promise<void>
}

interface DexOptions {
  /** Where the samples of these runs come back to. */
  readonly callbackPort?: number
  /** A duration as Go writes it. */
  readonly idTokens?: string
}

/** A Dex with two users behind a counting proxy, whose address is its issuer's. */
export async function startDex(folder: string, { callbackPort = 1, idTokens = '15m' }: DexOptions = {}): Promise<Dex> {
  const port = await freePort()
  const proxy = await startCountingProxy(() => `http://127.0.0.1:${port}`)
  const issuer = `${proxy.origin}/dex`
  const redirectURIs = [`http://127.0.0.1:${callbackPort}/oauth2/callback`]
  const user = (name: string, userID: string) => ({ email: `${name}@example.com`, username: name, userID, hash: HASH })
  const file = join(temporaryFolder(), 'dex.json')
  // YAML holds JSON.
  writeFileSync(
    file,
    JSON.stringify({
      issuer,
      storage: { type: 'memory' },
      web: { http: `127.0.0.1:${port}` },
      logger: { level: 'error' },
      oauth2: { skipApprovalScreen: true, passwordConnector: 'local' },
      expiry: { idTokens, signingKeys: '1h' },
      enablePasswordDB: true,
      staticClients: [
        { id: 'app', name: 'App', public: true, redirectURIs },
        { id: 'minio', name: 'MinIO', secret: CLIENT_SECRET, redirectURIs },
        { id: 'unregistered', name: 'Other', public: true, redirectURIs },
      ],
      staticPasswords: [
        user('alice', '08a8684b-db88-4b73-90a9-3cd1661f5466'),
        user('bob', '1b2c3d4e-db88-4b73-90a9-3cd1661f5466'),
      ],
    }),
  )
  const dex = await startPart(join(folder, 'dex'), ['serve', file], `http://127.0.0.1:${port}/dex/healthz`)
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= dex.stop().then(proxy.close)
    return stopped
  }
  return { issuer, proxy, stop }
}

/** An id_token without a page (resource owner password credentials, RFC 6749 section 4.3). */
export async function passwordGrant(issuer: string, client: string, user = 'alice'): Promise<string> {
  const secret = client === 'minio' ? CLIENT_SECRET : ''
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'password',
      scope: 'openid email profile',
      username: `${user}@example.com`,
      password: PASSWORD,
    }),
  })
  const { id_token } = (await answer.json()) as { id_token?: unknown }
  if (typeof id_token !== 'string') throw new Error(`Dex gave no id_token (${answer.status})`)
  return id_token
}
