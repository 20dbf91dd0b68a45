import type { Effect, ParsedPolicy, Statement } from './document.ts'
import type { Naming } from './principal.ts'
import { namingIn, type PreparedRequest, prepareRequest, unmetPart } from './statement-match.ts'
import type { AuthorizationRequest, RequestPrincipal } from './types.ts'

/** A policy and the name under which a decision speaks of it. */
export interface NamedPolicy {
  readonly name: string
  readonly policy: ParsedPolicy
}

/** Everything that has a say in one request. */
export interface PolicySet {
  readonly identity: readonly NamedPolicy[]
  readonly boundary?: NamedPolicy
  /** Absent: no session policy. Present: their union limits the session, an empty list to nothing. */
  readonly session?: readonly NamedPolicy[]
  /** The resource's own policy; for assuming a role, its trust policy. */
  readonly resource?: NamedPolicy
  /** What the resource grants beside its policy, where its access control list grants this very action to the caller. */
  readonly accessList?: ListedGrant
}

/** An Allow of an access control list: to the caller as one of everybody (a group), or to its account. */
export interface ListedGrant {
  readonly name: string
  readonly naming: Extract<Naming, 'everyone' | 'account'>
}

export type Layer = 'identity' | 'boundary' | 'session' | 'resource'
export type Outcome = 'allow' | 'explicitDeny' | 'implicitDeny'

/** A statement that applies to the request. */
export interface MatchedStatement {
  readonly layer: Layer
  readonly policy: string
  /** Its place in the policy, from 0. */
  readonly statement: number
  readonly sid?: string
  readonly effect: Effect
}

export interface Decision {
  readonly outcome: Outcome
  /** The statement that settled it: the first Deny, or the Allow that granted. */
  readonly decidedBy?: MatchedStatement
  /** Of an implicit deny: the layer that did not allow. */
  readonly missing?: Layer
  readonly matched: readonly MatchedStatement[]
}

/**
 * Decides a request as AWS documents its policy evaluation logic: an explicit Deny anywhere wins; inside an account an
 * identity or a resource policy allows, within boundary and session policies; across accounts both must. It trusts the
 * request to say truly who asks and which account owns the resource.
 *
 * What a resource policy grants inside the account by the caller's own ARN (a user's, a session's) is not narrowed by
 * what boundary, identity or session policies leave unsaid. What it grants to the caller's role, or to everyone, needs
 * no identity policy, but stays within boundary and session policies. What it grants to the account only delegates to
 * identity policies. Root needs no identity policy in any case. What its access control list grants counts as if its policy
 * granted it.
 */
export function decide(request: AuthorizationRequest, policies: PolicySet): Decision {
  const prepared = prepareRequest(request, policies.boundary !== undefined)
  const { principal } = request
  // Identity policies and boundaries cannot be attached to root; a session policy can limit its session.
  const root = principal.type === 'AWS' && principal.root
  const layers: Layers = {
    identity: examine('identity', root ? [] : policies.identity, prepared),
    boundary: policies.boundary && !root ? examine('boundary', [policies.boundary], prepared) : undefined,
    session: policies.session && examine('session', policies.session, prepared),
    resource: withListed(
      examine('resource', policies.resource ? [policies.resource] : [], prepared),
      policies.accessList,
    ),
  }
  const matched = [layers.identity, layers.boundary, layers.session, layers.resource].flatMap(
    (layer) => layer?.matched ?? [],
  )
  const denied = matched.find(({ effect }) => effect === 'Deny')
  if (denied) return { outcome: 'explicitDeny', decidedBy: denied, matched }
  const { granted, missing } = grant(principal, request.resourceAccount, layers)
  if (missing) return { outcome: 'implicitDeny', missing, matched }
  return granted ? { outcome: 'allow', decidedBy: granted, matched } : { outcome: 'allow', matched }
}

interface Examined {
  readonly matched: readonly MatchedStatement[]
  /** The first Allow; in a resource policy the one that names the caller most closely. */
  readonly allowed?: MatchedStatement
  readonly naming?: Naming
}

interface Layers {
  readonly identity: Examined
  readonly boundary: Examined | undefined
  readonly session: Examined | undefined
  readonly resource: Examined
}

interface Grant {
  readonly granted?: MatchedStatement
  readonly missing?: Layer
}

const NOTHING: Examined = { matched: [] }
const CLOSENESS: readonly Naming[] = ['self', 'role', 'everyone', 'account']

function examine(layer: Layer, policies: readonly NamedPolicy[], request: PreparedRequest): Examined {
  let matched: MatchedStatement[] | undefined
  let allowed: MatchedStatement | undefined
  let naming: Naming | undefined
  for (const { name, policy } of policies) {
    for (const statement of policy.statements) {
      if (unmetPart(statement, request) !== undefined) continue
      const found = describe(layer, name, statement)
      matched ??= []
      matched.push(found)
      if (statement.effect === 'Deny') continue
      const named = namingIn(statement, request)
      if (!allowed || isCloser(named, naming)) {
        allowed = found
        naming = named
      }
    }
  }
  if (!matched) return NOTHING
  return { matched, ...(allowed && { allowed }), ...(naming && { naming }) }
}

function withListed(resource: Examined, listed: ListedGrant | undefined): Examined {
  if (!listed) return resource
  const found: MatchedStatement = { layer: 'resource', policy: listed.name, statement: 0, effect: 'Allow' }
  const matched = [...resource.matched, found]
  const closest = !resource.allowed || isCloser(listed.naming, resource.naming)
  return closest ? { matched, allowed: found, naming: listed.naming } : { ...resource, matched }
}

const isCloser = (one: Naming | undefined, other: Naming | undefined) =>
  one !== undefined && other !== undefined && CLOSENESS.indexOf(one) < CLOSENESS.indexOf(other)

function describe(layer: Layer, policy: string, { index, sid, effect }: Statement): MatchedStatement {
  const found = { layer, policy, statement: index, effect }
  return sid === undefined ? found : { ...found, sid }
}

const isSessionArn = (arn: string) => arn.split(':', 3)[2] === 'sts'

function grant(principal: RequestPrincipal, resourceAccount: string | undefined, layers: Layers): Grant {
  const { identity, boundary, session, resource } = layers
  if (principal.type !== 'AWS') return resource.allowed ? { granted: resource.allowed } : { missing: 'resource' }
  const sameAccount = resourceAccount === undefined || resourceAccount === principal.account
  if (sameAccount && resource.allowed && resource.naming === 'self') {
    // A session that keeps its user's ARN is not what that ARN names: its session policies hold.
    const narrowed = session && !session.allowed && !isSessionArn(principal.arn)
    return narrowed ? { missing: 'session' } : { granted: resource.allowed }
  }
  if (!sameAccount && !resource.allowed) return { missing: 'resource' }
  const ownRight = identity.allowed !== undefined || principal.root
  const byResource = sameAccount && resource.allowed && resource.naming !== 'account'
  if (!ownRight && !byResource) return { missing: 'identity' }
  if (boundary && !boundary.allowed) return { missing: 'boundary' }
  if (session && !session.allowed) return { missing: 'session' }
  const granted = identity.allowed ?? resource.allowed
  return granted ? { granted } : {}
}
