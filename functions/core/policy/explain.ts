import { type Decision, decide, type Layer, type NamedPolicy, type PolicySet } from './decide.ts'
import type { Effect, Statement } from './document.ts'
import { type PreparedRequest, prepareRequest, type StatementPart, unmetPart } from './statement-match.ts'
import type { AuthorizationRequest } from './types.ts'

/** A condition that does not hold, by name only: values may be secrets of another. */
export interface FailedCondition {
  readonly operator: string
  readonly key: string
  /** The request has no such key. */
  readonly keyMissing: boolean
}

/** A statement that does not apply, and why. */
export interface NearMiss {
  readonly layer: Layer
  readonly policy: string
  readonly statement: number
  readonly sid?: string
  readonly effect: Effect
  readonly unmet: StatementPart
  readonly conditions: readonly FailedCondition[]
}

export interface Explanation extends Decision {
  /** The statements that came closest come first. */
  readonly nearMisses: readonly NearMiss[]
  /** Keys that a statement asked for whose action, principal and resource fit, and that the request does not have. */
  readonly missingContextKeys: readonly string[]
}

const PROGRESS: readonly StatementPart[] = ['condition', 'resource', 'principal', 'action']

/** Decides again, and tells of every statement that did not apply which part was not met. Not for the hot path. */
export function explain(request: AuthorizationRequest, policies: PolicySet): Explanation {
  const prepared = prepareRequest(request, policies.boundary !== undefined)
  const layers: readonly (readonly [Layer, readonly NamedPolicy[]])[] = [
    ['identity', policies.identity],
    ['boundary', policies.boundary ? [policies.boundary] : []],
    ['session', policies.session ?? []],
    ['resource', policies.resource ? [policies.resource] : []],
  ]
  const nearMisses = layers
    .flatMap(([layer, named]) => named.flatMap((policy) => missesIn(layer, policy, prepared)))
    .sort((one, other) => PROGRESS.indexOf(one.unmet) - PROGRESS.indexOf(other.unmet))
  const missing = nearMisses.flatMap(({ conditions }) =>
    conditions.filter((one) => one.keyMissing).map(({ key }) => key),
  )
  return { ...decide(request, policies), nearMisses, missingContextKeys: [...new Set(missing)] }
}

function missesIn(layer: Layer, { name, policy }: NamedPolicy, request: PreparedRequest): readonly NearMiss[] {
  return policy.statements.flatMap((statement) => {
    const unmet = unmetPart(statement, request)
    if (unmet === undefined) return []
    const { index, sid, effect } = statement
    const conditions = unmet === 'condition' ? failedConditions(statement, request) : []
    return [{ layer, policy: name, statement: index, ...(sid !== undefined && { sid }), effect, unmet, conditions }]
  })
}

const failedConditions = ({ conditions }: Statement, { context }: PreparedRequest): readonly FailedCondition[] =>
  conditions
    .filter((condition) => !condition.holds(context))
    .map(({ operator, key }) => ({ operator, key, keyMissing: context.get(key) === undefined }))
