/** What became of one test. */
export interface Outcome {
  /** `test_sts.py::test_get_session_token` */
  readonly test: string
  /** Neither failed nor skipped, its set-up and its end included. */
  readonly passed: boolean
  /** The first line of why not; empty when it passed. */
  readonly reason: string
}

/** Reads the lines of `outcomes_plugin.py`: a test has passed when all its phases have. */
export function readOutcomes(lines: string): readonly Outcome[] {
  const outcomes = new Map<string, Outcome>()
  for (const line of lines.split('\n').filter(Boolean)) {
    const { test: nodeId, outcome, reason } = JSON.parse(line) as Record<'test' | 'outcome' | 'reason', string>
    const test = nodeId.replace(/^.*\//, '')
    const before = outcomes.get(test)
    if (before?.passed === false) continue
    outcomes.set(test, { test, passed: outcome === 'passed', reason: outcome === 'passed' ? '' : reason })
  }
  return [...outcomes.values()]
}
