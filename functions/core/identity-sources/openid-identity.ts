import { oidcProviderArn } from '../arn.ts'
import type { Rows } from '../authentication/rows.ts'
import { StsError } from '../errors.ts'
import { ALL_ALGORITHMS } from '../identity/algorithms.ts'
import { type ClaimRules, isMeantFor } from '../identity/claims.ts'
import { allowedAlgorithm } from '../identity/compact-jws.ts'
import { type IssuerKeyDeps, type KeyRequest, refreshKeySet } from '../identity/issuer-keys.ts'
import { issuerUnavailable } from '../identity/refusal.ts'
import { issuerKeyLookupKeys, type KeyOwner, parseKeyList } from '../identity/stored-keys.ts'
import type { UnverifiedToken } from '../identity/unverified-token.ts'
import { verifyWebIdentity, type WebIdentity } from '../identity/web-identity.ts'
import { findSharedIssuer } from '../policy/shared-issuers.ts'
import { withoutScheme } from '../store/entities/oidc-provider.ts'
import type { Item, Key } from '../store/port.ts'
import type { OpenIdSource } from './openid-source.ts'

/** An identity that was proven by a configured source. */
export interface SourceIdentity {
  readonly source: OpenIdSource
  readonly identity: WebIdentity
  /** As the source's discovery document has it. */
  readonly userinfoEndpoint?: string
}

/** A source that may have issued a token, with its keys as they were read. */
export interface Candidate {
  readonly source: OpenIdSource
  readonly owner: KeyOwner
  readonly items: readonly (Item | undefined)[]
  /** Who its tokens say that they are from; `undefined` when that is not known. */
  readonly issuer: string | undefined
  readonly userinfoEndpoint?: string
}

/**
 * Services of shared issuers that give a token with some audience to nobody but that audience's registered client. The
 * others let whoever runs a job there choose the audience, so that it proves nothing, and only a role can ask for more.
 */
const AUDIENCE_PROVES = new Set(['Google', 'Microsoft Entra, personal and all tenants', 'Amazon Cognito'])

/** No provider's name holds a `?`, so the keys of a source are nobody else's. */
const ownerOf = ({ account, name, keySource }: OpenIdSource): KeyOwner => ({
  account,
  name: `?openid/${name}`,
  url: keySource.url,
  keySource,
})

/** The rows of the sources' keys, for a caller that reads them together with other rows. */
export const sourceKeyRows = (sources: readonly OpenIdSource[], claimedKeyId: string | undefined): readonly Key[] =>
  sources.flatMap((source) => lookupKeys(source, claimedKeyId))

const lookupKeys = (source: OpenIdSource, claimedKeyId: string | undefined) =>
  issuerKeyLookupKeys(source.account, ownerOf(source).name, claimedKeyId)

/**
 * The sources that may have issued a token, by what it claims and what is known: those whose issuer it names; when there is
 * none, those of a bare key set, which do not say who signs. Rows of `sourceKeyRows` must be loaded. A discovery document
 * that was not read yet, or not lately, is read first, once nothing else fits. Throws IDPCommunicationError when a source
 * that cannot be reached may be the one.
 */
export async function findCandidates(
  deps: IssuerKeyDeps,
  sources: readonly OpenIdSource[],
  token: UnverifiedToken,
  rows: Rows,
): Promise<readonly Candidate[]> {
  const algorithm = allowedAlgorithm(token, ALL_ALGORITHMS)
  const known = sources.map((source) =>
    candidate(
      source,
      lookupKeys(source, token.claimedKeyId).map((key) => rows.get(key)),
    ),
  )
  const named = known.filter(({ issuer }) => issuer === token.claimedIssuer)
  if (named.length > 0) return named
  const fresh = await Promise.all(known.map((each) => refreshed(deps, each, token.claimedKeyId, algorithm)))
  const nowNamed = fresh.filter(({ issuer }) => issuer === token.claimedIssuer)
  if (nowNamed.length > 0) return nowNamed
  const open = fresh.filter(({ source }) => source.keySource.kind === 'jwks' && source.keySource.issuer === undefined)
  if (open.length === 0 && fresh.some(({ issuer }) => issuer === undefined)) throw issuerUnavailable()
  return open
}

