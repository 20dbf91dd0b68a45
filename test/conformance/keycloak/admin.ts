import assert from 'node:assert/strict'

type Json = Readonly<Record<string, unknown>>

/** Changes the realm of a running Keycloak as its administrator does (Keycloak's admin REST API). */
export function adminOf(issuer: string) {
  const [base = '', realm = ''] = issuer.split('/realms/')
  const call = async (method: string, path: string, body?: Json): Promise<unknown> => {
    // A token lives for a minute only.
    const login = await fetch(`${base}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: 'admin-cli',
        username: 'admin',
        password: 'admin',
      }),
    })
    const { access_token } = (await login.json()) as Json
    const answer = await fetch(`${base}/admin/realms/${realm}${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const only = async (path: string): Promise<Json & { readonly id: string }> => {
    const found = (await call('GET', path)) as (Json & { readonly id: string })[]
    assert.equal(found.length, 1, path)
    return found[0] as Json & { readonly id: string }
  }
  const userOf = (name: string) => only(`/users?exact=true&username=${name}`)
  const clientOf = (id: string) => only(`/clients?clientId=${id}`)

  return {
    /** A new RSA key that signs from now on; the others stay published. */
    async addSigningKey(name: string, priority: number): Promise<void> {
      const { id: parentId } = (await call('GET', '')) as Json
      const config = { priority: [String(priority)], enabled: ['true'], active: ['true'], algorithm: ['RS256'] }
      const provider = { providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider' }
      await call('POST', '/components', { name, parentId, ...provider, config })
    },
    /** Takes a key out of the key set that is published. */
    async withdrawKey(kid: string): Promise<void> {
      const { keys } = (await call('GET', '/keys')) as { keys: readonly { kid: string; providerId: string }[] }
      const provider = keys.find((key) => key.kid === kid)?.providerId
      const component = (await call('GET', `/components/${provider}`)) as { config: Json }
      const config = { ...component.config, enabled: ['false'], active: ['false'] }
      await call('PUT', `/components/${provider}`, { ...component, config })
    },
    async joinGroup(user: string, group: string): Promise<void> {
      const [{ id: userId }, { id: groupId }] = [await userOf(user), await only(`/groups?exact=true&search=${group}`)]
      await call('PUT', `/users/${userId}/groups/${groupId}`)
    },
    async setPolicy(user: string, policy: readonly string[]): Promise<void> {
      const found = await userOf(user)
      await call('PUT', `/users/${found.id}`, { ...found, attributes: { policy } })
    },
    /** Whether users are asked for their consent to a client. */
    async askForConsent(client: string, consentRequired: boolean): Promise<void> {
      const found = await clientOf(client)
      await call('PUT', `/clients/${found.id}`, { ...found, consentRequired })
    },
    /** A public client whose tokens name no policy: UserInfo alone does. */
    async addClientWithUserInfoOnly(clientId: string): Promise<void> {
      const config = {
        'user.attribute': 'policy',
        'claim.name': 'policy',
        'jsonType.label': 'String',
        multivalued: 'true',
        'id.token.claim': 'false',
        'access.token.claim': 'false',
        'userinfo.token.claim': 'true',
      }
      const mapper = { name: 'policy', protocol: 'openid-connect', protocolMapper: 'oidc-usermodel-attribute-mapper' }
      const protocolMappers = [{ ...mapper, config }]
      await call('POST', '/clients', { clientId, publicClient: true, directAccessGrantsEnabled: true, protocolMappers })
    },
  }
}

export type Admin = ReturnType<typeof adminOf>
