import type { Secrets } from '../shared/secrets.ts'

interface Tokens {
  readonly idToken: string
  readonly accessToken: string
}

const SECRETS: Readonly<Record<string, string>> = { minio: 'minio-secret', service: 'service-secret' }

/** Tokens of Keycloak's realm without a page. What they are worth is kept in `secrets`. */
export function tokensOf(issuer: string, secrets: Secrets) {
  const ask = async (client: string, params: Readonly<Record<string, string>>): Promise<Tokens> => {
    const secret = SECRETS[client]
    const answer = await fetch(`${issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client, ...(secret ? { client_secret: secret } : {}), ...params }),
    })
    const { id_token = '', access_token } = (await answer.json()) as { id_token?: string; access_token?: string }
    if (access_token === undefined) throw new Error(`Keycloak gave ${client} no token (${answer.status})`)
    if (id_token !== '') secrets.keep(id_token)
    return { idToken: id_token, accessToken: secrets.keep(access_token) }
  }
  for (const secret of Object.values(SECRETS)) secrets.keep(secret)
  return {
    /** Resource owner password credentials (RFC 6749 section 4.3). */
    ofUser: (client: string, user: string) =>
      ask(client, { grant_type: 'password', scope: 'openid', username: user, password: secrets.keep(`${user}-pw`) }),
    /** Client credentials (section 4.4). */
    ofService: (client: string) => ask(client, { grant_type: 'client_credentials' }),
  }
}

export const headerOf = (token: string): { kid: string } =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
