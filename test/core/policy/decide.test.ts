import { describe, expect, it } from 'vitest'
import { decide } from '../../../functions/core/policy/decide.ts'
import { authorizationRequest, caseFiles, type PolicyDocuments, policySet, type RequestFields } from './case-files.ts'

interface DecisionFile {
  readonly about: string
  readonly policies: PolicyDocuments
  readonly request?: RequestFields
  readonly cases: readonly (RequestFields & {
    readonly when: string
    /** Layers of this case, in place of the file's. */
    readonly policies?: PolicyDocuments
    readonly outcome: string
    /** `layer/policy/statement`; `null` where root's own right decides. */
    readonly decidedBy?: string | null
    readonly missing?: string
  })[]
}

describe.each(['evaluation', 'documentation', 'principals', 'patterns', 'trust'])('decides %s', (topic) => {
  describe.each(caseFiles<DecisionFile>(topic))('$name', ({ file }) => {
    it.each(file.cases)('$outcome when $when', ({ when: _, policies, outcome, decidedBy, missing, ...fields }) => {
      const request = authorizationRequest({ ...file.request, ...fields })
      const decision = decide(request, policySet({ ...file.policies, ...policies }))
      const by = decision.decidedBy && `${decision.decidedBy.policy}/${decision.decidedBy.statement}`
      expect({ outcome: decision.outcome, decidedBy: by, missing: decision.missing }).toEqual({
        outcome,
        decidedBy: decidedBy === null || outcome === 'implicitDeny' ? undefined : (decidedBy ?? expect.any(String)),
        missing: missing ?? (outcome === 'implicitDeny' ? expect.any(String) : undefined),
      })
    })
  })
})
