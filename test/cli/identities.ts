import { entry, OP, result, startWireServer, type WireServer } from '../core/identity/ldap/wire-server.ts'
import {
  startTokenEndpoint,
  type TokenAnswer,
  type TokenEndpoint,
  type TokenRequest,
} from '../samples/token-endpoint.ts'
import { altered, type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'

/** An OpenID provider whose token endpoint, which takes tokens back too, answers as a test tells it. */
export interface FakeProvider {
  readonly issuer: FakeIssuer
  readonly tokens: TokenEndpoint
  /** What the token endpoint answers. Default: an id_token for the login that the nonce is of. */
  answer: (request: TokenRequest) => TokenAnswer | Promise<TokenAnswer>
  /** Of the login that goes on. */
  nonce: string
  idToken(claims?: Readonly<Record<string, unknown>>): string
  close(): Promise<void>
}

export async function startFakeProvider(more: Readonly<Record<string, unknown>> = {}): Promise<FakeProvider> {
  const issuer = await startFakeIssuer()
  const tokens = await startTokenEndpoint((request) => provider.answer(request))
  issuer.misbehave.discovery = altered((document) => ({
    ...document,
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint: tokens.url,
    revocation_endpoint: `${tokens.url}/revocation`,
    ...more,
  }))
  const provider: FakeProvider = {
    issuer,
    tokens,
    nonce: '',
    answer: () => ({ body: { id_token: provider.idToken() } }),
    idToken: (claims = {}) => issuer.sign({ sub: 'alice', aud: 'app', nonce: provider.nonce, ...claims }),
    async close() {
      tokens.close()
      await issuer.close()
    },
  }
  return provider
}

/** Comes back from the login as a browser would, by the link that the program printed. */
export function comeBack(provider: FakeProvider, link: string, params: Readonly<Record<string, string>> = {}) {
  const login = new URL(link)
  provider.nonce = login.searchParams.get('nonce') ?? ''
  const state = login.searchParams.get('state') ?? ''
  const callback = new URLSearchParams({ state, code: 'c', ...params })
  return fetch(`${login.searchParams.get('redirect_uri')}?${callback}`)
}

export const ALICE = { name: 'alice', password: 'alice-pw-of-the-test' } as const

/** A directory that knows Alice, and the settings of a local host for it. */
export async function startFakeLdap(): Promise<{ server: WireServer; env: Readonly<Record<string, string>> }> {
  const server = await startWireServer(({ id, op, bytes }, socket) => {
    const says = (text: string) => bytes.includes(text)
    if (op === OP.bind) socket.write(result(id, 0x61, says(ALICE.password) || says('lookup-pw') ? 0 : 49))
    if (op !== OP.search) return
    if (says('alice')) socket.write(entry(id, 'uid=alice,dc=example', {}))
    socket.write(result(id, 0x65, 0))
  })
  const settings = {
    SERVER_ADDR: `127.0.0.1:${server.port}`,
    SERVER_INSECURE: 'on',
    LOOKUP_BIND_DN: 'cn=lookup,dc=example',
    LOOKUP_BIND_PASSWORD: 'lookup-pw',
    USER_DN_SEARCH_BASE_DN: 'dc=example',
    USER_DN_SEARCH_FILTER: '(uid=%s)',
  }
  const env = Object.entries(settings).map(([name, value]) => [`DAYPASS_IDENTITY_LDAP_${name}`, value])
  return { server, env: Object.fromEntries(env) }
}
