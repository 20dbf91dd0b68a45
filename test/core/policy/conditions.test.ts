import { describe, expect, it } from 'vitest'
import { decide } from '../../../functions/core/policy/decide.ts'
import { authorizationRequest, caseFiles, policySet } from './case-files.ts'

interface ConditionFile {
  readonly about: string
  readonly key?: string
  readonly version?: string
  readonly effect?: 'Allow' | 'Deny'
  /** Values of other keys, for variables. */
  readonly others?: Readonly<Record<string, string | readonly string[]>>
  /** Operator → rows of [policy's value or values, request's values (null: no such key), holds]. */
  readonly operators: Readonly<Record<string, readonly (readonly [unknown, readonly string[] | null, boolean])[]>>
}

describe.each(caseFiles<ConditionFile>('conditions'))('$name', ({ file }) => {
  const { key = 'test:key', version = '2012-10-17', effect = 'Allow', others = {} } = file
  const rows = Object.entries(file.operators).flatMap(([operator, table]) =>
    table.map(([policyValue, given, holds]) => ({ operator, policyValue, given, holds })),
  )
  it.each(rows)('$operator of $policyValue on $given: $holds', ({ operator, policyValue, given, holds }) => {
    const statement = { Effect: effect, Action: '*', Resource: '*', Condition: { [operator]: { [key]: policyValue } } }
    const context = given === null ? others : { ...others, [key]: given }
    const { outcome } = decide(
      authorizationRequest({ context }),
      policySet({ identity: [{ Version: version, Statement: statement }] }),
    )
    const applies = effect === 'Allow' ? 'allow' : 'explicitDeny'
    expect(outcome).toBe(holds ? applies : 'implicitDeny')
  })
})
