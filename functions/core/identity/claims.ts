import { StsError } from '../errors.ts'
import { invalidToken } from './refusal.ts'
import { type Json, type JsonObject, member } from './strict-json.ts'

export interface ClaimRules {
  /** The registered URL, to the letter: a trailing slash makes another issuer. */
  readonly issuer: string
  /** Whom a token may be for; `any` only where the account's dialect or the operator says so. */
  readonly audiences: readonly string[] | 'any'
  /** Many strangers get tokens of this issuer and choose their own `azp`: only `aud` counts. */
  readonly sharedIssuer: boolean
  /** ClientGrants: a client's own token may lack `sub`; then `azp` or `client_id` is the subject. */
  readonly subject: 'sub' | 'sub or client'
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface AcceptedClaims {
  readonly issuer: string
  readonly subject: string
  /** The registered client id that the token is for; absent when any audience is accepted and the token has none. */
  readonly audience?: string
  readonly authorizedParty?: string
}

const LEEWAY_SECONDS = 60

/** OpenID Connect Core section 2 allows 255, but GitHub's customized subjects and long branches take more. */
const MAX_SUBJECT = 1024
/** XML cannot hold them, so that two subjects would look like one in the answer. */
const CONTROL = /[\p{Cc}\ufffe\uffff]/u

/**
 * Checks what a token claims against what was registered (RFC 7519 section 4.1, OpenID Connect Core section 2). `exp` is
 * exact; `nbf` and `iat` have a minute of leeway for clocks that differ. Says nothing about who signed the claims.
 * Throws ExpiredTokenException, or InvalidIdentityToken for any other flaw.
 */
export function verifyClaims(claims: JsonObject, rules: ClaimRules): AcceptedClaims {
  if (member(claims, 'iss') !== rules.issuer) throw invalidToken('its "iss" claim is not the URL of the provider')
  checkTimes(claims, rules.now / 1000)
  const azp = optionalText(claims, 'azp')
  const client = azp ?? optionalText(claims, 'client_id')
  const subject = optionalText(claims, 'sub') ?? (rules.subject === 'sub or client' ? client : undefined)
  if (subject === undefined) throw invalidToken('its "sub" claim is missing')
  if (subject.length > MAX_SUBJECT || CONTROL.test(subject)) {
    throw invalidToken(`its subject has more than ${MAX_SUBJECT} characters, or control characters`)
  }
  const audience = acceptedAudience(claims, rules)
  return {
    issuer: rules.issuer,
    subject,
    ...(audience === undefined ? {} : { audience }),
    ...(azp === undefined ? {} : { authorizedParty: azp }),
  }
}

function checkTimes(claims: JsonObject, now: number): void {
  const expires = optionalNumber(claims, 'exp')
  const notBefore = optionalNumber(claims, 'nbf')
  const issued = optionalNumber(claims, 'iat')
  if (expires === undefined) throw invalidToken('its "exp" claim is missing')
  if (now >= expires) {
    throw new StsError(
      'ExpiredTokenException',
      'The web identity token has expired. Get a new one from the identity provider.',
    )
  }
  if (notBefore !== undefined && notBefore > now + LEEWAY_SECONDS)
    throw invalidToken('its "nbf" claim lies in the future')
  if (issued !== undefined && issued > now + LEEWAY_SECONDS) throw invalidToken('its "iat" claim lies in the future')
}

/** Whether the claims name an audience that is accepted. Says nothing about who signed them. */
export function isMeantFor(claims: JsonObject, rules: Pick<ClaimRules, 'audiences' | 'sharedIssuer'>): boolean {
  try {
    acceptedAudience(claims, rules)
    return true
  } catch (error) {
    if (error instanceof StsError) return false
    throw error
  }
}

function acceptedAudience(
  claims: JsonObject,
  { audiences, sharedIssuer }: Pick<ClaimRules, 'audiences' | 'sharedIssuer'>,
): string | undefined {
  const named = audienceValues(claims)
  const clients = sharedIssuer ? [] : [optionalText(claims, 'azp'), optionalText(claims, 'client_id')]
  const candidates = [...named, ...clients.filter((client) => client !== undefined)]
  if (audiences === 'any') return candidates[0]
  const accepted = candidates.find((candidate) => audiences.includes(candidate))
  if (accepted === undefined) throw invalidToken('its audience is no client id of the provider')
  return accepted
}

/** `aud` is one string or a list of them (RFC 7519 section 4.1.3). */
export function audienceValues(claims: JsonObject): readonly string[] {
  const aud = member(claims, 'aud')
  if (aud === undefined) return []
  const values: readonly Json[] = Array.isArray(aud) ? aud : [aud]
  return values.map((value) => {
    if (typeof value !== 'string' || value === '') throw invalidToken('its "aud" claim is no string or list of strings')
    return value
  })
}

function optionalText(claims: JsonObject, name: string): string | undefined {
  const value = member(claims, name)
  if (value !== undefined && (typeof value !== 'string' || value === '')) {
    throw invalidToken(`its "${name}" claim is no string, or an empty one`)
  }
  return value
}

function optionalNumber(claims: JsonObject, name: string): number | undefined {
  const value = member(claims, name)
  if (value !== undefined && typeof value !== 'number') throw invalidToken(`its "${name}" claim is no number`)
  return value
}