function candidate(source: OpenIdSource, items: readonly (Item | undefined)[]): Candidate {
  const owner = ownerOf(source)
  const { keySource } = source
  const { issuer: told, userinfoEndpoint } = parseKeyList(items[0], owner)
  // What the operator says counts before what an older list says.
  const issuer = keySource.issuer ?? (keySource.kind === 'config-url' ? told : undefined)
  return { source, owner, items, issuer, ...(userinfoEndpoint === undefined ? {} : { userinfoEndpoint }) }
}

async function refreshed(
  deps: IssuerKeyDeps,
  known: Candidate,
  kid: string | undefined,
  algorithm: KeyRequest['algorithm'],
): Promise<Candidate> {
  const { source, owner, items } = known
  // Of a bare key set, and where the operator says who the issuer is, nothing is to be learned here.
  if (source.keySource.kind === 'jwks' || source.keySource.issuer !== undefined) return known
  if (!(await refreshKeySet(deps, { owner, kid, algorithm, items }))) return known
  return candidate(source, await deps.store.getMany(lookupKeys(source, kid)))
}

/**
 * Proves that one of these sources issued the token to one of its clients. Sources that read claims come before those with a
 * role policy, and among sources of one issuer the token's audience chooses. Throws ExpiredTokenException,
 * InvalidIdentityToken, IDPCommunicationError or, for a shared issuer that lets strangers choose the audience, AccessDenied.
 */
export async function verifyBySource(
  deps: IssuerKeyDeps,
  candidates: readonly Candidate[],
  token: UnverifiedToken,
  subject: ClaimRules['subject'],
): Promise<SourceIdentity> {
  const sharedIssuer = findSharedIssuer(withoutScheme(token.claimedIssuer))
  const shared = sharedIssuer !== undefined
  const ordered = [...candidates].sort((a, b) => rank(a) - rank(b))
  const meant = ordered.filter(({ source }) =>
    isMeantFor(token.unverifiedClaims, { audiences: audiencesOf(source), sharedIssuer: shared }),
  )
  let refusal: unknown
  for (const each of meant.length > 0 ? meant : ordered.slice(0, 1)) {
    try {
      const identity = await verifyBy(deps, each, token, subject, shared)
      refuseChosenAudience(each.source, sharedIssuer?.service)
      const { source, userinfoEndpoint } = each
      return { source, identity, ...(userinfoEndpoint === undefined ? {} : { userinfoEndpoint }) }
    } catch (error) {
      if (!(error instanceof StsError)) throw error
      refusal ??= error
    }
  }
  throw refusal
}

const rank = ({ source }: Candidate) => (source.rolePolicy === undefined ? 0 : 1)

const audiencesOf = ({ clientId }: OpenIdSource): ClaimRules['audiences'] =>
  clientId === undefined ? 'any' : [clientId]

async function verifyBy(
  deps: IssuerKeyDeps,
  { source, owner, items, issuer }: Candidate,
  token: UnverifiedToken,
  subject: ClaimRules['subject'],
  sharedIssuer: boolean,
): Promise<WebIdentity> {
  const url = issuer ?? token.claimedIssuer
  const name = withoutScheme(url)
  const { account, clientId } = source
  return verifyWebIdentity(deps, {
    token,
    provider: {
      account,
      url,
      name,
      arn: oidcProviderArn(account, name),
      clientIds: clientId === undefined ? [] : [clientId],
    },
    keyOwner: owner,
    sharedIssuer,
    items,
    subject,
    audiences: audiencesOf(source),
  })
}

function refuseChosenAudience(source: OpenIdSource, service: string | undefined): void {
  if (service === undefined || (AUDIENCE_PROVES.has(service) && source.clientId !== undefined)) return
  throw new StsError(
    'AccessDenied',
    `Tokens of ${service} are given to everyone: they give rights only through a role whose trust policy names your own subjects.`,
    { detail: { reason: `${service} is a shared issuer` } },
  )
}
