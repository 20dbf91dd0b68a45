import type { Condition } from './conditions/condition.ts'
import type { PrincipalElement } from './principal.ts'
import type { ConditionContext } from './types.ts'

export type PolicyKind = 'identity' | 'boundary' | 'session' | 'resource' | 'trust'
export type PolicyVersion = '2008-10-17' | '2012-10-17'
export type Effect = 'Allow' | 'Deny'

/** A checked and compiled policy. Immutable, so it may be kept for as long as its text stays the same. */
export interface ParsedPolicy {
  readonly kind: PolicyKind
  readonly version: PolicyVersion
  readonly id?: string
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly index: number
  readonly sid?: string
  readonly effect: Effect
  /** Only in resource and trust policies. */
  readonly principal?: PrincipalElement
  readonly action: ActionElement
  /** Absent in trust policies: their resource is the role. */
  readonly resource?: ResourceElement
  readonly conditions: readonly Condition[]
}

/** `Action` or `NotAction`. */
export interface ActionElement {
  readonly negated: boolean
  /** As the policy writes them. */
  readonly patterns: readonly string[]
  /** Takes the action in lower case. */
  covers(foldedAction: string): boolean
}

/** `Resource` or `NotResource`. */
export interface ResourceElement {
  readonly negated: boolean
  readonly patterns: readonly string[]
  /** The keys of the variables in its patterns. */
  readonly variables: readonly string[]
  covers(resource: string, context: ConditionContext): boolean
}
