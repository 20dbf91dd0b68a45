import { asClient, type Client, discover, type Provider, verify } from '../../samples/login/provider.ts'
import { fetchJson, oauthError, text } from '../../samples/shared/http.ts'
import { ProgramError } from '../../samples/shared/program.ts'
import type { Renewal } from '../session/session.ts'
import { demandSafeTransport, type OpenIdLogin } from '../settings.ts'

/** The provider by its own document, none of whose endpoints may be read along with, unless that was allowed. */
export async function findProvider(login: OpenIdLogin, allowHttp: boolean): Promise<Provider> {
  const provider = await discover(login.configEndpoint)
  const { authorizationEndpoint, tokenEndpoint, keySet, revocationEndpoint } = provider
  demandSafeTransport('authorization endpoint', authorizationEndpoint, allowHttp)
  demandSafeTransport('token endpoint', tokenEndpoint, allowHttp)
  demandSafeTransport('key set', keySet, allowHttp)
  if (revocationEndpoint) demandSafeTransport('revocation endpoint', revocationEndpoint, allowHttp)
  return provider
}

/** The provider will not take the refresh token (any more): only the user can go on. */
export class RenewalRefused extends ProgramError {}

/**
 * Trades a refresh token for an id_token (RFC 6749 section 6) and proves that it is the same user's (OpenID Connect Core 1.0,
 * 12.2). `keep` is given the provider's new refresh token as soon as there is one, for the old one is then spent, whatever
 * comes next. Throws RenewalRefused when the provider says no, ProgramError when it cannot be asked.
 */
export async function renew(
  provider: Provider,
  client: Client,
  renewal: Renewal,
  keep: (next: Renewal) => Promise<void>,
): Promise<string> {
  const { ok, status, document } = await fetchJson('The token endpoint', provider.tokenEndpoint, {
    method: 'POST',
    ...asClient(provider, client, { grant_type: 'refresh_token', refresh_token: renewal.refreshToken }),
  })
  if (!ok) {
    const sentence = `The provider did not renew the login (${status}): ${oauthError(document)}.`
    throw status >= 500 || status === 429 ? new ProgramError(sentence) : new RenewalRefused(sentence)
  }
  const { refresh_token: next } = document
  if (typeof next === 'string' && next !== '') await keep({ ...renewal, refreshToken: next })
  if (document.id_token === undefined) throw new RenewalRefused('The provider renews without an id_token.')
  const idToken = text('The token endpoint', document, 'id_token')
  const { sub, nonce } = await verify(provider, client, idToken)
  if (sub !== renewal.subject || (nonce !== undefined && nonce !== renewal.nonce)) {
    throw new RenewalRefused('The id_token was refused: it is of another user or login.')
  }
  return idToken
}

/** Gives a refresh token back, where the provider has a place for it (RFC 7009). Throws ProgramError when it says no. */
export async function giveBack(provider: Provider, client: Client, refreshToken: string): Promise<void> {
  const { revocationEndpoint } = provider
  if (!revocationEndpoint) return
  const { headers, body } = asClient(provider, client, { token: refreshToken, token_type_hint: 'refresh_token' })
  // The answer has no body that means anything.
  const response = await fetch(revocationEndpoint, {
    ...{ method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(15_000) },
  }).catch((cause) => {
    throw new ProgramError(`${revocationEndpoint} cannot be reached.`, { cause })
  })
  await response.body?.cancel()
  if (!response.ok) throw new ProgramError(`The provider did not take its refresh token back (${response.status}).`)
}
