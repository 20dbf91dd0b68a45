import type { Template, ValueTest } from '../variables.ts'

export interface CompiledValue {
  readonly test: ValueTest
  /** The policy's text as a template, where it may hold variables. */
  readonly template?: Template
}

/** Operators that read a policy's value alike. */
export interface OperatorFamily {
  /** Compiles a value of the policy; `undefined` when it is not of the operator's type. */
  compile(policyValue: string, options: { readonly variables: boolean }): CompiledValue | undefined
}
