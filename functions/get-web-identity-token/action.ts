import { hash, randomUUID } from 'node:crypto'
import type { GetWebIdentityTokenRequest, GetWebIdentityTokenResponse } from '@aws-sdk/client-sts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { type CallerAndRows, queryCallerAlongside } from '@daypass/core/authentication/query-caller.ts'
import type { Rows } from '@daypass/core/authentication/rows.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { ownIssuer } from '@daypass/core/issuer/own-issuer.ts'
import { findSigningKey, SIGNING_ALGORITHMS, type SigningAlgorithm } from '@daypass/core/issuer/signing-keys.ts'
import { getWebIdentityTokenModel } from '@daypass/core/model/sts/get-web-identity-token.ts'
import { sessionEnd } from '@daypass/core/sessions/duration.ts'
import { requestTagKeys, type SessionTags, sessionTags } from '@daypass/core/sessions/session-tags.ts'
import { parseAccount } from '@daypass/core/store/entities/account.ts'
import { accountKey } from '@daypass/core/store/keys.ts'
import { SignJWT } from 'jose'
import { callerClaims } from './claims.ts'

export interface WebIdentityTokenDeps extends CredentialDeps {
  /** Where the deployment runs, for the claim `source_region`; absent on one machine. */
  readonly region?: string
}

const FIVE_MINUTES = 300
/** In bytes: with its signature the token still fits the headers that verifiers read it from. */
const MOST_PAYLOAD = 8192

/**
 * GetWebIdentityToken: a token of the deployment's own issuer that tells another service who the caller is. It gives no
 * rights here. An administrator must have enabled it for the account, and it never outlives the caller's session.
 */
export function getWebIdentityToken(deps: WebIdentityTokenDeps): QueryOperation {
  return signedOperation<GetWebIdentityTokenRequest, GetWebIdentityTokenResponse, CallerAndRows>(
    getWebIdentityTokenModel,
    (exchange) => queryCallerAlongside(deps, 'sts', exchange, []),
    (input, exchange, caller) => issueToken(deps, input, exchange, caller),
  )
}

async function issueToken(
  deps: WebIdentityTokenDeps,
  { Audience: audience = [], DurationSeconds = FIVE_MINUTES, SigningAlgorithm, Tags }: GetWebIdentityTokenRequest,
  exchange: Exchange,
  { caller, rows }: CallerAndRows,
): Promise<GetWebIdentityTokenResponse> {
  const { request, startedAt, audit } = exchange
  const alg = signingAlgorithm(SigningAlgorithm)
  const tags = sessionTags(caller.account, { Tags })
  await demandRights(deps, exchange, caller, tags, { audience, DurationSeconds, alg })
  await requireEnabled(rows, caller.account)
  const expiresAt = sessionEnd(startedAt, DurationSeconds)
  if (caller.session && expiresAt > caller.session.expiresAt) {
    throw new StsError(
      'SessionDurationEscalationException',
      'The requested token duration would extend the session beyond its original expiration time: ask for a shorter DurationSeconds.',
    )
  }
  const issuer = ownIssuer(request)
  if (issuer === undefined) throw new StsError('ValidationError', 'The Host header must name the host that is asked')
  const [first, ...more] = audience
  const payload = {
    iss: issuer,
    aud: first !== undefined && more.length === 0 ? first : audience,
    iat: sessionEnd(startedAt, 0),
    exp: expiresAt,
    jti: randomUUID(),
    ...callerClaims(caller, tags, deps.region),
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > MOST_PAYLOAD) {
    throw new StsError(
      'JWTPayloadSizeExceededException',
      'The requested token payload size exceeds the maximum allowed size. Pass fewer or shorter tags and audiences.',
    )
  }
  const { kid, privateKey } = await findSigningKey(deps, alg)
  const token = await new SignJWT(payload).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(privateKey)
  audit.audience = audience
  audit.tokenId = payload.jti
  audit.tokenSha256 = hash('sha256', token)
  return { WebIdentityToken: token, Expiration: new Date(expiresAt * 1000) }
}

/** The model knows the length alone. */
function signingAlgorithm(asked: string | undefined): SigningAlgorithm {
  const known = SIGNING_ALGORITHMS.find((alg) => alg === asked)
  if (!known) throw new StsError('ValidationError', `SigningAlgorithm must be one of ${SIGNING_ALGORITHMS.join(', ')}`)
  return known
}

/** AWS's two permissions on `*`, with the condition keys that narrow them (IAM User Guide, "Controlling access with IAM policies"). */
async function demandRights(
  { sessionRing }: WebIdentityTokenDeps,
  { request, startedAt: now }: Exchange,
  caller: Caller,
  tags: SessionTags,
  asked: { audience: readonly string[]; DurationSeconds: number; alg: SigningAlgorithm },
): Promise<void> {
  const context = new Map<string, readonly string[]>([
    ['sts:IdentityTokenAudience', asked.audience],
    ['sts:DurationSeconds', [String(asked.DurationSeconds)]],
    ['sts:SigningAlgorithm', [asked.alg]],
    ...requestTagKeys(tags),
  ])
  const about = { resource: '*', context, request, now }
  await demand(sessionRing, caller, { ...about, action: 'sts:GetWebIdentityToken' })
  if (tags.passed.length > 0) await demand(sessionRing, caller, { ...about, action: 'sts:TagGetWebIdentityToken' })
}

async function requireEnabled(rows: Rows, account: string): Promise<void> {
  await rows.load([accountKey(account)])
  const item = rows.get(accountKey(account))
  if (item && parseAccount(item).outboundFederation) return
  throw new StsError(
    'OutboundWebIdentityFederationDisabledException',
    'The outbound web identity federation feature is not enabled for this account: an administrator can enable it with EnableOutboundWebIdentityFederation.',
  )
}
