import type { Item } from '../store/port.ts'
import { ALL_ALGORITHMS, type Algorithm } from './algorithms.ts'
import { type AcceptedClaims, type ClaimRules, verifyClaims } from './claims.ts'
import { allowedAlgorithm } from './compact-jws.ts'
import { type IssuerKeyDeps, resolveVerificationKey } from './issuer-keys.ts'
import { invalidToken } from './refusal.ts'
import { verifySignature } from './signature.ts'
import type { KeyOwner } from './stored-keys.ts'
import type { JsonObject } from './strict-json.ts'
import type { UnverifiedToken } from './unverified-token.ts'

declare const proven: unique symbol

/** A token that its issuer signed, that is valid now and meant for a client of the provider. Only verifyWebIdentity makes one. */
export interface WebIdentity extends AcceptedClaims {
  readonly [proven]: true
  readonly providerArn: string
  readonly providerUrl: string
  /** The provider's URL without its scheme: what its condition keys begin with. */
  readonly providerName: string
  readonly claims: JsonObject
}

/** What is registered about the issuer: ours, never the token's. */
export interface WebIdentityProvider extends KeyOwner {
  readonly arn: string
  readonly clientIds: readonly string[]
}

export interface WebIdentityRequest {
  readonly token: UnverifiedToken
  readonly provider: WebIdentityProvider
  /** Whose keys must have signed. Default: the provider's own. */
  readonly keyOwner?: KeyOwner
  readonly sharedIssuer: boolean
  /** What issuerKeyLookupKeys named, in that order. */
  readonly items: readonly (Item | undefined)[]
  /** Default: every asymmetric one. */
  readonly algorithms?: readonly Algorithm[]
  /** Default: `sub` is required. */
  readonly subject?: ClaimRules['subject']
  /** Default: the provider's client ids; without any, whatever the account's dialect says. */
  readonly audiences?: ClaimRules['audiences']
}

/**
 * Proves who a token speaks of: a key of the registered issuer signed it with an allowed algorithm, and its claims are
 * valid here and now. Which role the identity may take is the trust policy's question. Throws ExpiredTokenException,
 * InvalidIdentityToken, IDPCommunicationError.
 */
export async function verifyWebIdentity(deps: IssuerKeyDeps, request: WebIdentityRequest): Promise<WebIdentity> {
  const { token, provider, sharedIssuer, items, algorithms = ALL_ALGORITHMS, subject = 'sub' } = request
  const algorithm = allowedAlgorithm(token, algorithms)
  // Before any key is looked for: a token of another issuer must not make us call this one.
  if (token.claimedIssuer !== provider.url) throw invalidToken('its "iss" claim is not the URL of the provider')
  const key = await resolveVerificationKey(deps, {
    owner: request.keyOwner ?? provider,
    kid: token.claimedKeyId,
    algorithm,
    items,
  })
  if (!verifySignature(algorithm, key, token.signingInput, token.signature)) {
    throw invalidToken('its signature does not match')
  }
  const claims = token.unverifiedClaims
  const audiences = request.audiences ?? audiencesOf(provider)
  const rules = { issuer: provider.url, audiences, sharedIssuer, subject, now: deps.clock.now() }
  return {
    ...verifyClaims(claims, rules),
    providerArn: provider.arn,
    providerUrl: provider.url,
    providerName: provider.name,
    claims,
  } as WebIdentity
}

/** Without client ids a provider of an account with a 12-digit id (AWS) accepts no token, any other (Ceph) every audience. */
function audiencesOf({ account, clientIds }: WebIdentityProvider): ClaimRules['audiences'] {
  return clientIds.length === 0 && !/^\d{12}$/.test(account) ? 'any' : clientIds
}
