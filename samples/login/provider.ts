import { createHash, randomBytes } from 'node:crypto'
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { basic, fetchJson, oauthError, text } from '../shared/http.ts'
import { ProgramError } from '../shared/program.ts'

export interface Provider {
  readonly issuer: string
  readonly authorizationEndpoint: URL
  readonly tokenEndpoint: URL
  readonly keySet: URL
  /** Where refresh tokens are given back (RFC 7009), if there is such a place. */
  readonly revocationEndpoint?: URL
  /** Whether client secrets may go into an Authorization header, which is what servers must take unless they say otherwise. */
  readonly takesBasic: boolean
}

export interface Client {
  readonly id: string
  readonly secret?: string
}

/** What is made for one login and never used again. */
export interface LoginAttempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly redirectUri: string
}

export interface Login {
  /** As it goes on to the STS endpoint. */
  readonly idToken: string
  readonly claims: JWTPayload
  /** Where the provider gives one: it brings later id_tokens without the user. */
  readonly refreshToken?: string
}

/** Signatures that need no shared secret: `none` and HS* are never taken. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

const DISCOVERY = '/.well-known/openid-configuration'

/** Reads the provider's discovery document, which must name the issuer that it was found at (OpenID Connect Discovery 1.0, 4.3). */
export async function discover(configEndpoint: URL): Promise<Provider> {
  const { ok, status, document } = await fetchJson('The discovery document', configEndpoint)
  if (!ok) throw new ProgramError(`The discovery document at ${configEndpoint} was answered with ${status}.`)
  const issuer = text('The discovery document', document, 'issuer')
  if (issuer.replace(/\/$/, '') + DISCOVERY !== configEndpoint.href) {
    throw new ProgramError(
      `The discovery document at ${configEndpoint} is of the issuer ${issuer}: give the URL ${issuer.replace(/\/$/, '')}${DISCOVERY}.`,
    )
  }
  const endpoint = (member: string): URL => {
    const value = text('The discovery document', document, member)
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      throw new ProgramError(`The discovery document's ${member} is no http or https URL.`)
    }
    return new URL(value)
  }
  const methods = document.token_endpoint_auth_methods_supported
  return {
    issuer,
    authorizationEndpoint: endpoint('authorization_endpoint'),
    tokenEndpoint: endpoint('token_endpoint'),
    keySet: endpoint('jwks_uri'),
    ...(document.revocation_endpoint === undefined ? {} : { revocationEndpoint: endpoint('revocation_endpoint') }),
    takesBasic: !Array.isArray(methods) || methods.includes('client_secret_basic'),
  }
}

export function newAttempt(redirectUri: string): LoginAttempt {
  const random = () => randomBytes(32).toString('base64url')
  return { state: random(), nonce: random(), codeVerifier: random(), redirectUri }
}

/** Where the user logs in: authorization code with PKCE (RFC 7636), state and nonce. */
export function loginUrl(provider: Provider, client: Client, scopes: string, attempt: LoginAttempt): URL {
  const login = new URL(provider.authorizationEndpoint)
  const params = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: attempt.redirectUri,
    scope: scopes,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: createHash('sha256').update(attempt.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(params)) login.searchParams.set(name, value)
  return login
}

/** Trades the code for an id_token and proves that it is the provider's, for this client and this very login. */
export async function redeem(
  provider: Provider,
  client: Client,
  { redirectUri, codeVerifier, nonce }: LoginAttempt,
  code: string,
): Promise<Login> {
  const { ok, status, document } = await fetchJson('The token endpoint', provider.tokenEndpoint, {
    method: 'POST',
    ...asClient(provider, client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    }),
  })
  if (!ok) throw new ProgramError(`The token endpoint refused the code (${status}): ${oauthError(document)}.`)
  const idToken = text('The token endpoint', document, 'id_token')
  const claims = await verify(provider, client, idToken)
  if (claims.nonce !== nonce) throw new ProgramError('The id_token was refused: it was made for another login (nonce).')
  const { refresh_token: refreshToken } = document
  return { idToken, claims, ...(typeof refreshToken === 'string' ? { refreshToken } : {}) }
}

/** A form that a client sends to its provider, with its secret where the provider wants it (RFC 6749 section 2.3.1). */
export function asClient({ takesBasic }: Provider, client: Client, form: Readonly<Record<string, string>>) {
  const inHeader = client.secret !== undefined && takesBasic
  return {
    headers: {
      accept: 'application/json',
      ...(inHeader && client.secret !== undefined ? { authorization: basic(client.id, client.secret) } : {}),
    },
    body: new URLSearchParams({
      ...form,
      ...(inHeader ? {} : { client_id: client.id }),
      ...(inHeader || client.secret === undefined ? {} : { client_secret: client.secret }),
    }),
  }
}

/** OpenID Connect Core 1.0, 3.1.3.7: signature, issuer, audience, authorized party and times. The nonce is the caller's to compare. */
export async function verify({ issuer, keySet }: Provider, client: Client, idToken: string): Promise<JWTPayload> {
  let claims: JWTPayload
  try {
    const rules = { issuer, audience: client.id, algorithms: ALGORITHMS, requiredClaims: ['sub', 'iat', 'exp'] }
    claims = (await jwtVerify(idToken, createRemoteJWKSet(keySet), rules)).payload
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause
    throw new ProgramError(`The id_token was refused: ${cause.message}.`, { cause })
  }
  if (claims.azp !== undefined && claims.azp !== client.id) {
    throw new ProgramError('The id_token was refused: it was made for another client (azp).')
  }
  return claims
}
